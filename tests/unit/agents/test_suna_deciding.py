"""What Suna's ends, refusals and silences mean."""

from __future__ import annotations

from typing import Any

import pytest

from renum_app.agents.backend import AgentError, RateLimited
from renum_app.agents.suna.breaker import Breaker
from renum_app.agents.suna.ending import Heard, verdict
from renum_app.agents.suna.events import Told, Trouble
from renum_app.agents.suna.failures import RouteMissing, ThingMissing, is_unsent, of_status
from renum_app.agents.suna.wire import MessageRow, RunRow

ANSWER = MessageRow.model_validate({"type": "assistant", "content": {"content": "Pronto."}})
ENDS = MessageRow.model_validate({"type": "status", "content": {"finish_reason": "agent_terminated"}})
LAST = MessageRow.model_validate({"type": "status", "content": {}, "metadata": {"agent_should_terminate": True}})
BROKEN = MessageRow.model_validate({"type": "status", "content": {"status_type": "error", "message": "no"}})


def judged(status: str, *rows: MessageRow, error: str | None = None, **heard: Any) -> str:
    """The answer, or the word of the failure."""
    run = RunRow(id="r", status=status, error=error)
    try:
        return verdict(run, Heard(**heard), rows, key="pk_a:sk_b").text
    except AgentError as failure:
        return failure.message


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (judged("completed", ANSWER), "Pronto."),
        (judged("completed", ANSWER, told=Told("failed")), "Pronto."),
        (judged("failed", ANSWER, told=Told("completed")), "suna_run_failed"),
        (judged("completed", ANSWER, trouble=Trouble("no")), "suna_run_failed"),
        (judged("completed", ANSWER, BROKEN), "suna_run_failed"),
        (judged("completed"), "suna_answer_empty"),
        (judged("stopped", ANSWER), "suna_stopped_there"),
        (judged("stopped", ANSWER, told=Told("stopped", "Agent completed (tool=complete)")), "Pronto."),
        (judged("stopped", ANSWER, told=Told("stopped", "Awaiting user input")), "Pronto."),
        (judged("stopped", ANSWER, ENDS), "Pronto."),
        (judged("stopped", ANSWER, LAST), "Pronto."),
        (judged("stopped", ANSWER, ENDS, told=Told("stopped", "Instance shutdown: x")), "suna_interrupted"),
        (judged("stopped", ANSWER, told=Told("stopped", "Stopped by stop_signal")), "suna_interrupted"),
        (judged("stopped", ANSWER, error="Insufficient credits: -1"), "suna_no_credit"),
        (judged("stopped", told=Told("stopped", "Billing limit reached: x")), "suna_no_credit"),
        (judged("failed", trouble=Trouble("x", "BILLING_ERROR")), "suna_no_credit"),
        (judged("failed", trouble=Trouble("x", "AGENT_RUN_LIMIT_EXCEEDED")), "suna_run_limit"),
        (judged("failed", trouble=Trouble("x", "SHUTDOWN")), "suna_interrupted"),
        (judged("failed", error="run_timeout (3000s)"), "suna_run_timeout"),
        (judged("failed", error="Worker timeout"), "suna_interrupted"),
        (judged("paused", ANSWER), "suna_run_failed"),
    ],
)
def test_an_end_is_what_is_on_record_and_the_worse_of_what_was_heard(found: str, expected: str) -> None:
    assert found == expected


def test_what_the_server_says_of_a_failure_loses_the_key() -> None:
    run = RunRow(id="r", status="failed", error="bad key pk_a:sk_b, and sk_b alone")
    with pytest.raises(AgentError) as caught:
        verdict(run, Heard(), [], key="pk_a:sk_b")

    assert caught.value.params["detail"] == "bad key [key], and [key] alone"


def refused(status: int, detail: Any, *, retry_after: float | None = None) -> Exception:
    return of_status(status, {"detail": detail}, key="pk_a:sk_b", retry_after=retry_after)


@pytest.mark.parametrize(
    ("status", "detail", "word"),
    [
        (402, {"error_code": "INSUFFICIENT_CREDITS", "message": "m"}, "suna_no_credit"),
        (402, {"message": "m", "subscription": {}}, "suna_no_credit"),
        (402, {"error_code": "AGENT_RUN_LIMIT_EXCEEDED", "limit": 3}, "suna_run_limit"),
        (402, {"running_count": 3, "limit": 3}, "suna_run_limit"),
        (402, {"error_code": "THREAD_LIMIT_EXCEEDED", "current_count": 1}, "suna_full"),
        (402, {"error_code": "MODEL_ACCESS_DENIED"}, "suna_model_denied"),
        (403, {"message": "m", "allowed_models": []}, "suna_model_denied"),
        (403, "Not authorized", "suna_forbidden"),
        (429, {"running_count": 1}, "suna_run_limit"),
        (401, "Invalid token", "suna_key_rejected"),
        (413, "too big", "suna_input_too_large"),
        (500, ["odd"], "suna_failed"),
        (503, None, "suna_failed"),
        (400, [{"msg": "no"}, 7], "suna_refused"),
    ],
)
def test_a_refusal_is_known_by_its_status_and_code(status: int, detail: Any, word: str) -> None:
    error = refused(status, detail)

    assert isinstance(error, AgentError)
    assert error.message == word


def test_a_missing_route_is_not_a_missing_thing() -> None:
    assert isinstance(refused(404, "Not Found"), RouteMissing)
    assert isinstance(refused(404, "Thread not found"), ThingMissing)
    assert isinstance(refused(422, [{"msg": "field required"}]), RouteMissing)
    assert isinstance(of_status(404, None, key="k:v", retry_after=None), RouteMissing)


def test_only_what_was_surely_not_done_may_be_asked_again() -> None:
    assert is_unsent(refused(503, None))  # pyright: ignore[reportArgumentType]
    assert is_unsent(refused(429, {}))  # pyright: ignore[reportArgumentType]
    assert not is_unsent(refused(500, None))  # pyright: ignore[reportArgumentType]


def test_a_wait_that_a_server_asks_for_has_a_bound() -> None:
    limited = refused(429, {}, retry_after=3_600.0)

    assert isinstance(limited, RateLimited)
    assert limited.retry_after == 60.0


def test_the_breaker_opens_after_five_failures_and_lets_one_try_after_its_time() -> None:
    now = [100.0]
    breaker = Breaker(opens_after=5, seconds=30.0, clock=lambda: now[0])
    for _ in range(4):
        breaker.failed()
    assert breaker.wait_seconds() == 0.0

    breaker.failed()
    assert breaker.wait_seconds() == 30.0
    now[0] += 30.0
    assert breaker.wait_seconds() == 0.0, "one may try"
    assert breaker.wait_seconds() == 30.0, "the others wait for what it finds"
    breaker.failed()
    assert breaker.is_open
    now[0] += 31.0
    assert breaker.wait_seconds() == 0.0
    breaker.succeeded()
    assert breaker.wait_seconds() == 0.0
    assert not breaker.is_open
