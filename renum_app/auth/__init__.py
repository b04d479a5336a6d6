"""Who is asking: passwords, tokens, identity providers."""
