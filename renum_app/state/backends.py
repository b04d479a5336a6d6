"""How the backends do where agents live, in one tab."""

from __future__ import annotations

from dataclasses import dataclass, field

import reflex as rx

from renum_app.errors import RenumError
from renum_app.models.agent import BackendStanding
from renum_app.services import backends
from renum_app.state.sentence import Sentence
from renum_app.state.session import language, signed_in, tab_of


@dataclass(frozen=True)
class BackendRow:
    name: str
    ok: bool
    version: str
    latency_ms: int
    run_limit: int
    """0: not told."""
    key: str
    """`sign_in`, `own`, `service` or `none`: whose credential is used."""
    trouble: Sentence = field(default_factory=Sentence)


class Backends(rx.State):
    rows: list[BackendRow] = []
    """Empty where agents live nowhere but here."""

    @rx.event(background=True)
    async def load(self) -> None:
        """Ask each of them; one may be slow, and the tab stays free meanwhile."""
        user, spoken = await signed_in(self), language(self)
        try:
            rows = [_row(standing) for standing in await backends.standings(user, locale=spoken)]
        except RenumError:
            rows = []  # the page's own list says what is wrong
        async with tab_of(self, user):
            self.rows = rows


def _row(standing: BackendStanding) -> BackendRow:
    return BackendRow(
        name=standing.backend.value,
        ok=standing.ok,
        version=standing.version,
        latency_ms=standing.latency_ms or 0,
        run_limit=standing.run_limit or 0,
        key=_whose(standing),
        trouble=Sentence.told(standing.message) if standing.message else Sentence(),
    )


def _whose(standing: BackendStanding) -> str:
    if standing.uses_sign_in:
        return "sign_in"
    return "own" if standing.has_own_key else "service" if standing.uses_service_account else "none"
