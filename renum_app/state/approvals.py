"""Decisions that wait for the person: the inbox, and the answers given in it and on the execution page."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx
from pydantic import ValidationError

from renum_app.errors import Conflict, NotFound, RenumError
from renum_app.models.approval import ApprovalRead, Decision
from renum_app.models.user import CurrentUser
from renum_app.models.values import iso
from renum_app.services import approvals
from renum_app.state.address import id_in
from renum_app.state.notices import tell, tell_error
from renum_app.state.sentence import Sentence, failure_of, problems_of
from renum_app.state.session import count_again, signed_in

_MOST = 100


@dataclass(frozen=True)
class ApprovalRow:
    """One open approval, as its card shows it."""

    approval_id: str
    execution_id: str
    team_name: str
    agent_name: str
    moment: str
    text: str
    deadline: str
    """Empty where it waits for ever."""
    on_deadline: str
    created_at: str


class Approvals(rx.State):
    is_loaded: bool = False
    failure: Sentence = Sentence()
    rows: list[ApprovalRow] = []
    """The nearest deadline first."""
    refusals: dict[str, Sentence] = {}
    """Why a decision was not taken, by approval."""

    @rx.event
    async def load(self) -> None:
        """Everything that waits."""
        user = await signed_in(self)
        self.failure, self.refusals = Sentence(), {}
        try:
            await self._load(user)
        except RenumError as error:
            self.failure = failure_of(error)
        self.is_loaded = True

    @rx.event
    async def refresh(self) -> None:
        await self._load(await signed_in(self))

    @rx.event
    async def decide(self, approval_id: str, decision: str, text: str, reason: str) -> None:
        """Approve, perhaps with another text, or reject; a refusal is said at the approval."""
        user = await signed_in(self)
        wanted = id_in(str(approval_id))
        self.refusals = {known: each for known, each in self.refusals.items() if known != approval_id}
        try:
            if wanted is None:
                raise NotFound
            given = {"decision": decision, "text": text or None, "reason": reason or None}
            decided = await approvals.decide(user, wanted, Decision.model_validate(given))
        except Conflict as error:
            # Its card goes with the news of the decision; the sentence stays a little longer.
            self._drop(approval_id)
            await tell_error(self, error)
        except (ValidationError, RenumError) as error:
            self.refusals = {**self.refusals, str(approval_id): next(iter(problems_of(error).values()))}
        else:
            self._drop(approval_id)
            await tell(self, f"approvals.told.{decision}", name=decided.agent_name)
        await count_again(self, user)

    def _drop(self, approval_id: str) -> None:
        self.rows = [row for row in self.rows if row.approval_id != approval_id]

    async def _load(self, user: CurrentUser) -> None:
        rows = await open_rows(user)
        if rows != self.rows:
            self.rows = rows


async def open_rows(user: CurrentUser) -> list[ApprovalRow]:
    """What waits for a decision, the nearest deadline first and what waits for ever last."""
    found = (await approvals.list_approvals(user, limit=_MOST)).items
    found.sort(key=lambda each: (each.deadline is None, each.deadline or each.created_at, each.created_at))
    return [_row(each) for each in found]


def _row(approval: ApprovalRead) -> ApprovalRow:
    return ApprovalRow(
        approval_id=str(approval.approval_id),
        execution_id=str(approval.execution_id),
        team_name=approval.team_name,
        agent_name=approval.agent_name,
        moment=approval.moment.value,
        text=approval.text,
        deadline=iso(approval.deadline) if approval.deadline else "",
        on_deadline=approval.on_deadline.value,
        created_at=iso(approval.created_at),
    )
