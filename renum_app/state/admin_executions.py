"""Everybody's executions in an administrator's tab, without what is in them, unless one is opened for a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import reflex as rx
from pydantic import ValidationError
from reflex.event import EventSpec

from renum_app.errors import NotFound, RenumError
from renum_app.models.admin import ForeignExecution, OpenRequest
from renum_app.models.execution import ExecutionStatus
from renum_app.models.user import CurrentUser
from renum_app.models.values import iso
from renum_app.services import oversight
from renum_app.state.address import id_in
from renum_app.state.listing import Listing
from renum_app.state.sentence import Sentence, problems_of
from renum_app.state.session import signed_in

_LIMIT = 20
_STATUSES = tuple(status.value for status in ExecutionStatus)


@dataclass(frozen=True)
class ForeignRow:
    execution_id: str
    owner: str
    team_name: str
    status: str
    stopping: bool
    done: int
    total: int
    cost_usd: float | None
    tokens: int
    created_at: str


@dataclass(frozen=True)
class OpenedView:
    """What is in an execution that was opened."""

    execution_id: str = ""
    prompt: str = ""
    result: str = ""
    error: str = ""


class AdminExecutions(Listing, rx.State):
    rows: list[ForeignRow] = []
    status: str = ""
    asked_id: str = ""
    """The execution that a reason is asked for."""
    opened: OpenedView = OpenedView()
    problems: dict[str, Sentence] = {}
    _PATH: ClassVar[str] = "/admin/executions"

    @rx.event
    def choose_status(self, status: str) -> EventSpec:
        return self._go(status=status if status in _STATUSES else "")

    @rx.event
    def ask(self, execution_id: str) -> None:
        self.asked_id, self.opened, self.problems = str(execution_id), OpenedView(), {}

    @rx.event
    async def open(self, form: dict[str, Any]) -> None:
        """Look into the execution that was asked about, for the reason that was given."""
        user = await signed_in(self)
        self.opened, self.problems = OpenedView(), {}
        if (execution_id := id_in(self.asked_id)) is None:
            raise NotFound
        try:
            body = OpenRequest.model_validate({"reason": form.get("reason") if isinstance(form, dict) else None})
            found = await oversight.open_execution(user, execution_id, body)
        except (ValidationError, RenumError) as error:
            self.problems = problems_of(error)
            return
        result = str((found.final_result or {}).get("summary") or "")
        self.opened = OpenedView(self.asked_id, found.initial_prompt, result, found.error_message or "")

    def _narrow(self, asked: Mapping[str, str]) -> None:
        self.status = asked.get("status", "") if asked.get("status") in _STATUSES else ""

    def _narrowed(self) -> dict[str, str]:
        return {"status": self.status}

    async def _show(self, user: CurrentUser) -> None:
        self.rows, self.opened = [], OpenedView()
        status = ExecutionStatus(self.status) if self.status else None
        found = await oversight.list_executions(user, status=status, search=self.search, page=self.page, limit=_LIMIT)
        self.rows = [_row(each) for each in found.items]
        self.total, self.pages = found.total, max(found.pages, 1)


def _row(execution: ForeignExecution) -> ForeignRow:
    return ForeignRow(
        execution_id=str(execution.execution_id),
        owner=execution.owner,
        team_name=execution.team_name,
        status="waiting" if execution.waiting_for else execution.status.value,
        stopping=execution.stopping,
        done=execution.current_step,
        total=execution.total_steps,
        cost_usd=execution.cost_usd,
        tokens=execution.total_tokens,
        created_at=iso(execution.created_at),
    )
