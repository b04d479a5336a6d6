"""Agents that live at a Suna server: a client right against every generation that a self-hoster can be running."""

from renum_app.agents.suna.backend import SunaBackend

__all__ = ["SunaBackend"]
