"""Budgets: before a call its worst case is reserved against the caps, after it what was measured counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from renum_app.agents.backend import Usage
from renum_app.engine.costs import worst_cost
from renum_app.engine.inputs import Letter
from renum_app.engine.plan import Plan, PlannedStep
from renum_app.engine.progress import Progress, StepProgress
from renum_app.models.agent import AgentSnapshot

_BYTES_PER_TOKEN = 3
"""On the safe side for what an input may cost."""
DEFAULT_OUTPUT_TOKENS = 4_096
"""The bound of one call where neither agent nor team gives one; only under a cap."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one call may use."""

    max_tokens: int | None = None
    """Goes with the request."""
    tokens: int = 0
    """Reserved."""
    cost_usd: float = 0.0
    months: tuple[MonthCap, ...] = ()
    """The month caps it was reserved against."""
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class MonthCap:
    """One month cap as a call met it."""

    of: Literal["team", "person"]
    cap_usd: Decimal
    spent_usd: Decimal
    """By all that counts against it, before the call."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a call does not fit: an error code, and the sentence's word and parameters."""

    code: str
    word: str
    params: dict[str, Any]


def allowance(
    plan: Plan,
    progress: Progress,
    step: PlannedStep,
    agent: AgentSnapshot,
    letter: Letter,
    *,
    has_month_cap: bool = False,
) -> Allowance:
    """What the execution's own caps leave for a call, or why it does not fit.

    Args:
        has_month_cap: A cap in US$ applies beyond the execution, so that its worst cost has to be known.
    """
    is_priced = has_month_cap or plan.max_cost_usd is not None
    if not is_priced and not is_bounded(plan):
        return Allowance(max_tokens=step.max_tokens)
    read = input_bound(letter.instructions + letter.input)
    bound = step.max_tokens or DEFAULT_OUTPUT_TOKENS
    used = tokens_used(progress.steps.values())
    if plan.max_tokens is not None:
        # What remains bounds the answer, unless others under way may still give some of theirs back.
        remaining = plan.max_tokens - used - read
        is_shared = any(own.reserved_tokens for own in progress.steps.values())
        if remaining < (bound if is_shared else 1):
            params = {"spent": used, "cap": plan.max_tokens, "needed": read + bound}
            return Allowance(refusal=Refusal("budget_exceeded", "budget_tokens", params))
        bound = min(bound, remaining)
    worst = worst_cost(agent, Usage(input_tokens=read, output_tokens=bound))
    if is_priced and (refusal := _refused_cost(plan, progress, agent, worst)):
        return Allowance(refusal=refusal)
    return Allowance(max_tokens=bound, tokens=read + bound, cost_usd=float(worst or 0))


def is_bounded(plan: Plan) -> bool:
    """Whether the execution has a cap of its own on what it may use."""
    return plan.max_tokens is not None or plan.max_cost_usd is not None


def attempts_refusal(progress: Progress, *, limit: int) -> Refusal | None:
    """Whatever goes round in circles ends here."""
    made = sum(own.attempt for own in progress.steps.values())
    return Refusal("budget_exceeded", "budget_attempts", {"made": made, "cap": limit}) if made >= limit else None


def input_bound(text: str) -> int:
    """Tokens that a text is at most, near enough."""
    return -(-len(text.encode()) // _BYTES_PER_TOKEN)


def tokens_used(steps: Iterable[StepProgress]) -> int:
    """Measured, held for calls nobody measured, and reserved for those under way."""
    return sum((own.tokens or 0) + own.held_tokens + own.reserved_tokens for own in steps)


def cost_used(steps: Iterable[StepProgress]) -> Decimal:
    return sum(
        (
            Decimal(str(own.cost_usd or 0)) + Decimal(str(own.held_usd)) + Decimal(str(own.reserved_usd))
            for own in steps
        ),
        Decimal(),
    )


def _refused_cost(plan: Plan, progress: Progress, agent: AgentSnapshot, worst: Decimal | None) -> Refusal | None:
    if worst is None:
        return Refusal("price_unknown", "price_unknown", {"model": agent.model})
    used = cost_used(progress.steps.values())
    if plan.max_cost_usd is None or used + worst <= Decimal(str(plan.max_cost_usd)):
        return None
    return Refusal(
        "budget_exceeded",
        "budget_cost",
        {"spent": dollars(used), "cap": plan.max_cost_usd, "needed": dollars(worst)},
    )


def dollars(amount: Decimal) -> float:
    """As sentences say it."""
    return float(round(amount, 6))
