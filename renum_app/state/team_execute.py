"""The form that starts an execution, in one tab."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import reflex as rx
from pydantic import ValidationError

from renum_app.errors import NotFound, RenumError
from renum_app.models.agent import Backend
from renum_app.models.credential import CredentialWrite
from renum_app.models.team import TeamRead
from renum_app.models.user import CurrentUser
from renum_app.services import credentials, executions, teams
from renum_app.state.address import id_in, id_in_path
from renum_app.state.execute_members import MemberRow, member_rows
from renum_app.state.execute_request import at_known_fields, request_of
from renum_app.state.notices import tell, tell_error
from renum_app.state.sentence import Sentence, by_field
from renum_app.state.session import signed_in

_MOST_VARIABLES = 50
_PAST = 20
"""Executions whose prompts are offered again."""


@dataclass(frozen=True)
class VariableRow:
    """A line of the form; `number` names its inputs."""

    number: int
    name: str = ""
    value: str = ""
    hint: str = ""
    """What to give, where the team says so."""
    is_declared: bool = False
    """The team asks for it: its name stands."""


class ExecuteForm(rx.State):
    shown_id: str = ""
    fills: int = 0
    """Raised when another team is shown: its fields begin anew, none keeps what the last one had."""
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
    tokens: str = ""
    timeout: str = ""
    past: list[str] = []
    """What this team was asked before, the last one first."""
    variables: list[VariableRow] = []
    problems: dict[str, Sentence] = {}
    _next_number: int = 0

    @rx.var
    def lacks_keys(self) -> bool:
        return any(member.trouble == "no_key" for member in self.members)

    @rx.var
    def lacking(self) -> list[str]:
        """Whose keys are missing."""
        return sorted({member.service for member in self.members if member.trouble == "no_key"})

    @rx.var
    def is_broken(self) -> bool:
        """An agent of it is gone."""
        return any(member.trouble == "gone" for member in self.members)

    @rx.event
    async def load(self) -> None:
        """Show the team the address names, and the earlier execution it may begin from."""
        user, fills = await signed_in(self), self.fills
        self.reset()
        self.fills = fills + 1
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
    async def add_key(self, form: dict[str, Any]) -> None:
        """Store a key that a member lacks; the form goes on as it was."""
        user, team_id = await signed_in(self), id_in(self.shown_id)
        try:
            body = CredentialWrite(service_name=str(form.get("service_name", "")), api_key=str(form.get("api_key", "")))
            await credentials.put(user, body)
        except ValidationError:
            await tell(self, "executions.form.key_invalid", "error")
        except RenumError as error:
            await tell_error(self, error)
        else:
            if team_id:
                self.members = await member_rows(user, await teams.get(user, team_id))
            await tell(self, "executions.form.key_stored", service=body.service_name)

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
            self.problems = at_known_fields(by_field(error))
        else:
            yield rx.redirect(f"/executions/{execution.execution_id}")
        finally:
            self.is_sending = False

    async def _show(self, user: CurrentUser, team: TeamRead) -> None:
        self.shown_id, self.team_name = str(team.team_id), team.name
        self.members = await member_rows(user, team)
        self.is_rehearsal_only = {row.backend for row in self.members} == {Backend.REHEARSAL.value}
        config = team.team_config
        self.cap, self.timeout = _plain(config.max_cost_usd), _plain(config.timeout)
        self.tokens = str(config.max_tokens or "")
        for each in config.variables:
            default = each.default if isinstance(each.default, str) else _json(each.default)
            self._add_variable(each.name, default, hint=each.description, is_declared=True)
        last = await executions.list_executions(user, team_id=team.team_id, limit=_PAST)
        self.past = list(dict.fromkeys(run.initial_prompt for run in last.items))

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
        self.tokens = str(before.overrides.max_tokens or self.tokens)
        for name, value in list(before.variables.items())[:_MOST_VARIABLES]:
            self._put_variable(name, value if isinstance(value, str) else _json(value))

    def _put_variable(self, name: str, value: str) -> None:
        """At the line that asks for it; else at a new one."""
        if any(row.name == name for row in self.variables):
            self.variables = [replace(row, value=value) if row.name == name else row for row in self.variables]
        else:
            self._add_variable(name, value)

    def _add_variable(self, name: str, value: str, *, hint: str = "", is_declared: bool = False) -> None:
        self._next_number += 1
        row = VariableRow(self._next_number, name, value, hint, is_declared=is_declared)
        self.variables = [*self.variables, row]


def _json(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
