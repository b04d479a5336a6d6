"""Who can run an agent: one protocol, and a package per backend."""
