"""What follows a failed attempt: the same agent again, the fallback agent, or nothing. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from renum_app.agents.backend import AgentError, RateLimited
from renum_app.engine.plan import PlannedStep
from renum_app.engine.progress import StepProgress
from renum_app.models.agent import Backend
from renum_app.models.workflow import OnFailure

_LONGEST_SECONDS = 60.0
_LONGEST_ASKED_SECONDS = 3_600.0
"""By a provider; the execution parks meanwhile."""
_MAY_HAVE_SPENT = frozenset({"timeout", "bad_stream"})
MAX_INTERRUPTIONS = 3
"""Restarts of the server in the middle of one step, after which it is held responsible."""
SUSPICIOUS_INTERRUPTIONS = 2
"""So many, and its last chance is in quarantine: others that were cut with it are not to blame."""


@dataclass(frozen=True, slots=True)
class Again:
    seconds: float
    reason: str
    to_fallback: bool = False
    pause: str = "none"
    """What the seconds come from: `backoff`, or `retry_after` that the provider asked for."""


def after_failure(step: PlannedStep, own: StepProgress, error: AgentError, *, jitter: float) -> Again | None:
    """The next attempt, or None when the step has failed.

    Args:
        own: With the failure not yet counted.
        jitter: From 0 to 1; spreads agents that failed together.
    """
    if error.will_help_to_retry and own.failures + 1 < step.retry.max_attempts:
        seconds, pause = _pause(step, own.failures, error, jitter=jitter)
        return Again(seconds=seconds, reason=_reason(error), pause=pause)
    if step.on_failure is OnFailure.FALLBACK and step.fallback and not own.is_fallback:
        return Again(seconds=0.0, reason="fallback", to_fallback=True)
    return None


def may_have_spent(error: AgentError, backend: Backend, *, has_spoken: bool) -> bool:
    """Whether a failed attempt may have used tokens that nobody counted.

    Args:
        has_spoken: Some of an answer had come before it failed.
    """
    was_heard = has_spoken or error.code in _MAY_HAVE_SPENT or error.message == "output_too_large"
    return was_heard and backend is not Backend.REHEARSAL


def _pause(step: PlannedStep, failures_before: int, error: AgentError, *, jitter: float) -> tuple[float, str]:
    """Seconds, and what they come from."""
    backoff = min(_LONGEST_SECONDS, step.retry.backoff_seconds * 2**failures_before * (0.75 + jitter / 2))
    asked = min(_LONGEST_ASKED_SECONDS, error.retry_after or 0.0)
    return (asked, "retry_after") if asked > backoff else (backoff, "backoff")


def _reason(error: AgentError) -> str:
    return "rate_limit" if isinstance(error, RateLimited) else error.code
