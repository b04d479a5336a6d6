"""How an agent names its model: `service:model`."""

from __future__ import annotations

from dataclasses import dataclass

from renum_app.agents.backend import AgentFailed
from renum_app.models.agent import AgentSnapshot


@dataclass(frozen=True, slots=True)
class ModelName:
    """The name of the stored credential, and the model as its provider names it, colons and slashes included."""

    service: str
    model: str


def model_name_of(agent: AgentSnapshot) -> ModelName:
    """The agent's model.

    Raises:
        AgentFailed: It names no model, or not whose.
    """
    if not agent.model.strip():
        raise AgentFailed("model_missing", agent=agent.name)
    service, _, model = (word.strip() for word in agent.model.partition(":"))
    if not service or not model:
        raise AgentFailed("model_without_service", agent=agent.name, model=agent.model.strip())
    return ModelName(service=service, model=model)
