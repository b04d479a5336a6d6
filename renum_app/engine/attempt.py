"""One attempt of one step: the only place where an agent is called."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass

from renum_app.agents.backend import (
    AgentBackend,
    AgentFailed,
    BadStream,
    RunEnded,
    RunRequest,
    RunStarted,
    RunTimeout,
    TextDelta,
    TextReplaced,
)
from renum_app.engine import facts
from renum_app.engine.plan import PlannedStep
from renum_app.engine.pulse import Pulse
from renum_app.engine.recorder import Journal
from renum_app.engine.reducer import Fact
from renum_app.engine.transcript import Transcript
from renum_app.models.values import storable

ATTEMPT_TIMEOUT = "attempt_timeout"


@dataclass(frozen=True)
class Attempt:
    """Everything one call needs, settled before it starts."""

    step: PlannedStep
    request: RunRequest
    backend: AgentBackend | None
    """None where this server has none of the agent's kind."""
    timeout_seconds: float
    max_bytes: int
    stalled_after_seconds: float
    """Without a word, after which people are told."""
    identifiers: Mapping[str, str] | None = None
    """Of the run to attach to; None starts one."""
    streamed_chars: int = 0
    """Stored before, by the owner whose run this goes on with."""


@dataclass(frozen=True)
class Answer:
    ended: RunEnded
    output: str
    seconds: float
    rest: list[Fact]
    """Text still to be stored, in one commit with the answer."""


async def run(attempt: Attempt, journal: Journal) -> Answer:
    """Call the agent and follow it to its good end.

    Raises:
        AgentError: The attempt failed.
        UnknownRun: There is no such run to attach to.
        OwnershipLost: The execution has another owner.
    """
    transcript = Transcript(
        journal,
        attempt.step,
        attempt=attempt.request.attempt,
        max_bytes=attempt.max_bytes,
        offset=attempt.streamed_chars,
    )
    pulse = Pulse(journal, attempt.step, attempt=attempt.request.attempt, seconds=attempt.stalled_after_seconds)
    now = asyncio.get_running_loop().time
    began = now()
    try:
        ended = await _in_time(attempt, transcript, pulse, journal)
    except BaseException:  # also when it is cancelled: what was said stays
        if rest := transcript.rest():
            journal.record(rest)
        raise
    finally:
        pulse.stop()
    return Answer(ended=ended, output=storable(ended.text), seconds=now() - began, rest=transcript.rest())


async def _in_time(attempt: Attempt, transcript: Transcript, pulse: Pulse, journal: Journal) -> RunEnded:
    limit = asyncio.timeout(attempt.timeout_seconds)
    try:
        async with limit:
            return await _follow(attempt, transcript, pulse, journal)
    except TimeoutError:
        if not limit.expired():
            raise
        raise RunTimeout(ATTEMPT_TIMEOUT, seconds=round(attempt.timeout_seconds, 1)) from None


async def _follow(attempt: Attempt, transcript: Transcript, pulse: Pulse, journal: Journal) -> RunEnded:
    request, identifiers = attempt.request, attempt.identifiers
    if attempt.backend is None:
        raise AgentFailed("backend_missing", backend=request.agent.backend.value)
    stream = attempt.backend.run(request) if identifiers is None else attempt.backend.attach(request, identifiers)
    async with aclosing(stream) as updates:  # pyright: ignore[reportArgumentType] (iterators here are generators)
        async for update in updates:
            pulse.beat()
            match update:
                case TextDelta(text):
                    transcript.add(text)
                case TextReplaced(text):
                    transcript.replace(text)
                case RunStarted(started) if started and transcript.is_open:
                    await asyncio.shield(journal.record([facts.run_started(attempt.step, request.attempt, started)]))
                case RunEnded():
                    transcript.agree_on(update.text, is_attached=identifiers is not None)
                    return update
                case _:
                    pass
    raise BadStream("answer_cut")
