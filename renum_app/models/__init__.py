"""Nouns: tables, the shapes that enter and leave, enums and value types; no I/O."""
