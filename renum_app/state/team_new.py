"""The form of one team in one tab, new or known; nothing typed is lost when the server refuses it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import reflex as rx
from pydantic import ValidationError
from reflex.event import EventSpec

from renum_app.errors import NotFound, RenumError
from renum_app.models.team import TeamRead
from renum_app.models.workflow import Join, Member, WorkflowDefinition, WorkflowType
from renum_app.services import agents, teams
from renum_app.state.address import id_in, id_in_path
from renum_app.state.notices import tell
from renum_app.state.sentence import Sentence, problems_of
from renum_app.state.session import signed_in
from renum_app.state.team_agents import seated_in
from renum_app.state.team_body import LIMITS, member_bodies, team_body
from renum_app.state.team_graph import Graph, Seated, graph_of
from renum_app.state.team_seating import LONGEST_TEXT, Seating
from renum_app.state.team_seats import TYPED_FIELDS, seats_of
from renum_app.state.team_troubles import troubles

STRATEGIES = tuple(kind.value for kind in WorkflowType)
JOINS = tuple(join.value for join in Join)


class TeamForm(Seating, rx.State):
    is_loaded: bool = False
    is_missing: bool = False
    editing: str = ""
    """Id of the team shown; empty for a new one."""
    version: int = 0
    name: str = ""
    description: str = ""
    strategy: str = WorkflowType.SEQUENTIAL
    limits: dict[str, str] = {}
    join: str = Join.ALL
    join_k: str = ""
    has_agents: bool = True
    _kept: dict[str, Any] = {}
    """What the form does not show, so that saving does not lose it."""
    _then_run: bool = False

    @rx.var
    def graph(self) -> Graph:
        """The picture of what is filled in so far."""
        if not self.seats:
            return Graph()
        kept = self._kept.get("members", {})
        workflow = _drawable(self.strategy, member_bodies(self.seats, self.strategy, kept))
        seated = {
            seat.agent_id: Seated(seat.agent_name, seat.model, seat.backend, seat.is_missing) for seat in self.seats
        }
        return graph_of(workflow, seated)

    @rx.event
    async def load_new(self) -> AsyncIterator[None]:
        """An empty form."""
        user = await signed_in(self)
        self.reset()
        yield
        self.limits = dict.fromkeys(LIMITS, "")
        await self._find_agents("")
        self.has_agents = bool((await agents.list_agents(user, limit=1)).total)
        self.is_loaded = True

    @rx.event
    async def load(self) -> AsyncIterator[None]:
        """The team that the address names."""
        user = await signed_in(self)
        wanted = id_in_path(self.router.url.path, after="teams")
        self.reset()
        yield
        try:
            if wanted is None:
                raise NotFound
            team = await teams.get(user, wanted)
        except NotFound:
            self.is_missing = True
            return
        self._show(team, await seated_in(user, [team]))
        await self._find_agents("")
        self.is_loaded = True

    @rx.event
    async def choose_strategy(self, strategy: str) -> None:
        await signed_in(self)
        self.strategy = strategy if strategy in STRATEGIES else self.strategy

    @rx.event
    async def choose_join(self, join: str) -> None:
        await signed_in(self)
        self.join = join if join in JOINS else self.join

    @rx.event
    async def plan_to(self, what: str) -> None:
        """What follows a successful save: the run, or a look at the team."""
        await signed_in(self)
        self._then_run = what == "run"

    @rx.event
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Store what was filled in, or say by field what is wrong with it."""
        user = await signed_in(self)
        self._take(form if isinstance(form, dict) else {})
        self.problems, self.troubles = {}, []
        words = {"name": self.name, "description": self.description, "strategy": self.strategy}
        try:
            body = team_body(words, self.seats, self.limits, kept=self._kept, join=(self.join, self.join_k))
            team_id = id_in(self.editing)
            saved = await (
                teams.update(user, team_id, body, if_match=self.version) if team_id else teams.create(user, body)
            )
        except (ValidationError, RenumError) as error:
            self._refuse(problems_of(error))
            return None
        await tell(self, "teams.saved", name=saved.name)
        return rx.redirect(f"/teams/{saved.team_id}/execute" if self._then_run else f"/teams/{saved.team_id}")

    def _refuse(self, problems: dict[str, Sentence]) -> None:
        if not self.seats:
            problems = {path: each for path, each in problems.items() if not path.startswith("workflow_definition")}
            problems["workflow_definition.agents"] = Sentence("teams.no_members")
        self.troubles = troubles(problems, self.seats)
        self.problems = {trouble.target: trouble.sentence for trouble in self.troubles}

    def _take(self, form: dict[str, Any]) -> None:
        """What is typed in the page now, also in the field that still has the cursor."""
        typed = {name: text[:LONGEST_TEXT] for name, text in form.items() if isinstance(text, str)}
        self.name, self.description = typed.get("name", self.name), typed.get("description", self.description)
        self.join_k = typed.get("join_k", self.join_k)
        self.limits = {name: typed.get(name, self.limits.get(name, "")) for name in LIMITS}
        for field in TYPED_FIELDS:
            self.seats = [
                replace(seat, **{field: typed.get(f"{field}-{seat.key}", getattr(seat, field))}) for seat in self.seats
            ]

    def _show(self, team: TeamRead, seated: dict[str, Seated]) -> None:
        self.editing, self.version = str(team.team_id), team.version
        self.name, self.description = team.name, team.description or ""
        self.strategy = team.workflow_definition.type.value
        self.seats = seats_of(team, seated)
        config = team.team_config.model_dump(mode="json")
        self.limits = {name: "" if config[name] is None else f"{config[name]:g}" for name in LIMITS}
        self.limits["max_tokens"] = str(config["max_tokens"] or "")
        self.join, self.join_k = config["join"], str(config["join_k"] or "")
        members = {member.id: member.model_dump(mode="json") for member in team.workflow_definition.agents}
        self._kept = {"members": members, "team_config": config, "is_active": team.is_active}


def _drawable(strategy: str, bodies: list[dict[str, Any]]) -> WorkflowDefinition:
    """The workflow as far as a picture needs it, whatever is half typed in the rest."""
    members = []
    for body in bodies:
        shown = {
            name: body[name]
            for name in ("agent_id", "step_id", "role", "execution_order", "input", "requires_approval")
        }
        name = (body["name"] or "")[:200] or None
        members.append(Member.model_validate({**shown, "name": name, "conditions": _drawable_conditions(body)}))
    return WorkflowDefinition.model_construct(type=WorkflowType(strategy), agents=members)


def _drawable_conditions(body: dict[str, Any]) -> list[dict[str, Any]] | None:
    return [{**each, "field": each["field"][:200]} for each in body["conditions"] or []][:10] or None
