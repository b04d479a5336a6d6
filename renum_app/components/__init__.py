"""How things look; functions of Vars and values."""
