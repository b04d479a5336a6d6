"""The rehearsal backend: follows a script, streams like a real agent, spends nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from renum_app.agents.backend import Capabilities, RunEnded, RunRequest, RunUpdate, TextDelta, UnknownRun, Usage
from renum_app.agents.rehearsal.answer import written_answer
from renum_app.agents.rehearsal.faults import fault_of, happen
from renum_app.agents.rehearsal.pace import CHARS_PER_TOKEN, paced, tokens_of
from renum_app.models.agent import Backend, RehearsalScript

MODEL = "rehearsal"


class RehearsalBackend:
    """Runs any agent without a model; another backend's agent gets a script of defaults."""

    name = Backend.REHEARSAL
    capabilities = Capabilities()

    async def run(self, request: RunRequest) -> AsyncIterator[RunUpdate]:
        """Stream the scripted answer, or fail where the script says so.

        Raises:
            AgentError: A fault of the script is due in this attempt.
        """
        script = request.agent.rehearsal or RehearsalScript()
        answer = script.reply or written_answer(request)
        text = _bounded(answer, request.max_tokens)
        fault = fault_of(script, attempt=request.attempt, length=len(text))
        async for piece in paced(text, script=script, until=fault.at if fault else len(text)):
            yield TextDelta(piece)
        if fault:
            happen(fault, request=request)
        yield RunEnded(
            text=text,
            usage=_usage(request, script=script, text=text),
            model=MODEL,
            finish_reason="stop" if text == answer else "length",
            is_free=True,
        )

    async def attach(self, request: RunRequest, identifiers: Mapping[str, str]) -> AsyncIterator[RunUpdate]:
        """A rehearsal dies with its process.

        Raises:
            UnknownRun: Always.
        """
        raise UnknownRun
        yield  # makes this an iterator, so that it fails where a real one would

    async def stop(self, request: RunRequest, identifiers: Mapping[str, str]) -> bool:
        """Nothing runs anywhere else, so closing the iterator already stopped it."""
        return True

    async def aclose(self) -> None:
        """Nothing is open."""


def _bounded(answer: str, max_tokens: int | None) -> str:
    return answer if max_tokens is None else answer[: max_tokens * CHARS_PER_TOKEN]


def _usage(request: RunRequest, *, script: RehearsalScript, text: str) -> Usage:
    read, written = script.input_tokens, script.output_tokens
    return Usage(
        input_tokens=tokens_of(request.instructions, request.input) if read is None else read,
        output_tokens=tokens_of(text) if written is None else written,
        cached_tokens=0,
    )
