"""What a person's month has cost so far, and whether a cap in US dollars can be kept at all."""

from __future__ import annotations

from renum_app.agents.backend import Usage
from renum_app.database import reading
from renum_app.engine.costs import worst_cost
from renum_app.engine.plan import Plan
from renum_app.errors import FieldProblem, Invalid
from renum_app.models.month import Month, MonthRead
from renum_app.models.user import CurrentUser, User
from renum_app.models.values import utc_now
from renum_app.repositories import spending

_ANY_USE = Usage(input_tokens=1, output_tokens=1)


async def month_of(user: User) -> MonthRead:
    """The present month of a person."""
    month = Month.of(utc_now())
    async with reading() as session:
        spent = await spending.spent_in(session, user.user_id, month)
    return MonthRead(
        month=month.name,
        ends_at=month.until,
        budget_usd=user.monthly_budget_usd,
        spent_usd=round(spent.spent_usd, 6),
        reserved_usd=round(spent.reserved_usd, 6),
        unknown_steps=spent.unknown_steps,
    )


def check_prices(user: CurrentUser, plan: Plan, *, field: str) -> None:
    """Refuse a cap in US dollars that a model without a known price would make worthless.

    Args:
        field: Of the request's body, or of the team, that caps the execution's own cost.

    Raises:
        Invalid: There is such a cap and such a model.
    """
    caps = {
        field: plan.max_cost_usd,
        "team_config.monthly_budget_usd": plan.monthly_budget_usd,
        "user.monthly_budget_usd": user.monthly_budget_usd,
    }
    capped = next((name for name, cap in caps.items() if cap is not None), None)
    if capped is None:
        return
    called = {agent.agent_id: agent for step in plan.steps for agent in (step.agent, step.fallback) if agent}
    problems = [
        FieldProblem(capped, "price_unknown", {"agent": agent.name, "model": agent.model})
        for agent in called.values()
        if worst_cost(agent, _ANY_USE) is None
    ]
    if problems:
        raise Invalid(problems, "price_unknown")
