"""What follows a failed attempt, as numbers."""

from __future__ import annotations

import pytest

from renum_app.agents.backend import (
    AgentError,
    AgentFailed,
    BackendUnreachable,
    BadStream,
    CredentialRejected,
    RateLimited,
)
from renum_app.engine.progress import StepProgress
from renum_app.engine.retries import Again, after_failure, may_have_spent
from renum_app.models.agent import Backend
from tests.unit.engine.teams import plan

UNREACHABLE = BackendUnreachable("unreachable")


@pytest.mark.parametrize(
    ("error", "failures", "seconds"),
    [
        (UNREACHABLE, 0, 1.0),
        (UNREACHABLE, 1, 2.0),
        (UNREACHABLE, 2, None),
        (RateLimited(retry_after=7), 0, 7.0),
        (RateLimited(retry_after=600), 0, 600.0),
        (RateLimited(retry_after=36_000), 0, 3_600.0),
        (RateLimited(retry_after=None), 1, 2.0),
        (AgentFailed("refused"), 0, None),
        (AgentFailed("overloaded", retryable=True), 0, 1.0),
        (CredentialRejected("rejected"), 0, None),
        (BadStream("cut"), 0, 1.0),
    ],
)
def test_only_what_may_help_is_tried_again_and_each_time_later(
    error: AgentError, failures: int, seconds: float | None
) -> None:
    own = StepProgress("a", 0, failures=failures)
    again = after_failure(plan("a").steps[0], own, error, jitter=0.5)
    assert (again.seconds if again else None) == seconds


@pytest.mark.parametrize(("jitter", "seconds"), [(0.0, 0.75), (1.0, 1.25)])
def test_agents_that_failed_together_do_not_come_back_together(jitter: float, seconds: float) -> None:
    again = after_failure(plan("a").steps[0], StepProgress("a", 0), UNREACHABLE, jitter=jitter)
    assert again
    assert again.seconds == seconds


def test_the_fallback_takes_over_once() -> None:
    step = plan({"agent_id": "a", "on_failure": "fallback", "fallback_agent_id": "b"}).steps[0]
    own = StepProgress("a", 0)
    assert after_failure(step, own, AgentFailed("refused"), jitter=0) == Again(0.0, "fallback", to_fallback=True)
    own.is_fallback = True
    assert after_failure(step, own, AgentFailed("refused"), jitter=0) is None


@pytest.mark.parametrize(
    ("error", "backend", "has_spoken", "expected"),
    [
        (BadStream("cut"), Backend.LOCAL, False, True),
        (BadStream("cut"), Backend.REHEARSAL, True, False),
        (AgentFailed("output_too_large"), Backend.LOCAL, False, True),
        (RateLimited(retry_after=1), Backend.LOCAL, False, False),
        (AgentFailed("provider_failed"), Backend.LOCAL, True, True),
    ],
)
def test_a_failed_call_may_have_spent_what_nobody_counted(
    error: AgentError, backend: Backend, *, has_spoken: bool, expected: bool
) -> None:
    assert may_have_spent(error, backend, has_spoken=has_spoken) is expected
