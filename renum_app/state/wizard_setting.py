"""The wizard's fourth step: how far the team may go, who is asked, what is asked for, and what a failure does."""

from __future__ import annotations

from typing import Any, get_args

import reflex as rx

from renum_app.models.workflow import ApprovalPolicy, Join, Member, OnFailure
from renum_app.state.session import signed_in
from renum_app.state.wizard_draft import id_of, members_of, number, with_config, with_member
from renum_app.state.wizard_drafting import LONGEST_TEXT, Drafting
from renum_app.state.wizard_view import LIMITS

APPROVALS: tuple[str, ...] = get_args(Member.model_fields["requires_approval"].annotation)
OUTCOMES: tuple[str, ...] = get_args(ApprovalPolicy.model_fields["on_deadline"].annotation)
FAILURES = tuple(each.value for each in OnFailure)
JOINS = tuple(join.value for join in Join)
_MOST_VARIABLES = 50
_PARTS = ("name", "description", "default")


class SettingStep(Drafting, mixin=True):
    @rx.event
    async def set_limit(self, name: str, text: str) -> None:
        await signed_in(self)
        if name in (*LIMITS, "join_k"):
            await self._change(with_config(self._draft, **{name: number(str(text)[:100])}))

    @rx.event
    async def choose_join(self, join: str) -> None:
        await signed_in(self)
        if join in JOINS:
            await self._change(with_config(self._draft, join=join, join_k=1 if join == "k" else None))

    @rx.event
    async def set_rule(self, step_id: str, field: str, value: str) -> None:
        """One of the rules of a member: when people are asked, and what happens when it fails."""
        await signed_in(self)
        member = next((each for each in members_of(self._draft) if id_of(each) == step_id), None)
        changes = _rule(member, field, str(value)[:200]) if member else {}
        if changes:
            await self._change(with_member(self._draft, str(step_id), **changes))

    @rx.event
    async def set_rule_for_all(self, on_failure: str) -> None:
        """The same answer to a failure for every member."""
        await signed_in(self)
        if on_failure in (OnFailure.STOP.value, OnFailure.CONTINUE.value):
            draft = self._draft
            for member in members_of(draft):
                draft = with_member(draft, id_of(member), on_failure=on_failure, fallback_agent_id=None)
            await self._change(draft)

    @rx.event
    async def add_variable(self) -> None:
        await signed_in(self)
        given = self._variables()
        if len(given) < _MOST_VARIABLES:
            self.fills += 1
            await self._change(with_config(self._draft, variables=[*given, {"name": "", "description": ""}]))

    @rx.event
    async def remove_variable(self, place: int) -> None:
        await signed_in(self)
        self.fills += 1
        kept = [each for number, each in enumerate(self._variables()) if number != place]
        await self._change(with_config(self._draft, variables=kept))

    @rx.event
    async def set_variable(self, place: int, part: str, text: str) -> None:
        await signed_in(self)
        given = self._variables()
        if part not in _PARTS or not isinstance(place, int) or not 0 <= place < len(given):
            return
        written: Any = str(text)[:LONGEST_TEXT].strip()
        written = number(written) if part == "default" else written
        given[place] = {**given[place], part: written}
        await self._change(with_config(self._draft, variables=given))

    def _variables(self) -> list[dict[str, Any]]:
        return list(self._draft["team_config"].get("variables") or [])


def _rule(member: dict[str, Any], field: str, value: str) -> dict[str, Any]:
    """What a rule changes of a member; nothing where it is no rule."""
    approval = member.get("approval") or {"deadline_seconds": None, "on_deadline": "reject"}
    if field == "approval" and value in APPROVALS:
        return {"requires_approval": value, "approval": None if value == "none" else approval}
    if field == "deadline":
        minutes = number(value)
        seconds = minutes * 60 if isinstance(minutes, int | float) else minutes
        return {"approval": {**approval, "deadline_seconds": seconds}}
    if field == "on_deadline" and value in OUTCOMES:
        return {"approval": {**approval, "on_deadline": value}}
    if field == "on_failure" and value in FAILURES:
        kept = member.get("fallback_agent_id") if value == OnFailure.FALLBACK else None
        return {"on_failure": value, "fallback_agent_id": kept}
    if field == "fallback":
        return {"fallback_agent_id": value or None}
    if field == "attempts":
        retry = {**(member.get("retry") or {}), "max_attempts": number(value)}
        return {"retry": retry if value.strip() else None}
    return {}
