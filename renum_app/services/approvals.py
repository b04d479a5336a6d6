"""What a person can do with approvals: see what waits for them, and decide."""

from __future__ import annotations

from uuid import UUID

from renum_app import runtime
from renum_app.database import reading, transaction
from renum_app.engine import dispatch
from renum_app.errors import Conflict, FieldProblem, Invalid
from renum_app.models.approval import ApprovalMoment, ApprovalRead, ApprovalStatus, Decision, Verdict
from renum_app.models.user import CurrentUser
from renum_app.models.values import Page, page_of, utc_now
from renum_app.repositories import approvals, commands


async def list_approvals(
    user: CurrentUser, *, page: int = 1, limit: int = 10, status: ApprovalStatus = ApprovalStatus.OPEN
) -> Page[ApprovalRead]:
    """One page of the person's approvals, newest first."""
    async with reading() as session:
        rows, total = await approvals.page(session, user.user_id, status=status, offset=(page - 1) * limit, limit=limit)
    return page_of([ApprovalRead.model_validate(row) for row in rows], total=total, page=page, limit=limit)


async def get(user: CurrentUser, approval_id: UUID) -> ApprovalRead:
    """One of the person's approvals.

    Raises:
        NotFound: The person has no such approval.
    """
    async with reading() as session:
        return ApprovalRead.model_validate(
            await approvals.require(session, owner=user.user_id, approval_id=approval_id)
        )


async def decide(user: CurrentUser, approval_id: UUID, decision: Decision) -> ApprovalRead:
    """Let a step go on, with the text as shown or another, or reject it; the first decision counts.

    Raises:
        NotFound: The person has no such approval.
        Invalid: The text cannot be used.
        Conflict: It has been decided, its time is over, or its execution was stopped.
    """
    async with transaction() as session:
        await approvals.lock(session, approval_id)
        row = await approvals.require(session, owner=user.user_id, approval_id=approval_id)
        asked = ApprovalRead.model_validate(row)
        _check(asked, decision)
        is_over = asked.status is not ApprovalStatus.OPEN or (asked.deadline and asked.deadline <= utc_now())
        if is_over or await commands.is_stop_waiting(session, asked.execution_id):
            raise Conflict("already_decided")
        payload = decision.model_dump(mode="json", exclude_none=True)
        if not await commands.add_decision(session, asked.execution_id, approval_id, payload):
            raise Conflict("already_decided")
    await dispatch.start(asked.execution_id, user_id=user.user_id)
    return _as_decided(asked, decision)


def _check(asked: ApprovalRead, decision: Decision) -> None:
    if decision.text is None:
        if asked.moment is ApprovalMoment.INPUT and decision.decision is Verdict.APPROVE:
            raise Invalid([FieldProblem(field="text", code="answer_missing")])
        return
    settings = runtime.current().settings
    is_input = asked.moment is not ApprovalMoment.AFTER
    limit = settings.max_prompt_chars if is_input else settings.max_output_bytes
    given = len(decision.text) if is_input else len(decision.text.encode())
    if decision.decision is Verdict.REJECT:
        raise Invalid([FieldProblem(field="text", code="text_with_rejection")])
    if not decision.text.strip():
        raise Invalid([FieldProblem(field="text", code="text_is_blank")])
    # What the agent would be sent may be longer than what a person may write; they may still shorten it.
    if given > max(limit, len(asked.text)):
        raise Invalid([FieldProblem(field="text", code="text_too_long", params={"limit": limit, "given": given})])


def _as_decided(asked: ApprovalRead, decision: Decision) -> ApprovalRead:
    """How it will stand as soon as the execution's owner has heard."""
    is_granted = decision.decision is Verdict.APPROVE
    return asked.model_copy(
        update={
            "status": ApprovalStatus.APPROVED if is_granted else ApprovalStatus.REJECTED,
            "edited_text": decision.text if is_granted and decision.text != asked.text else None,
            "reason": decision.reason,
            "decided_by": "person",
            "decided_at": utc_now(),
        }
    )
