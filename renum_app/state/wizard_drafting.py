"""The draft that the wizard is about: how it is kept at every change, shown and checked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import ValidationError

from renum_app.models.team import TeamWrite
from renum_app.models.user import CurrentUser
from renum_app.models.values import iso, utc_now
from renum_app.services import team_drafts, teams
from renum_app.state.address import id_in
from renum_app.state.draft import Draft, Problem, blank
from renum_app.state.sentence import Sentence, by_field_of
from renum_app.state.session import signed_in
from renum_app.state.team_graph import Graph, Seated, graph_of
from renum_app.state.team_keys import known_by_id
from renum_app.state.wizard_draft import body_of, drawable, kind_of, members_of
from renum_app.state.wizard_troubles import STEPS, StepTrouble, troubles
from renum_app.state.wizard_view import KnownAgent, MemberRow, VariableRow, limits_of, rows_of, variables_of

LONGEST_TEXT = 4_000


class Drafting(rx.State, mixin=True):
    """What the steps have in common; each step adds its own changes."""

    step: int = 1
    tried: int = 0
    """The furthest step that one wanted to leave; what is wrong beyond it is not said yet."""
    draft_id: str = ""
    saved_at: str = ""
    fills: int = 0
    """Raised when the server fills fields in, which then begin anew."""
    name: str = ""
    description: str = ""
    strategy: str = ""
    members: list[MemberRow] = []
    limits: dict[str, str] = {}
    variables: list[VariableRow] = []
    join: str = "all"
    join_k: str = ""
    graph: Graph = Graph()
    troubles: list[StepTrouble] = []
    """Of every step that is spoken about."""
    prompt: str = ""
    """What the rehearsal is asked."""
    flow_problems: list[Problem] = []
    """What the designer shows at the members it is about."""
    _draft: Draft = {}
    _agents: dict[str, KnownAgent] = {}
    _conditions: dict[str, Any] = {}
    """By step id, what a change of the strategy took away."""
    _wrong: list[StepTrouble] = []
    _is_done: bool = False
    """The team is created: what a field still tells late begins no other draft."""

    @rx.var
    def counts(self) -> list[int]:
        """How many things are wrong, by step."""
        return [sum(trouble.step == step for trouble in self.troubles) for step in range(1, len(STEPS) + 1)]

    @rx.var
    def here(self) -> list[StepTrouble]:
        """What is wrong in this step."""
        return [trouble for trouble in self.troubles if trouble.step == self.step]

    @rx.var
    def problems(self) -> dict[str, Sentence]:
        """By control."""
        return {trouble.target: trouble.sentence for trouble in self.troubles}

    @rx.var
    def cap_usd(self) -> float:
        """What an execution may cost; 0 where it is no amount."""
        cap = self._draft.get("team_config", {}).get("max_cost_usd")
        return float(cap) if isinstance(cap, int | float) else 0.0

    @rx.var
    def one_failure_rule(self) -> str:
        """What a failure does, where it is the same for all."""
        rules = {row.on_failure for row in self.members}
        return rules.pop() if len(rules) == 1 else ""

    async def _change(self, draft: Draft) -> None:
        """Another draft: it is shown, checked, and kept."""
        user = await signed_in(self)
        if draft == self._draft:
            return  # a field that was left as it was
        await self._take(user, draft)
        await self._keep(user)

    async def _take(self, user: CurrentUser, draft: Draft) -> None:
        self._draft = draft
        new = {each["agent_id"] for each in members_of(draft)} - self._agents.keys()
        if new:
            self._agents = {**self._agents, **await known_by_id(user, new)}
        self._show()
        await self._check(user)

    async def _fill(self, user: CurrentUser, draft: Draft) -> None:
        """A draft that did not come from the fields, which begin anew."""
        self.fills += 1
        await self._take(user, {**blank(), **draft})

    async def _keep(self, user: CurrentUser) -> None:
        is_untouched = not self.draft_id and self._draft == blank()
        if self._is_done or is_untouched:
            return
        content = {"draft": self._draft, "conditions": self._conditions, "prompt": self.prompt, "tried": self.tried}
        kept = await team_drafts.save(
            user, id_in(self.draft_id), name=self._draft["name"].strip(), step=self.step, content=content
        )
        self.draft_id, self.saved_at = str(kept.draft_id), iso(utc_now())

    async def _resume(self, user: CurrentUser, draft_id: UUID) -> None:
        """Take up a draft where it was left; raises NotFound where there is none."""
        kept = await team_drafts.get(user, draft_id)
        self.draft_id, self.saved_at = str(kept.draft_id), iso(kept.updated_at)
        self.step = min(max(kept.step, 1), len(STEPS))
        self.prompt, self.tried = kept.content.get("prompt", ""), kept.content.get("tried", 0)
        self._conditions = kept.content.get("conditions", {})
        await self._fill(user, kept.content.get("draft", {}))

    async def _check(self, user: CurrentUser) -> TeamWrite | None:
        """The team, where nothing is wrong with it."""
        body = None
        try:
            body = body_of(self._draft)
        except ValidationError as error:
            problems = by_field_of(error)
        else:
            problems = {each.field: Sentence.of_problem(each) for each in reversed(await teams.check(user, body))}
        names = {row.step_id: row.name for row in self.members}
        self._wrong = troubles(problems, self._draft["workflow_definition"]["agents"], names)
        self.flow_problems = [
            Problem(path, each) for path, each in problems.items() if path.startswith("workflow_definition.agents.")
        ]
        self._tell()
        return None if self._wrong else body

    def _tell(self) -> None:
        self.troubles = [trouble for trouble in self._wrong if trouble.step <= self.tried]

    def _show(self) -> None:
        draft, config = self._draft, self._draft["team_config"]
        self.name, self.description = draft["name"], draft.get("description") or ""
        self.strategy, self.members = kind_of(draft), rows_of(draft, self._agents)
        self.limits, self.variables = limits_of(draft), variables_of(draft)
        self.join, self.join_k = config.get("join") or "all", str(config.get("join_k") or "")
        seated: dict[str, Seated] = dict(self._agents)
        self.graph = graph_of(drawable(draft), seated) if self.members else Graph()
