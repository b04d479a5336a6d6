"""How agents look."""
