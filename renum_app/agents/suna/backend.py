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
    CredentialSource,
    InputNeeded,
    RunRequest,
    RunStarted,
    RunUpdate,
    UnknownRun,
)
from renum_app.agents.suna.answer import last_turn
from renum_app.agents.suna.client import Client, Speech
from renum_app.agents.suna.ending import verdict
from renum_app.agents.suna.following import Following
from renum_app.agents.suna.pauses import until_answered
from renum_app.agents.suna.reckoning import end_of, rows_with_usage
from renum_app.agents.suna.server import Server
from renum_app.agents.suna.starting import Start, last_run_of, made_thread
from renum_app.agents.suna.starts import Starts
from renum_app.agents.suna.stopping import is_stopped, run_ids_of
from renum_app.agents.suna.timing import Timing
from renum_app.agents.suna.wire import age_seconds
from renum_app.models.agent import Backend
from renum_app.models.values import storable


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
        start = _start(client, request, identifiers)
        run_id = await self._starts.finished(start, start.made())
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
            run_id = await self._starts.finished(start, start.found_or_made())
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
        if run_id := identifiers.get("agent_run_id"):
            return await is_stopped(client, run_id)
        outcome = await self._starts.outcome(thread_id, patience_seconds=self._server.timing.stop_patience_seconds)
        if outcome.run_id:
            return await is_stopped(client, outcome.run_id)
        after = identifiers.get("after_run_id", "")
        found = await run_ids_of(client, thread_id, after_run_id=after, is_in_doubt=outcome.is_in_doubt)
        return all([await is_stopped(client, each) for each in found])

    async def aclose(self) -> None:
        await self._starts.aclose()
        await self._server.aclose()

    async def _client(self, request: RunRequest) -> Client:
        return await Client.of(request.user_id, self._credentials, server=self._server, speech=self._speech)

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
                async with asyncio.timeout(self._server.timing.stop_patience_seconds):
                    await is_stopped(client, run_id)
            raise
        if following.run is None:
            raise AgentFailed("suna_run_lost", retryable=True)
        rows = await rows_with_usage(client, thread_id, run=following.run)
        turn = last_turn(rows, since=following.run.started_at)
        answer = verdict(following.run, following.heard, turn, key=client.credential.api_key)
        text = storable(answer.text)
        if answer.tool == "ask":
            raise InputNeeded(text)
        for update in following.agreed(text):
            yield update
        yield await end_of(client, thread_id, text=text, rows=rows, finish_reason=answer.tool or "stop")


async def _place(client: Client, request: RunRequest) -> dict[str, str]:
    """Where to start: a thread of the attempt's own, or the one where a question waits for its answer."""
    if request.reply_to is None:
        return {"thread_id": await made_thread(client, request)}
    thread_id = request.reply_to["thread_id"]
    asking = request.reply_to.get("agent_run_id", "")
    return {"thread_id": thread_id, "after_run_id": await last_run_of(client, thread_id) or asking}


def _start(client: Client, request: RunRequest, identifiers: Mapping[str, str]) -> Start:
    return Start(client, request, identifiers["thread_id"], after_run_id=identifiers.get("after_run_id", ""))
