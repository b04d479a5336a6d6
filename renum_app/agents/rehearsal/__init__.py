"""Scripted agents: no key, no network, no cost, and labelled as what they are."""

from renum_app.agents.rehearsal.backend import RehearsalBackend

__all__ = ["RehearsalBackend"]
