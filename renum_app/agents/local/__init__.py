"""Agents that run here, on the user's own keys: any provider pydantic-ai knows, or any OpenAI-compatible URL."""

from renum_app.agents.local.backend import LocalBackend
from renum_app.agents.local.probe import probe

__all__ = ["LocalBackend", "probe"]
