"""What a user can do: one function is one use case."""
