"""Suna's operations for one account, whatever the generation; could be published on its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from pydantic import ValidationError

from renum_app.agents.backend import (
    AgentFailed,
    BadStream,
    CredentialMissing,
    CredentialRejected,
    CredentialSource,
    OpenCredential,
)
from renum_app.agents.suna import detection, sse, wire
from renum_app.agents.suna.dialect import Dialect
from renum_app.agents.suna.events import Event, event_of
from renum_app.agents.suna.failures import RouteMissing, ThingMissing
from renum_app.agents.suna.server import Call, Server

Shape = TypeVar("Shape", bound=wire.Wire)
Renewal = Callable[[], Awaitable[OpenCredential]]

SERVICE = "suna"
"""The name of a person's own key."""
_MOST_THREADS = "100"
_CHARGES_PER_PAGE = 100
_MOST_CHARGES = 2_000
"""A charge that lies further back than this was not written meanwhile."""


class Speech:
    """What a server speaks: detected once, and again when it is told that this is wrong."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._dialect: Dialect | None = None
        self._known_until = 0.0
        self._detecting = asyncio.Lock()

    async def dialect(self, *, other_than: Dialect | None = None) -> Dialect:
        """Raises like `detection.detect`."""
        async with self._detecting:
            is_old = self._server.clock() >= self._known_until
            if self._dialect is None or self._dialect == other_than or is_old:
                self._dialect = await detection.detect(self._server)
                self._known_until = self._server.clock() + self._server.timing.detection_lasts_seconds
            return self._dialect


class Client:
    """One account at one server."""

    def __init__(self, server: Server, speech: Speech, credential: OpenCredential, *, renew: Renewal) -> None:
        self.server = server
        self.credential = credential
        """As the last request had it."""
        self._speech, self._renew = speech, renew

    @classmethod
    async def of(cls, user_id: UUID, source: CredentialSource, *, server: Server, speech: Speech) -> Client:
        """The person's account.

        Raises:
            AgentError: They have no credential, or it cannot be used.
        """

        async def renew() -> OpenCredential:
            if (credential := await source(user_id, SERVICE)) is None:
                raise CredentialMissing("suna_key_missing")
            return credential

        return cls(server, speech, await renew(), renew=renew)

    async def dialect(self) -> Dialect:
        return await self._speech.dialect()

    async def make_thread(self, name: str) -> str:
        made = await self.ask(lambda d: Call("POST", f"{d.prefix}/threads", form={"name": name}), wire.ThreadMade)
        return made.thread_id

    async def thread_named(self, name: str) -> str | None:
        """The thread of a project of that name, among the newest."""
        found = await self.ask(
            lambda d: Call("GET", f"{d.prefix}/threads", params={"limit": _MOST_THREADS}), wire.ThreadList
        )
        return next((thread.thread_id for thread in found.threads if thread.project.get("name") == name), None)

    async def add_message(self, thread_id: str, text: str) -> None:
        await self.send(lambda d: Call("POST", f"{d.prefix}/threads/{thread_id}/messages/add", json={"message": text}))

    async def start(self, thread_id: str, *, agent_id: str, prompt: str | None) -> str | None:
        """Start a run on a thread, which without a prompt has the message already; its id where it was told."""

        def call(dialect: Dialect) -> Call:
            if not dialect.starts_by_form:
                return Call("POST", f"{dialect.prefix}/thread/{thread_id}/agent/start", json={"agent_id": agent_id})
            form = {"thread_id": thread_id, "agent_id": agent_id, **({"prompt": prompt} if prompt else {})}
            return Call("POST", f"{dialect.prefix}/agent/start", form=form)

        try:
            return (await self.ask(call, wire.RunMade)).agent_run_id
        except ThingMissing:
            raise AgentFailed("suna_agent_missing") from None

    async def run(self, run_id: str) -> wire.RunRow | None:
        """The run as it is stored; None where the server knows none (yet)."""
        try:
            return await self.ask(lambda d: Call("GET", f"{d.prefix}/agent-run/{run_id}"), wire.RunRow)
        except ThingMissing:
            return None

    async def runs(self, thread_id: str) -> list[wire.RunRow]:
        """The runs of a thread, newest first."""
        try:
            found = await self.ask(lambda d: Call("GET", f"{d.prefix}/thread/{thread_id}/agent-runs"), wire.RunList)
        except ThingMissing:
            return []
        return found.agent_runs

    async def stop(self, run_id: str) -> None:
        await self.send(lambda d: Call("POST", f"{d.prefix}/agent-run/{run_id}/stop"))

    async def messages(self, thread_id: str) -> list[wire.MessageRow]:
        """Every message of a thread, in order; none where the server does not know the thread (yet)."""

        def call(dialect: Dialect) -> Call:
            whole = {"optimized": "false"} if dialect.has_optimized else {}
            return Call("GET", f"{dialect.prefix}/threads/{thread_id}/messages", params={"order": "asc", **whole})

        try:
            return (await self.ask(call, wire.MessageList)).messages
        except ThingMissing:
            return []

    async def charges(self, thread_id: str, *, since: datetime | None) -> list[wire.Charge] | None:
        """What the account's ledger, newest first, has for a thread; None where it has no end or is not there.

        Args:
            since: When the thread began: older pages need not be read.
        """
        if not (await self.dialect()).has_ledger:
            return None
        found: list[wire.Charge] = []
        for offset in range(0, _MOST_CHARGES, _CHARGES_PER_PAGE):
            page = {"limit": str(_CHARGES_PER_PAGE), "offset": str(offset)}
            listed = await self.ask(
                lambda d, page=page: Call("GET", f"{d.prefix}/billing/credit-usage", params=page), wire.ChargeList
            )
            found += [charge for charge in listed.usage_records if charge.thread_id == thread_id]
            oldest = listed.usage_records[-1].created_at if listed.usage_records else None
            if not listed.usage_records or not listed.pagination.has_more or (since and oldest and oldest < since):
                return found
        return None

    async def run_limit(self) -> int | None:
        """How many runs the account may have at once; None where the release does not tell."""
        if not (await self.dialect()).has_account_state:
            return None
        state = await self.send(lambda d: Call("GET", f"{d.prefix}/billing/account-state"))
        return wire.run_limit_in(state)

    async def events(self, run_id: str) -> AsyncGenerator[Event]:
        """What a run tells, from as far back as the server remembers; no resuming, which can kill a quiet run."""
        dialect = await self.dialect()
        call = Call("GET", f"{dialect.prefix}/agent-run/{run_id}/stream")
        async with (
            self.server.stream(call, credential=await self._fresh()) as pieces,
            aclosing(sse.events(pieces)) as found,
        ):  # pyright: ignore[reportArgumentType] (a generator)
            async for data in found:
                if (event := event_of(data)) is not None:
                    yield event

    async def ask(self, make: Callable[[Dialect], Call], shape: type[Shape]) -> Shape:
        """Any operation with an answer of a known shape; raises like `Server.ask`, but never RouteMissing."""
        try:
            return shape.model_validate(await self.send(make))
        except ValidationError:
            raise BadStream("suna_unreadable") from None

    async def send(self, make: Callable[[Dialect], Call]) -> Any:
        """One request; where the server does not know it, the generation is detected again."""
        dialect = await self._speech.dialect()
        try:
            return await self._asked(make(dialect))
        except RouteMissing as missing:
            now = await self._speech.dialect(other_than=dialect)
            if now == dialect:
                raise AgentFailed("suna_refused", status=404, detail=str(missing)) from None
        try:
            return await self._asked(make(now))
        except RouteMissing as missing:
            raise AgentFailed("suna_refused", status=404, detail=str(missing)) from None

    async def _asked(self, call: Call) -> Any:
        credential = await self._fresh()
        try:
            return await self.server.ask(call, credential=credential)
        except CredentialRejected:
            if credential.is_fleeting:
                raise CredentialRejected("suna_sign_in_rejected") from None
            raise

    async def _fresh(self) -> OpenCredential:
        """What the next request is made with: a run may outlive the token that it began with."""
        if self.credential.is_fleeting:
            self.credential = await self._renew()
        return self.credential
