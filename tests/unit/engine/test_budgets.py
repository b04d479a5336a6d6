"""What the caps leave for the next call."""

from __future__ import annotations

import pytest

from renum_app.agents.backend import Usage
from renum_app.engine import facts
from renum_app.engine.budgets import allowance, cost_used, tokens_used
from renum_app.engine.costs import worst_cost
from renum_app.engine.inputs import Letter
from renum_app.models.agent import AgentSnapshot, Backend
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
