"""Renum: teams of AI agents that one can watch, stop, redo and account for."""

__version__ = "0.1.0"
