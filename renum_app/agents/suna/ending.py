"""What the end of a run means: the stored status decides, the stream only adds what it heard. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from renum_app.agents.backend import AgentError, AgentFailed, BadStream, RateLimited, RunTimeout
from renum_app.agents.suna.answer import Answer, answer_in
from renum_app.agents.suna.events import Told, Trouble
from renum_app.agents.suna.failures import redacted
from renum_app.agents.suna.wire import MessageRow, RunRow

_CREDIT = re.compile(r"credits?\b|billing", re.IGNORECASE)
_INTERRUPTED = re.compile(r"instance shutdown|worker timeout|stopped by", re.IGNORECASE)
_GOOD_STOP = re.compile(r"agent completed \(tool=|awaiting user input", re.IGNORECASE)
_GOOD_REASONS = frozenset({"stop", "agent_terminated", "end_turn"})
_BILLING_CODES = frozenset({"BILLING_ERROR", "LIMIT_EXCEEDED", "INSUFFICIENT_CREDITS"})
WORKER_TIMEOUT = "Worker timeout"


@dataclass(slots=True)
class Heard:
    """What the stream said of the run's end."""

    told: Told | None = None
    trouble: Trouble | None = None


def verdict(run: RunRow, heard: Heard, rows: Sequence[MessageRow], *, key: str) -> Answer:
    """The answer of a run that has ended well.

    Args:
        rows: The messages of the run, in order.
        key: Taken out of the server's words.

    Raises:
        AgentError: It has not ended well, whatever the stream said.
    """
    trouble = heard.trouble or trouble_in(rows)
    words = run.error or (trouble.message if trouble else "") or (heard.told.message if heard.told else "")
    if run.status == "failed" or trouble:
        raise _failure(words, trouble.code if trouble else "", key=key)
    if run.status == "stopped" and not _is_good_stop(words, rows):
        raise _stop(words, key=key)
    if run.status not in {"completed", "stopped"}:
        raise AgentFailed("suna_run_failed", detail=redacted(run.status, key=key))
    answer = answer_in(rows)
    if not answer.text.strip():
        raise BadStream("suna_answer_empty")
    return answer


def _failure(words: str, code: str, *, key: str) -> AgentError:
    if code in _BILLING_CODES or (not code and _CREDIT.search(words)):
        return AgentFailed("suna_no_credit", status=402, detail=redacted(words, key=key) or "–")
    if code == "AGENT_RUN_LIMIT_EXCEEDED":
        return RateLimited("suna_run_limit", retry_after=None, limit="–")
    if words.startswith("run_timeout"):
        return RunTimeout("suna_run_timeout")
    if code == "SHUTDOWN" or _INTERRUPTED.search(words):
        return AgentFailed("suna_interrupted", retryable=True, detail=redacted(words, key=key) or "–")
    # Not tried again by itself: an agent has tools, and what it did with them it would do twice.
    return AgentFailed("suna_run_failed", detail=redacted(words, key=key) or "–")


def _stop(words: str, *, key: str) -> AgentError:
    if _CREDIT.search(words):
        return AgentFailed("suna_no_credit", status=402, detail=redacted(words, key=key))
    if _INTERRUPTED.search(words):
        return AgentFailed("suna_interrupted", retryable=True, detail=redacted(words, key=key))
    return AgentFailed("suna_stopped_there")


def _is_good_stop(words: str, rows: Sequence[MessageRow]) -> bool:
    """Late releases end a good run as `stopped`; without the message, the thread itself tells."""
    if _CREDIT.search(words) or _INTERRUPTED.search(words):
        return False
    return bool(_GOOD_STOP.search(words)) or any(_tells_an_end(row) for row in rows)


def _tells_an_end(row: MessageRow) -> bool:
    if str(row.metadata.get("agent_should_terminate", "")).lower() == "true":
        return True
    return row.type == "status" and row.content.get("finish_reason") in _GOOD_REASONS


def trouble_in(rows: Sequence[MessageRow]) -> Trouble | None:
    """The first error that a run wrote into its messages."""
    for row in rows:
        if row.type == "status" and row.content.get("status_type") == "error":
            words = row.content.get("message") or row.content.get("error")
            return Trouble(words if isinstance(words, str) else "")
    return None
