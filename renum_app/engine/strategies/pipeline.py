"""Pipeline: by order; each member reads the previous one's result and nothing else (see `inputs`)."""

from __future__ import annotations

from renum_app.engine.plan import Brief, Plan
from renum_app.engine.progress import Progress
from renum_app.engine.strategies.decision import Decision
from renum_app.engine.strategies.ordered import by_order, when_fed


def decide(plan: Plan, brief: Brief, progress: Progress) -> Decision:
    return by_order(plan, brief, progress, when_fed)
