"""Agents that live at a Suna server: a client right against every generation that a self-hoster can be running."""

from renum_app.agents.suna.backend import SunaBackend
from renum_app.agents.suna.catalogue import SunaCatalogue

__all__ = ["SunaBackend", "SunaCatalogue"]
