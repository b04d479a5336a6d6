"""What a tab knows of the execution it shows: whose it is, and how to stop it.

Status, steps, text and figures are not here: they come over the monitor WebSocket into one store in the
browser, so that no two parts of the page can tell different stories.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

import reflex as rx

from renum_app.errors import NotFound
from renum_app.models.agent import Backend
from renum_app.models.execution_read import ExecutionRead
from renum_app.models.team import TeamRead
from renum_app.models.values import iso
from renum_app.services import backends, executions, teams
from renum_app.state.address import id_in, id_in_path
from renum_app.state.notices import tell
from renum_app.state.session import signed_in, tab_of

_LONGEST_PROMPT = 2_000
"""Characters of the prompt a page is sent; the rest is not shown."""


@dataclass(frozen=True)
class Child:
    """An execution that redoes the shown one."""

    execution_id: str
    kind: str
    created_at: str


@dataclass(frozen=True)
class Lineage:
    """Where an execution came from, and what came of it; `kind` is empty for one that redoes nothing."""

    kind: str = ""
    parent_id: str = ""
    from_step: str = ""
    changed: list[str] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)


@dataclass(frozen=True)
class WireRow:
    """A member's place in the graph."""

    step_id: str
    column: int
    reads: list[str]
    is_conditional: bool


class ExecutionPage(rx.State):
    shown_id: str = ""
    """The execution the facts below are of; empty while loading."""
    is_missing: bool = False
    team_name: str = ""
    team_url: str = ""
    prompt: str = ""
    strategy: str = ""
    wires: list[WireRow] = []
    is_rehearsal: bool = False
    members: int = 3
    cap_usd: float = 0.0
    cap_tokens: int = 0
    """0 where there is none."""
    version: int = 0
    """Of the team, that the execution pinned."""
    current_version: int = 0
    lineage: Lineage = Lineage()
    again_url: str = ""
    lives_elsewhere: bool = False
    """Agents of it live at a server of their own."""
    is_away: bool = False
    """Nobody answers there while the execution waits for it."""

    @rx.event
    async def load(self) -> None:
        """Learn whose execution the address names."""
        user = await signed_in(self)
        wanted = id_in_path(self.router.url.path, after="executions")
        self._forget(str(wanted or ""))
        try:
            if wanted is None:
                raise NotFound
            execution = await executions.get(user, wanted)
        except NotFound:
            self.is_missing = True
            return
        self._show(execution)
        try:
            self._show_team(await teams.get(user, execution.team_id))
        except NotFound:
            self.current_version = self.version  # its team is archived; what it did stays readable

    @rx.event(background=True)
    async def look_around(self) -> None:
        """Learn whether somebody answers where the agents live."""
        user, wanted = await signed_in(self), id_in(self.shown_id)
        if wanted is None or not self.lives_elsewhere:
            return
        is_away = await backends.away_from(user, wanted)
        async with tab_of(self, user):
            if self.shown_id == str(wanted):
                self.is_away = is_away

    @rx.event
    async def stop(self) -> None:
        """Ask the engine to stop what the page shows."""
        user = await signed_in(self)
        wanted = id_in(self.shown_id)
        if wanted is None:
            return
        await executions.stop(user, wanted)
        await tell(self, "executions.page.stop_sent", "info")

    def _forget(self, execution_id: str) -> None:
        if execution_id != self.shown_id:
            self.reset()
        self.is_missing = False

    def _show(self, execution: ExecutionRead) -> None:
        self.shown_id = str(execution.execution_id)
        self.team_name, self.team_url = execution.team_name, f"/teams/{execution.team_id}"
        self.prompt = execution.initial_prompt[:_LONGEST_PROMPT]
        self.strategy, self.is_rehearsal = execution.workflow_type, execution.rehearsal
        self.members = len(execution.steps)
        self.lives_elsewhere = any(step.backend == Backend.SUNA for step in execution.steps)
        self.wires = [WireRow(**wire.model_dump()) for wire in execution.wiring]
        self.cap_usd = execution.overrides.max_cost_usd or 0.0
        self.cap_tokens = execution.overrides.max_tokens or 0
        self.version, self.lineage = execution.version, _lineage(execution)
        self.again_url = f"{self.team_url}/execute?{urlencode({'from': str(execution.execution_id)})}"

    def _show_team(self, team: TeamRead) -> None:
        self.current_version = team.version
        self.cap_usd = self.cap_usd or team.team_config.max_cost_usd or 0.0
        self.cap_tokens = self.cap_tokens or team.team_config.max_tokens or 0


def _lineage(execution: ExecutionRead) -> Lineage:
    children = [Child(str(each.execution_id), each.kind.value, iso(each.created_at)) for each in execution.children]
    if execution.redo is None:
        return Lineage(children=children)
    return Lineage(
        kind=execution.redo.kind.value,
        parent_id=str(execution.parent_execution_id),
        from_step=execution.redo.from_step or "",
        changed=execution.redo.changed,
        children=children,
    )
