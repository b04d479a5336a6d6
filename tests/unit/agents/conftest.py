"""Requests that are valid by default."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from renum_app.agents.backend import RunRequest
from renum_app.models.agent import AgentSnapshot, Backend, RehearsalScript


def request_for(
    *,
    input: str = "Analise o relatório e diga o que fazer.",  # noqa: A002 - the field's own name
    instructions: str = "Você é uma analista de finanças. Seja breve.",
    attempt: int = 1,
    rehearsal: RehearsalScript | None = None,
    **more: Any,
) -> RunRequest:
    agent = AgentSnapshot(
        agent_id="ana", name="Ana", backend=Backend.REHEARSAL, instructions=instructions, rehearsal=rehearsal
    )
    return RunRequest(
        user_id=uuid4(),
        execution_id=uuid4(),
        step_id="ana",
        attempt=attempt,
        agent=agent,
        instructions=instructions,
        input=input,
        **more,
    )


@pytest.fixture
def make_request() -> Callable[..., RunRequest]:
    return request_for
