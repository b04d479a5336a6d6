"""The wizard's first steps: what the team is called, a template to begin with, who sits in it and in which order."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.models.user import CurrentUser
from renum_app.services import agents, team_templates
from renum_app.state.draft import Draft, SeatableAgent, seatable
from renum_app.state.notices import tell
from renum_app.state.session import language, signed_in
from renum_app.state.team_keys import known, stored_services
from renum_app.state.teams import STRATEGIES
from renum_app.state.wizard_draft import (
    conditions_by_step,
    id_of,
    is_drawn,
    kind_of,
    members_of,
    moved,
    retyped,
    with_agent,
    without,
)
from renum_app.state.wizard_drafting import LONGEST_TEXT, Drafting
from renum_app.state.wizard_view import KnownAgent

_MOST_CHOICES = 50
_WORDS = ("name", "description")


class SeatingSteps(Drafting, mixin=True):
    choices: list[KnownAgent] = []
    """Agents that can be given a seat."""
    has_agents: bool = True
    flow: Draft = {}
    """What the designer begins with; afterwards it tells what became of it."""
    flow_revision: int = 0
    seatable: list[SeatableAgent] = []

    @rx.event
    async def set_words(self, field: str, text: str) -> None:
        """The name or the description, as it is typed."""
        await signed_in(self)
        if field in _WORDS:
            given = str(text)[:LONGEST_TEXT]
            await self._change({**self._draft, field: given if given or field == "name" else None})

    @rx.event
    async def use_template(self, key: str) -> None:
        """Begin with one of the templates; what was filled in before gives way."""
        await self._cast(await signed_in(self), str(key)[:50])
        await self._find("")

    async def _cast(self, user: CurrentUser, key: str) -> None:
        body = await team_templates.cast(user, key, locale=language(self))
        self._conditions = {}
        await self._fill(user, body.model_dump(mode="json", exclude={"agent_ids", "user_api_keys", "is_active"}))
        await self._keep(user)

    @rx.event
    async def find_agents(self, words: str) -> None:
        """Agents to pick from, by what was typed."""
        await self._find(str(words).strip()[:200])

    @rx.event
    async def add_agent(self, agent_id: str) -> None:
        """Give an agent a seat."""
        agent = await agents.get(await signed_in(self), str(agent_id)[:200])
        await self._change(with_agent(self._draft, agent.agent_id))

    @rx.event
    async def remove_member(self, step_id: str) -> None:
        await signed_in(self)
        await self._change(without(self._draft, str(step_id)))

    @rx.event
    async def move_member(self, step_id: str, to: int) -> None:
        """To another place of the order, from 0."""
        await signed_in(self)
        if isinstance(to, int):
            await self._change(moved(self._draft, str(step_id), to))

    @rx.event
    async def choose_strategy(self, kind: str) -> None:
        """Another way to work; conditions come back with the strategy that has them."""
        await signed_in(self)
        if kind not in STRATEGIES or kind == kind_of(self._draft):
            return
        self._conditions = {**self._conditions, **conditions_by_step(self._draft)}
        before = len(conditions_by_step(self._draft))
        await self._change(retyped(self._draft, kind, self._conditions))
        self.flow, self.flow_revision = self._draft, self.flow_revision + 1
        if before and kind != "conditional":
            await tell(self, "teams.wizard.conditions_kept", "info", n=before)

    @rx.event
    async def take_flow(self, draft: dict[str, Any]) -> None:
        """What the designer made of the workflow."""
        await signed_in(self)
        if not is_drawn(draft):
            return
        config = draft.get("team_config") or {}
        joins = {name: config.get(name) for name in ("join", "join_k") if config.get(name)}
        kept = {name: each for name, each in self._draft["team_config"].items() if name not in ("join", "join_k")}
        workflow = draft["workflow_definition"]
        await self._change({**self._draft, "workflow_definition": workflow, "team_config": {**kept, **joins}})

    async def _open_flow(self, user: CurrentUser) -> None:
        """The designer begins with the workflow as it is."""
        self.flow, self.flow_revision = self._draft, self.flow_revision + 1
        self.seatable = await seatable(user, {each["agent_id"] for each in members_of(self._draft)})

    async def _find(self, words: str) -> None:
        user = await signed_in(self)
        stored = await stored_services(user)
        found = await agents.list_agents(user, limit=_MOST_CHOICES, search=words)
        self.choices = [known(agent, stored) for agent in found.items]
        self.has_agents = bool(words or found.total)
        seated = {id_of(each): each["agent_id"] for each in members_of(self._draft)}
        self._agents = {**self._agents, **{each.agent_id: each for each in self.choices if each.agent_id in seated}}
