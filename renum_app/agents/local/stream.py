"""One call to a model, as the updates of a run."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_ai.direct import model_request_stream
from pydantic_ai.exceptions import AgentRunError, UserError
from pydantic_ai.messages import (
    ModelRequest,
    ModelResponse,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
)
from pydantic_ai.models import Model, StreamedResponse
from pydantic_ai.settings import ModelSettings

from renum_app.agents.backend import AgentFailed, BadStream, RunEnded, RunRequest, RunTimeout, TextDelta, Usage
from renum_app.agents.local.failures import Call, agent_error
from renum_app.agents.local.providers import price_list
from renum_app.http import TRANSPORT_ERRORS
from renum_app.models.values import storable
from renum_app.settings import Settings

log = logging.getLogger(__name__)

_MOST_TOKENS = 2_147_483_647
"""More than any model reads or writes, and the largest number a database column is sure to hold."""
_BROKEN_ANSWER = (ValidationError, ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError)
"""What the SDKs raise when an answer has not the shape they were written for."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a provider may be silent; the engine bounds the whole attempt and the size of its text."""

    first_token_seconds: float
    idle_seconds: float

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        return cls(first_token_seconds=settings.first_token_timeout_seconds, idle_seconds=settings.idle_timeout_seconds)


async def stream_answer(
    model: Model[Any], *, request: RunRequest, call: Call, limits: Limits, settings: ModelSettings
) -> AsyncGenerator[TextDelta | RunEnded]:
    """The pieces of the answer and its end; closing the generator closes the connection.

    Raises:
        AgentError: The call failed, or the answer is not whole.
    """
    text: list[str] = []
    message, given = _message(request), _settings(request, limits, base=settings)
    try:
        async with model_request_stream(model, [message], model_settings=given) as stream:
            async for piece in _pieces(stream, limits=limits, call=call):
                text.append(piece)
                yield TextDelta(piece)
            response = stream.get()
    except (AgentRunError, UserError, *TRANSPORT_ERRORS, *_BROKEN_ANSWER) as error:
        # Neither logged nor chained beyond its class: what it says may quote the key or the prompt.
        log.info("A model call failed", extra={"action": "model_call_failed", "error_class": type(error).__name__})
        raise agent_error(error, call, has_begun=bool(text)) from None
    yield _end("".join(text), response=response, call=call)


def _message(request: RunRequest) -> ModelRequest:
    return ModelRequest.user_text_prompt(request.input, instructions=request.instructions or None)


def _settings(request: RunRequest, limits: Limits, *, base: ModelSettings) -> ModelSettings:
    settings = base.copy()
    settings["first_event_timeout"] = limits.first_token_seconds
    if request.max_tokens is not None:
        settings["max_tokens"] = request.max_tokens
    if request.temperature is not None:
        settings["temperature"] = request.temperature
    return settings


async def _pieces(stream: StreamedResponse, *, limits: Limits, call: Call) -> AsyncIterator[str]:
    """The text of the stream; thoughts and anything else are passed over."""
    events = aiter(stream)
    wait = limits.first_token_seconds
    while True:
        try:
            async with asyncio.timeout(wait):
                event = await anext(events)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise RunTimeout("provider_silent", agent=call.agent, **call.names()) from None
        wait = limits.idle_seconds
        if isinstance(event, PartStartEvent) and isinstance(event.part, TextPart) and event.part.content:
            yield storable(event.part.content)
        elif isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta) and event.delta.content_delta:
            yield storable(event.delta.content_delta)


def _end(text: str, *, response: ModelResponse, call: Call) -> RunEnded:
    """The end of a whole answer.

    Raises:
        BadStream: It was cut, or has no text.
        AgentFailed: The provider ended it for a reason that asking again would not change.
    """
    names: dict[str, Any] = {"agent": call.agent, **call.names()}
    if response.finish_reason is None or response.state != "complete" or response.finish_reason == "error":
        raise BadStream("stream_cut", **names)
    if response.finish_reason == "content_filter":
        raise AgentFailed("content_filtered", **names)
    if not text.strip():
        if response.finish_reason == "length":
            raise AgentFailed("no_room_for_answer", **names)
        raise BadStream("answer_empty", **names)
    return RunEnded(
        text=text,
        usage=_usage(response),
        provider=price_list(call.credential),
        model=storable(response.model_name or call.model),
        finish_reason=response.finish_reason,
    )


def _usage(response: ModelResponse) -> Usage:
    """The provider's own numbers; what it did not tell, or cannot mean, stays unknown."""
    usage = response.usage
    counts: tuple[Any, ...] = (usage.input_tokens, usage.output_tokens)
    if not all(isinstance(count, int) and 0 <= count <= _MOST_TOKENS for count in counts):
        return Usage()
    if usage.unmeasured_requests or not (usage.input_tokens or usage.output_tokens):
        return Usage()
    return Usage(
        input_tokens=usage.input_tokens, output_tokens=usage.output_tokens, cached_tokens=usage.cache_read_tokens
    )
