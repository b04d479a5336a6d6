"""Starting a run without ever starting two: the thread first and on record, then one run on it.

Nothing in Suna's API makes a start idempotent. What makes it so here is that a thread has one run: whenever it is not
known whether a start arrived, the thread's runs are read, and a run found there is adopted.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from renum_app.agents.backend import AgentError, BadStream, RunRequest
from renum_app.agents.suna.client import Client
from renum_app.agents.suna.failures import is_passing, is_unsent
from renum_app.agents.suna.letters import message_of
from renum_app.agents.suna.pauses import Pauses, until_answered, until_done

_MOST_UNCERTAIN_STARTS = 3
_LOOK_SECONDS = 0.5


async def last_run_of(client: Client, thread_id: str) -> str:
    """The newest run of a thread, after which another is to be started."""
    runs = await until_answered(client.server, lambda: client.runs(thread_id))
    return runs[0].id if runs else ""


async def made_thread(client: Client, request: RunRequest) -> str:
    """A thread for one attempt; one whose answer was lost is found again by its name."""
    name = f"renum:{request.execution_id}:{request.step_id}:{request.attempt}"
    try:
        return await until_done(client.server, lambda: client.make_thread(name))
    except AgentError as error:
        if not is_passing(error) or is_unsent(error):
            raise
    patience = client.server.timing.away_seconds
    found = await until_answered(client.server, lambda: client.thread_named(name), patience_seconds=patience)
    return found or await until_done(client.server, lambda: client.make_thread(name))


@dataclass(slots=True)
class Start:
    """The start of the one run of a thread."""

    client: Client
    request: RunRequest
    thread_id: str
    after_run_id: str = ""
    """The last run of the thread before this start; empty for the first."""
    has_message: bool = False
    """The thread has the person's message already."""
    is_in_doubt: bool = False
    """A start was sent of which it is not known whether a run comes."""

    async def found_or_made(self) -> str:
        """Adopt what another process may have started; else start it."""
        return await self._found() or await self.made()

    async def made(self) -> str:
        """The id of the run.

        Raises:
            AgentError: It was refused, or some starts in a row were lost and none of them arrived.
        """
        lost: AgentError = BadStream("suna_start_unknown")
        for _ in range(_MOST_UNCERTAIN_STARTS):
            try:
                if run_id := await self._posted():
                    return run_id
            except AgentError as error:
                if is_unsent(error) or not error.will_help_to_retry:
                    raise
                lost = error
            if run_id := await self._found():
                return run_id
        raise lost

    async def _posted(self) -> str | None:
        """One start that may be lost on the way; None where it was taken without telling its id."""
        client, message = self.client, message_of(self.request)
        dialect = await client.dialect()
        if not dialect.starts_by_form and not self.has_message:
            await until_done(client.server, lambda: client.add_message(self.thread_id, message))
            self.has_message = True
        agent_id = self.request.agent.remote_id
        prompt = None if self.has_message else message

        async def post() -> str | None:
            self.is_in_doubt = True
            try:
                return await client.start(self.thread_id, agent_id=agent_id, prompt=prompt)
            except AgentError as error:
                self.is_in_doubt = error.will_help_to_retry and not is_unsent(error)
                raise

        return await until_done(client.server, post)

    async def _found(self) -> str | None:
        """The thread's run, looked for as long as one may still appear; learns whether the message is there."""
        server, pauses = self.client.server, Pauses(self.client.server)
        dialect = await until_answered(server, self.client.dialect)
        timing = server.timing
        window = timing.late_window_seconds if dialect.writes_late else timing.start_window_seconds
        while True:
            runs = await until_answered(server, lambda: self.client.runs(self.thread_id))
            if runs and runs[0].id != self.after_run_id:
                return runs[0].id
            if pauses.seconds_gone >= window:
                break
            await asyncio.sleep(min(_LOOK_SECONDS, window))
        rows = await until_answered(server, lambda: self.client.messages(self.thread_id))
        self.has_message = bool(rows) and rows[-1].type == "user"
        return None
