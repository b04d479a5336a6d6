"""The Suna backend: one thread and one run for each attempt, followed to the end that the server has on record."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing

from renum_app.agents.backend import (
    AgentError,
    AgentFailed,
    Capabilities,
    CredentialMissing,
    CredentialSource,
    InputNeeded,
    RunEnded,
    RunRequest,
    RunStarted,
    RunUpdate,
    UnknownRun,
)
from renum_app.agents.suna.answer import last_turn
from renum_app.agents.suna.client import Client, Speech
from renum_app.agents.suna.ending import verdict
from renum_app.agents.suna.failures import ThingMissing
from renum_app.agents.suna.following import Following
from renum_app.agents.suna.pauses import until_answered
from renum_app.agents.suna.server import Server
from renum_app.agents.suna.starting import Start, last_run_of, made_thread
from renum_app.agents.suna.starts import Starts
from renum_app.agents.suna.tally import is_whole, tally
from renum_app.agents.suna.timing import Timing
from renum_app.agents.suna.wire import MessageRow, RunRow, age_seconds
from renum_app.models.agent import Backend
from renum_app.models.values import storable

SERVICE = "suna"
"""The name of a person's own key."""
_STOP_PATIENCE_SECONDS = 3.0
_READ_AGAIN_SECONDS = 1.0
_CREDITS_PER_USD = 100


class SunaBackend:
    """Runs agents that live at a Suna server. Belongs to the event loop it is first used on."""

    name = Backend.SUNA
    capabilities = Capabilities(manages_agents=True, resumes_runs=True, bounds_output=False)

    def __init__(self, credentials: CredentialSource, url: str, *, timing: Timing | None = None) -> None:
        self._credentials = credentials
        self._server = Server(url, timing=timing)
        self._speech = Speech(self._server)
        self._starts = Starts()

    async def run(self, request: RunRequest) -> AsyncIterator[RunUpdate]:
        """Make a thread, start the agent on it and follow it; cutting the iterator leaves the run for `attach`.

        Raises:
            AgentError: The agent could not be started, or did not end well.
        """
        client = await self._client(request)
        if not request.agent.remote_id:
            raise AgentFailed("suna_agent_missing")
        identifiers = await _place(client, request)
        yield RunStarted(identifiers)
        thread_id = identifiers["thread_id"]
        run_id = await self._starts.finished(thread_id, _start(client, request, identifiers).made())
        yield RunStarted({"thread_id": thread_id, "agent_run_id": run_id})
        following = Following(client, thread_id=thread_id, run_id=run_id)
        async with aclosing(self._to_its_end(client, following, thread_id, run_id)) as updates:
            async for update in updates:
                yield update

    async def attach(self, request: RunRequest, identifiers: Mapping[str, str]) -> AsyncIterator[RunUpdate]:
        """Go on with an attempt wherever it stood: adopt the thread's run, or start it if there is none.

        Raises:
            UnknownRun: There is not even a thread.
            AgentError: As `run`.
        """
        thread_id = identifiers.get("thread_id")
        if not thread_id:
            raise UnknownRun
        client = await self._client(request)
        run_id = identifiers.get("agent_run_id")
        if not run_id:
            start = _start(client, request, identifiers)
            run_id = await self._starts.finished(thread_id, start.found_or_made())
            yield RunStarted({"thread_id": thread_id, "agent_run_id": run_id})
        run = await until_answered(self._server, lambda: client.run(run_id))
        following = Following(
            client,
            thread_id=thread_id,
            run_id=run_id,
            age_seconds=age_seconds(run and run.started_at),
            is_attached=True,
        )
        async with aclosing(self._to_its_end(client, following, thread_id, run_id)) as updates:
            async for update in updates:
                yield update

    async def stop(self, request: RunRequest, identifiers: Mapping[str, str]) -> bool:
        """Stop what runs on the attempt's thread, and look whether it has stopped."""
        thread_id = identifiers.get("thread_id")
        if not thread_id:
            return True  # a run is started only once its thread is on record
        client = await self._client(request)
        run_id = identifiers.get("agent_run_id")
        run_id = run_id or await self._starts.outcome(thread_id, patience_seconds=_STOP_PATIENCE_SECONDS)
        run_ids = [run_id] if run_id else [run.id for run in await client.runs(thread_id)]
        return all([await _is_stopped(client, each) for each in run_ids])

    async def aclose(self) -> None:
        await self._starts.aclose()
        await self._server.aclose()

    async def _client(self, request: RunRequest) -> Client:
        credential = await self._credentials(request.user_id, SERVICE)
        if credential is None:
            raise CredentialMissing("suna_key_missing")
        return Client(self._server, self._speech, credential)

    async def _to_its_end(
        self, client: Client, following: Following, thread_id: str, run_id: str
    ) -> AsyncGenerator[RunUpdate]:
        """Everything from the start on; a run that cannot be followed any more is stopped, not left to spend."""
        try:
            async with aclosing(following.updates()) as updates:
                async for update in updates:
                    yield update
        except (AgentError, GeneratorExit):
            with contextlib.suppress(AgentError, TimeoutError):
                async with asyncio.timeout(_STOP_PATIENCE_SECONDS):
                    await _is_stopped(client, run_id)
            raise
        if following.run is None:
            raise AgentFailed("suna_run_lost", retryable=True)
        rows = await self._messages(client, thread_id, run=following.run)
        answer = verdict(following.run, following.heard, last_turn(rows), key=client.credential.api_key)
        text = storable(answer.text)
        if answer.tool == "ask":
            raise InputNeeded(text)
        for update in following.agreed(text):
            yield update
        yield await _end(client, thread_id, text=text, rows=rows, finish_reason=answer.tool or "stop")

    async def _messages(self, client: Client, thread_id: str, *, run: RunRow) -> list[MessageRow]:
        """The thread's messages, read again until they tell what was used, or time is up.

        A thread has further runs only as answers to what its first one asked, so all of it is one attempt's.
        """
        server = self._server
        until = server.clock() + (0.0 if run.status == "failed" else server.timing.usage_seconds)
        while True:
            rows = await until_answered(server, lambda: client.messages(thread_id))
            if is_whole(rows) or server.clock() >= until:
                return rows
            await asyncio.sleep(min(_READ_AGAIN_SECONDS, server.timing.usage_seconds))


async def _place(client: Client, request: RunRequest) -> dict[str, str]:
    """Where to start: a thread of the attempt's own, or the one where a question waits for its answer."""
    if request.reply_to is None:
        return {"thread_id": await made_thread(client, request)}
    thread_id = request.reply_to["thread_id"]
    return {"thread_id": thread_id, "after_run_id": await last_run_of(client, thread_id)}


def _start(client: Client, request: RunRequest, identifiers: Mapping[str, str]) -> Start:
    return Start(client, request, identifiers["thread_id"], after_run_id=identifiers.get("after_run_id", ""))


async def _end(client: Client, thread_id: str, *, text: str, rows: list[MessageRow], finish_reason: str) -> RunEnded:
    counted = tally(rows)
    credits_charged: float | None = None
    with contextlib.suppress(AgentError, ThingMissing):  # what the ledger says is only shown beside our own price
        credits_charged = await client.billed_credits(thread_id)
    return RunEnded(
        text=text,
        usage=counted.usage,
        provider=counted.provider,
        model=storable(counted.model),
        finish_reason=finish_reason,
        billed_usd=None if credits_charged is None else credits_charged / _CREDITS_PER_USD,
    )


async def _is_stopped(client: Client, run_id: str) -> bool:
    """Stop a run that has not ended (a stop after the end would overwrite it), and see that it has."""
    run = await client.run(run_id)
    if run and run.has_ended:
        return True
    try:
        await client.stop(run_id)
    except ThingMissing:
        return False
    run = await client.run(run_id)
    return run is None or run.has_ended
