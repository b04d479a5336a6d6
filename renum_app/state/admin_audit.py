"""The audit log in an administrator's tab; which slice is shown is in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import reflex as rx
from reflex.event import EventSpec

from renum_app.models.audit import AuditAction, AuditResult
from renum_app.models.user import CurrentUser
from renum_app.models.values import iso
from renum_app.services import audit
from renum_app.state.listing import Listing

_LIMIT = 25
ACTIONS = tuple(action.value for action in AuditAction)


@dataclass(frozen=True)
class AuditLine:
    number: int
    at: str
    actor: str
    """The address; empty for whoever was not signed in, and for the server's own shell."""
    action: str
    about: str
    is_refused: bool
    ip: str
    reason: str


class AdminAudit(Listing, rx.State):
    rows: list[AuditLine] = []
    action: str = ""
    chain_ok: bool = True
    _PATH: ClassVar[str] = "/admin/audit"

    @rx.event
    def choose_action(self, action: str) -> EventSpec:
        return self._go(action=action if action in ACTIONS else "")

    def _narrow(self, asked: Mapping[str, str]) -> None:
        self.action = asked.get("action", "") if asked.get("action") in ACTIONS else ""

    def _narrowed(self) -> dict[str, str]:
        return {"action": self.action}

    async def _show(self, user: CurrentUser) -> None:
        self.rows = []
        action = AuditAction(self.action) if self.action else None
        found = await audit.list_rows(user, action=action, search=self.search, page=self.page, limit=_LIMIT)
        self.rows = [
            AuditLine(
                number=row.number,
                at=iso(row.at),
                actor=row.actor or (str(row.actor_id) if row.actor_id else ""),
                action=row.action.value,
                about=row.object,
                is_refused=row.result is AuditResult.REFUSED,
                ip=row.ip,
                reason=row.reason,
            )
            for row in found.items
        ]
        self.total, self.pages = found.total, max(found.pages, 1)
        self.chain_ok = (await audit.chain(user)).ok
