"""What the caps leave for the next call."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renum_app.agents.backend import RunEnded, Usage
from renum_app.engine import facts
from renum_app.engine.budgets import allowance, cost_used, tokens_used
from renum_app.engine.costs import measured_cost, worst_cost
from renum_app.engine.inputs import Letter
from renum_app.engine.plan import PlannedStep
from renum_app.engine.reducer import Fact
from renum_app.models.agent import AgentSnapshot, Backend
from renum_app.models.price import PriceSnapshot
from renum_app.models.step import StepStatus
from renum_app.models.values import utc_now
from tests.unit.engine.teams import Story, plan

LETTER = Letter(instructions="", input="x" * 300)
PRICED = AgentSnapshot(agent_id="a", name="A", backend=Backend.LOCAL, model="openai:gpt-4o-mini")
FREE = AgentSnapshot(agent_id="a", name="A", backend=Backend.REHEARSAL)


def test_without_a_cap_the_agents_own_bound_is_all_there_is() -> None:
    story = Story(plan({"agent_id": "a", "config": {"max_tokens": 77}}))
    allowed = allowance(story.plan, story.progress, story.plan.steps[0], FREE, LETTER)
    assert (allowed.max_tokens, allowed.tokens, allowed.refusal) == (77, 0, None)


def test_what_remains_bounds_the_answer() -> None:
    story = Story(plan("a", max_tokens=500))
    allowed = allowance(story.plan, story.progress, story.plan.steps[0], FREE, LETTER)
    assert (allowed.max_tokens, allowed.tokens) == (400, 500)


def test_a_call_whose_input_alone_does_not_fit_is_refused() -> None:
    story = Story(plan("a", max_tokens=100))
    refusal = allowance(story.plan, story.progress, story.plan.steps[0], FREE, LETTER).refusal
    assert refusal
    assert (refusal.code, refusal.params["cap"]) == ("budget_exceeded", 100)


def test_a_reservation_counts_until_it_is_settled_and_stays_when_nobody_measured() -> None:
    story = Story(plan("a", "b", max_tokens=1_000))
    step = story.plan.by_id["a"]
    allowed = allowance(story.plan, story.progress, step, FREE, LETTER)
    story.tell(facts.attempt_started(step, 1, is_fallback=False, reads=[], allowed=allowed))
    assert tokens_used(story.progress.steps.values()) == allowed.tokens
    error = facts.error_data("timeout", "agent_errors.attempt_timeout", agent="A", seconds=1)
    story.tell(facts.attempt_failed(step, 1, error, will_retry=True, unmeasured=True))
    assert tokens_used(story.progress.steps.values()) == allowed.tokens
    story.start("b").complete(b="2")
    assert tokens_used(story.progress.steps.values()) == allowed.tokens + 15


def test_a_cap_in_dollars_refuses_what_may_cost_more() -> None:
    story = Story(plan("a", max_cost_usd=0.000001))
    refusal = allowance(story.plan, story.progress, story.plan.steps[0], PRICED, LETTER).refusal
    assert refusal
    assert refusal.code == "budget_exceeded"
    assert allowance(story.plan, story.progress, story.plan.steps[0], FREE, LETTER).refusal is None


def test_a_cap_in_dollars_needs_a_price() -> None:
    story = Story(plan("a", max_cost_usd=5))
    unpriced = PRICED.model_copy(update={"model": "mine:unheard-of"})
    refusal = allowance(story.plan, story.progress, story.plan.steps[0], unpriced, LETTER).refusal
    assert refusal
    assert refusal.code == "price_unknown"
    assert cost_used(story.progress.steps.values()) == 0


@pytest.mark.parametrize(("agent", "is_known"), [(PRICED, True), (FREE, True)])
def test_the_worst_case_is_priced(agent: AgentSnapshot, *, is_known: bool) -> None:
    assert (worst_cost(agent, Usage(1_000, 1_000)) is not None) is is_known


def test_a_price_of_ones_own_goes_before_the_lists_and_counts_cached_tokens_like_others() -> None:
    own = PRICED.model_copy(update={"price": PriceSnapshot(input_usd_per_million=2, output_usd_per_million=10)})
    unlisted = own.model_copy(update={"model": "vllm:mine"})
    used = Usage(1_000_000, 100_000, cached_tokens=900_000)
    ended = RunEnded("ok", used, provider="openai", model="gpt-4o-mini-2024-07-18")
    assert worst_cost(own, used) == worst_cost(unlisted, used) == measured_cost(own, ended) == 3
    assert measured_cost(PRICED, ended) not in {None, 3}
    assert measured_cost(own, RunEnded("ok", Usage(5, None))) is None
    assert measured_cost(own, RunEnded("ok", used, is_free=True)) == 0
    assert worst_cost(own.model_copy(update={"backend": Backend.REHEARSAL}), used) == 0


ENDS = ("complete", "complete_unmeasured", "refused", "broke_off", "cut", "interrupted")


@given(
    moves=st.lists(
        st.tuples(st.sampled_from(("start", *ENDS)), st.sampled_from("abcde"), st.floats(0, 1)), max_size=60
    ),
    max_tokens=st.one_of(st.none(), st.integers(1, 20_000)),
    max_cost_usd=st.one_of(st.none(), st.floats(0, 0.01)),
)
def test_whatever_the_branches_do_nothing_is_spent_beyond_a_cap(
    moves: list[tuple[str, str, float]], max_tokens: int | None, max_cost_usd: float | None
) -> None:
    story = Story(plan(*"abcde", kind="parallel", max_tokens=max_tokens, max_cost_usd=max_cost_usd))
    tokens, dollars = 0, Decimal()
    for move, step_id, share in moves:
        step, own = story.plan.by_id[step_id], story.progress.steps[step_id]
        if move == "start" and own.status in {StepStatus.PENDING, StepStatus.WAITING}:
            allowed = allowance(story.plan, story.progress, step, PRICED, LETTER)
            if not allowed.refusal:
                story.tell(facts.attempt_started(step, own.attempt + 1, is_fallback=False, reads=[], allowed=allowed))
        elif move != "start" and own.status is StepStatus.RUNNING:
            used = _used(own.reserved_tokens, move=move, share=share)
            tokens, dollars = tokens + (used.total or 0), dollars + (worst_cost(PRICED, used) or 0)
            story.tell(_end(step, own.attempt, used, move=move))
        counted, costs = tokens_used(story.progress.steps.values()), cost_used(story.progress.steps.values())
        assert max_tokens is None or tokens <= counted <= max_tokens
        assert max_cost_usd is None or round(dollars, 9) <= round(costs, 9) <= round(Decimal(max_cost_usd), 9)


def _used(reserved: int, *, move: str, share: float) -> Usage:
    """100 tokens are for what the letter says; what nobody measures may have used all the rest of its reservation."""
    if move == "refused" or not reserved:
        return Usage(0, 0)
    return Usage(100, int((reserved - 100) * (share if move == "complete" else 1)))


def _end(step: PlannedStep, attempt: int, used: Usage, *, move: str) -> list[Fact]:
    """How a call ends, as the engine would tell it."""
    error = facts.error_data("bad_stream", "agent_errors.stream_cut", agent=step.name, service="x")
    if move == "complete":
        cost = float(worst_cost(PRICED, used) or 0)
        return facts.step_completed(step, attempt, RunEnded("ok", used), output="ok", cost_usd=cost, seconds=1)
    if move == "complete_unmeasured":
        return facts.step_completed(step, attempt, RunEnded("ok"), output="ok", cost_usd=None, seconds=1)
    if move == "cut":
        return facts.step_cancelled(step, attempt, reason="join_satisfied", unmeasured=True)
    if move == "interrupted":
        return [facts.attempt_interrupted(step, attempt, unmeasured=True)]
    failed = facts.attempt_failed(step, attempt, error, will_retry=True, unmeasured=move == "broke_off")
    again = facts.retry_scheduled(step, attempt + 1, at=utc_now(), seconds=0, reason="bad_stream", to_fallback=False)
    return [*failed, *again]
