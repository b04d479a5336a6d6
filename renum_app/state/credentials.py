"""A person's keys in one tab: stored, tested and removed; a key itself never comes back from the server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx
from pydantic import ValidationError
from reflex.event import EventCallback

from renum_app.agents.local.urls import PROVIDER_URLS
from renum_app.errors import RenumError
from renum_app.models.agent import Backend
from renum_app.models.credential import CredentialRead, CredentialTest, CredentialWrite
from renum_app.models.values import iso
from renum_app.services import credentials
from renum_app.state.notices import tell
from renum_app.state.sentence import Sentence, failure_of, problems_of
from renum_app.state.session import language, signed_in, tab_of

OWN_SERVER = "own"
"""The choice of the form for any OpenAI-compatible address."""
PROVIDERS = (*sorted(PROVIDER_URLS), Backend.SUNA.value)
"""Services with a choice of their own in the form."""


@dataclass(frozen=True)
class KeyRow:
    service: str
    provider: str
    hint: str
    base_url: str
    updated_at: str
    used_at: str


@dataclass(frozen=True)
class TestResult:
    """What the last test of a key found."""

    ok: bool = False
    latency_ms: int = 0
    sentence: Sentence = field(default_factory=Sentence)
    models: int = 0


class Credentials(rx.State):
    rows: list[KeyRow] = []
    is_loaded: bool = False
    failure: Sentence = Sentence()
    problems: dict[str, Sentence] = {}
    results: dict[str, TestResult] = {}
    """By service, of this visit."""
    testing: str = ""
    removing: str = ""
    """The service whose removal is being asked about."""
    saves: int = 0
    """Raised to empty the form."""

    @rx.event
    async def load(self) -> None:
        """The keys, without their secrets."""
        user = await signed_in(self)
        self.failure, self.problems = Sentence(), {}
        try:
            self.rows = [_row(key) for key in await credentials.list_credentials(user)]
        except RenumError as error:
            self.failure = failure_of(error)
        self.is_loaded = True

    @rx.event
    async def save(self, form: dict[str, Any]) -> EventCallback[()] | None:
        """Seal a key, then try it at once."""
        user = await signed_in(self)
        self.problems = {}
        try:
            saved = await credentials.put(user, _body(form))
        except (ValidationError, RenumError) as error:
            self.problems = problems_of(error)
            return None
        self.saves += 1
        self.rows = [_row(key) for key in await credentials.list_credentials(user)]
        await tell(self, "settings.key_saved", service=saved.service_name)
        return Credentials.try_out(saved.service_name)

    @rx.event(background=True)
    async def try_out(self, service: str) -> None:
        """Ask the service whether it takes the key; it may be slow, and the tab stays free meanwhile."""
        user, spoken = await signed_in(self), language(self)
        async with tab_of(self, user):
            self.testing = str(service)
        try:
            result = _result(await credentials.test(user, str(service), locale=spoken))
        except RenumError as error:
            result = TestResult(sentence=Sentence.of(error))
        async with tab_of(self, user):
            self.results = {**self.results, str(service): result}
            self.testing = ""

    @rx.event
    def ask_removal(self, service: str) -> None:
        self.removing = str(service)

    @rx.event
    async def remove(self) -> None:
        """Forget the key that was asked about."""
        user = await signed_in(self)
        await credentials.delete(user, self.removing)
        await tell(self, "settings.key_removed", service=self.removing)
        self.rows = [row for row in self.rows if row.service != self.removing]
        self.removing = ""


def _body(form: dict[str, Any]) -> CredentialWrite:
    """What was filled in, checked; raises pydantic's ValidationError."""
    typed = {name: str(form.get(name) or "").strip() for name in ("choice", "service_name", "api_key", "base_url")}
    is_own = typed["choice"] == OWN_SERVER
    return CredentialWrite(
        service_name=typed["service_name"].lower() if is_own else typed["choice"],
        provider="" if is_own else typed["choice"],
        api_key=typed["api_key"],
        base_url=typed["base_url"] if is_own else None,
    )


def _row(key: CredentialRead) -> KeyRow:
    return KeyRow(
        service=key.service_name,
        provider=key.provider,
        hint=key.key_hint,
        base_url=key.base_url or "",
        updated_at=iso(key.updated_at),
        used_at=iso(key.last_used_at) if key.last_used_at else "",
    )


def _result(test: CredentialTest) -> TestResult:
    sentence = Sentence.told(test.message)
    return TestResult(test.ok, test.latency_ms or 0, sentence, len(test.models))
