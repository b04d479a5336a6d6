"""How the server does, in an administrator's tab, and the brake that stops everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from renum_app.errors import RenumError
from renum_app.models.admin import ServerHealth
from renum_app.services import admin, oversight
from renum_app.state.notices import tell
from renum_app.state.sentence import Sentence, failure_of
from renum_app.state.session import signed_in

_LONGEST_REASON = 500


@dataclass(frozen=True)
class DependencyRow:
    name: str
    ok: bool
    latency_ms: float | None


@dataclass(frozen=True)
class HealthView:
    """The figures that the page shows."""

    version: str = ""
    database: str = ""
    uptime_seconds: float = 0.0
    users: int = 0
    pending: int = 0
    running: int = 0
    parked: int = 0
    people: int = 0
    audit_ok: bool = True
    audit_rows: int = 0
    audit_broken_at: int = 0


class AdminHealth(rx.State):
    is_loaded: bool = False
    failure: Sentence = Sentence()
    health: HealthView = HealthView()
    dependencies: list[DependencyRow] = []
    unfinished: int = 0
    """What the brake would stop."""

    @rx.event
    async def load(self) -> None:
        user = await signed_in(self)
        self.failure = Sentence()
        try:
            told = await oversight.server_health(user, sockets=0)
        except RenumError as error:
            self.health, self.dependencies, self.unfinished = HealthView(), [], 0
            self.failure = failure_of(error)
        else:
            self._show(told)
        self.is_loaded = True

    @rx.event
    async def stop_all(self, form: dict[str, Any]) -> None:
        """Stop everybody's executions."""
        user = await signed_in(self)
        reason = str(form.get("reason") or "") if isinstance(form, dict) else ""
        stopped = await admin.stop_all(user, reason=reason[:_LONGEST_REASON])
        await tell(self, "admin.stopped", n=stopped.ordered)
        self._show(await oversight.server_health(user, sockets=0))

    def _show(self, told: ServerHealth) -> None:
        queue, chain = told.queue, told.audit
        self.unfinished = queue.pending + queue.running
        self.dependencies = [
            DependencyRow(name, bool(found["ok"]), found.get("latency_ms")) for name, found in told.dependencies.items()
        ]
        self.health = HealthView(
            version=told.version,
            database=told.database,
            uptime_seconds=told.uptime_seconds,
            users=told.users,
            pending=queue.pending,
            running=queue.running,
            parked=queue.parked,
            people=queue.people,
            audit_ok=chain.ok,
            audit_rows=chain.rows,
            audit_broken_at=chain.broken_at or 0,
        )
