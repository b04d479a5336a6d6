"""The form that starts an execution, in one tab."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import reflex as rx

from renum_app.errors import NotFound, RenumError
from renum_app.models.agent import AgentRead, Backend
from renum_app.models.team import TeamRead
from renum_app.models.user import CurrentUser
from renum_app.models.workflow import Member
from renum_app.services import agents, credentials, executions, teams
from renum_app.state.address import id_in, id_in_path
from renum_app.state.execute_request import request_of
from renum_app.state.sentence import Sentence, by_field
from renum_app.state.session import signed_in

_MOST_VARIABLES = 50


@dataclass(frozen=True)
class MemberRow:
    """Who takes part, and what would keep them from it."""

    step_id: str
    order: int
    name: str
    role: str
    model: str
    trouble: str
    """`""`, `no_key` or `gone`."""
    service: str


@dataclass(frozen=True)
class VariableRow:
    """A line of the form; `number` names its inputs."""

    number: int
    name: str = ""
    value: str = ""


class ExecuteForm(rx.State):
    shown_id: str = ""
    is_loaded: bool = False
    is_missing: bool = False
    is_sending: bool = False
    team_name: str = ""
    is_rehearsal_only: bool = False
    is_rehearsal: bool = False
    members: list[MemberRow] = []
    prompt: str = ""
    """What the form begins with."""
    cap: str = ""
    timeout: str = ""
    variables: list[VariableRow] = []
    problems: dict[str, Sentence] = {}
    _next_number: int = 0

    @rx.var
    def lacks_keys(self) -> bool:
        return any(member.trouble == "no_key" for member in self.members)

    @rx.event
    async def load(self) -> None:
        """Show the team the address names, and the earlier execution it may begin from."""
        user = await signed_in(self)
        self.reset()
        team_id = id_in_path(self.router.url.path, after="teams")
        try:
            team = await teams.get(user, team_id) if team_id else None
        except NotFound:
            team = None
        if team is None:
            self.is_missing = True
            return
        await self._show(user, team)
        await self._begin_from(user, self.router.url.query_parameters.get("from", ""))
        self.is_loaded = True

    @rx.event
    def add_variable(self) -> None:
        if len(self.variables) < _MOST_VARIABLES:
            self._add_variable("", "")

    @rx.event
    def remove_variable(self, number: int) -> None:
        self.variables = [row for row in self.variables if row.number != number]

    @rx.event
    def set_rehearsal(self, is_on: bool) -> None:
        self.is_rehearsal = is_on is True

    @rx.event
    async def run(self, form: dict[str, Any]) -> Any:
        """Start the execution and go and watch it; what is wrong is said at its field."""
        user = await signed_in(self)
        request, self.problems = request_of({str(name): str(value) for name, value in form.items()})
        team_id = id_in(self.shown_id)
        if request is None or team_id is None:
            return
        self.is_sending = True
        yield
        try:
            execution = await executions.start(user, team_id, request)
        except RenumError as error:
            self.problems = _at_known_fields(by_field(error))
        else:
            yield rx.redirect(f"/executions/{execution.execution_id}")
        finally:
            self.is_sending = False

    async def _show(self, user: CurrentUser, team: TeamRead) -> None:
        stored = {credential.service_name for credential in await credentials.list_credentials(user)}
        rows, backends = [], set()
        for member in sorted(team.workflow_definition.agents, key=lambda member: member.execution_order):
            agent = await _agent_of(user, member)
            rows.append(_member_row(member, agent, stored))
            backends.add(agent.backend if agent else None)
        self.shown_id, self.team_name, self.members = str(team.team_id), team.name, rows
        self.is_rehearsal_only = backends == {Backend.REHEARSAL}
        config = team.team_config
        self.cap, self.timeout = _plain(config.max_cost_usd), _plain(config.timeout)

    async def _begin_from(self, user: CurrentUser, execution_id: str) -> None:
        before_id = id_in(execution_id)
        if before_id is None:
            return
        try:
            before = await executions.get(user, before_id)
        except NotFound:
            return
        self.prompt = before.initial_prompt
        self.cap = _plain(before.overrides.max_cost_usd) or self.cap
        self.timeout = _plain(before.overrides.timeout) or self.timeout
        self.is_rehearsal = before.overrides.rehearsal
        for name, value in list(before.variables.items())[:_MOST_VARIABLES]:
            self._add_variable(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))

    def _add_variable(self, name: str, value: str) -> None:
        self._next_number += 1
        self.variables = [*self.variables, VariableRow(self._next_number, name, value)]


async def _agent_of(user: CurrentUser, member: Member) -> AgentRead | None:
    try:
        return await agents.get(user, member.agent_id)
    except NotFound:
        return None


def _member_row(member: Member, agent: AgentRead | None, stored: set[str]) -> MemberRow:
    service = agent.model.split(":", 1)[0] if agent and agent.backend is Backend.LOCAL else ""
    trouble = "gone" if agent is None or agent.is_missing else "no_key" if service and service not in stored else ""
    return MemberRow(
        step_id=member.id,
        order=member.execution_order,
        name=member.name or (agent.name if agent else member.agent_id),
        role=member.role.value,
        model=agent.model if agent else "",
        trouble=trouble,
        service=service,
    )


_FIELDS = ("initial_prompt", "variables", "max_cost_usd", "timeout")


def _at_known_fields(problems: dict[str, Sentence]) -> dict[str, Sentence]:
    """Problems at the form's own fields; what belongs to none of them stands above the form."""
    placed: dict[str, Sentence] = {}
    for path, sentence in problems.items():
        field = next((name for name in _FIELDS if name in path.split(".")), "")
        placed.setdefault(field, sentence)
    return placed


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
