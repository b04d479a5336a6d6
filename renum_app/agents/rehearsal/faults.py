"""Failures on purpose: each one looks to the engine as the real one would."""

from __future__ import annotations

import logging
import os
import signal
from dataclasses import dataclass
from typing import NoReturn

from renum_app.agents.backend import AgentError, AgentFailed, BackendUnreachable, BadStream, RateLimited, RunRequest
from renum_app.models.agent import RehearsalFault, RehearsalScript
from renum_app.settings import get_settings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DueFault:
    """A fault of this attempt, and after how many characters it strikes."""

    fault: RehearsalFault
    at: int


def fault_of(script: RehearsalScript, *, attempt: int, length: int) -> DueFault | None:
    """The first fault of the script that this attempt meets."""
    for fault in script.faults:
        if not fault.attempts or attempt in fault.attempts:
            return DueFault(fault, at=min(_place(fault, length=length), length))
    return None


def happen(due: DueFault, *, request: RunRequest) -> NoReturn:
    """Fail as the script says.

    Raises:
        AgentError: The class that the same trouble of a real agent would have.
    """
    if due.fault.kind == "crash":
        _crash()
    raise _error(due.fault, agent=request.agent.name)


def _place(fault: RehearsalFault, *, length: int) -> int:
    # A cut before the first word would be an empty answer, which is a fault of its own.
    return length // 2 if fault.kind == "cut" and not fault.after_chars else fault.after_chars


def _error(fault: RehearsalFault, *, agent: str) -> AgentError:
    match fault.kind:
        case "rate_limit":
            return RateLimited("rehearsed_rate_limit", retry_after=fault.retry_after, agent=agent)
        case "unreachable":
            return BackendUnreachable("rehearsed_unreachable", agent=agent)
        case "empty":
            return BadStream("rehearsed_empty", agent=agent)
        case "cut":
            return BadStream("rehearsed_cut", agent=agent)
        case "garbage":
            return BadStream("rehearsed_garbage", agent=agent)
        case "error" | "crash":
            return AgentFailed("rehearsed_error", retryable=True, agent=agent)


def _crash() -> None:
    """Kill this process as `kill -9` would; in production nobody may, and the attempt just fails."""
    if get_settings().is_production:
        return
    log.warning("Rehearsed crash: this process ends now", extra={"action": "rehearsed_crash"})
    os.kill(os.getpid(), signal.SIGKILL)
