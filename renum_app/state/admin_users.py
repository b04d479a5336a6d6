"""Accounts in an administrator's tab; which slice is shown is in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import reflex as rx

from renum_app.errors import NotFound
from renum_app.models.admin import PersonRead, PersonWrite
from renum_app.models.user import CurrentUser, UserRole
from renum_app.models.values import iso
from renum_app.services import people
from renum_app.state.address import id_in
from renum_app.state.listing import Listing
from renum_app.state.notices import tell
from renum_app.state.session import signed_in

_LIMIT = 20
_LONGEST_REASON = 500
Act = Literal["suspend", "admit", "promote", "demote", "sign_out"]
_CHANGES: dict[str, PersonWrite] = {
    "suspend": PersonWrite(is_suspended=True),
    "admit": PersonWrite(is_suspended=False),
    "promote": PersonWrite(role=UserRole.ADMIN),
    "demote": PersonWrite(role=UserRole.USER),
}


@dataclass(frozen=True)
class PersonRow:
    user_id: str
    email: str
    name: str
    is_admin: bool
    is_demo: bool
    is_suspended: bool
    is_me: bool
    last_seen: str
    unfinished: int
    spent_usd: float
    budget_usd: float | None


class AdminUsers(Listing, rx.State):
    rows: list[PersonRow] = []
    asked_id: str = ""
    asked_email: str = ""
    act: str = ""
    """What is about to be done to whom."""
    _PATH: ClassVar[str] = "/admin/users"

    @rx.event
    def ask(self, user_id: str, act: str) -> None:
        self.asked_id, self.act = str(user_id), str(act)
        self.asked_email = next((row.email for row in self.rows if row.user_id == self.asked_id), "")

    @rx.event
    async def do(self, form: dict[str, Any]) -> None:
        """Do what was asked about."""
        user = await signed_in(self)
        user_id = id_in(self.asked_id)
        if user_id is None or self.act not in {*_CHANGES, "sign_out"}:
            raise NotFound
        reason = str(form.get("reason") or "")[:_LONGEST_REASON] if isinstance(form, dict) else ""
        if self.act == "sign_out":
            await people.revoke_sessions(user, user_id)
        else:
            await people.change(user, user_id, _CHANGES[self.act].model_copy(update={"reason": reason}))
        await tell(self, f"admin.done.{self.act}", email=self.asked_email)
        await self._show(user)

    def _narrow(self, asked: Mapping[str, str]) -> None:
        """Only words narrow it."""

    def _narrowed(self) -> dict[str, str]:
        return {}

    async def _show(self, user: CurrentUser) -> None:
        self.rows = []  # should the person be no administrator any more
        found = await people.list_people(user, search=self.search, page=self.page, limit=_LIMIT)
        self.rows = [_row(person, user) for person in found.items]
        self.total, self.pages = found.total, max(found.pages, 1)


def _row(person: PersonRead, user: CurrentUser) -> PersonRow:
    return PersonRow(
        user_id=str(person.user_id),
        email=person.email,
        name=person.name,
        is_admin=person.role is UserRole.ADMIN,
        is_demo=person.is_demo,
        is_suspended=person.is_suspended,
        is_me=person.user_id == user.user_id,
        last_seen=iso(person.last_seen) if person.last_seen else "",
        unfinished=person.unfinished,
        spent_usd=person.spent_usd,
        budget_usd=person.monthly_budget_usd,
    )
