"""How each workflow type goes on: pure functions of plan and progress, one module per type."""

from __future__ import annotations

from collections.abc import Callable

from renum_app.engine.plan import Brief, Plan
from renum_app.engine.progress import Progress
from renum_app.engine.strategies import conditional, parallel, pipeline, sequential
from renum_app.engine.strategies.decision import Decision
from renum_app.models.workflow import WorkflowType

Strategy = Callable[[Plan, Brief, Progress], Decision]

STRATEGIES: dict[WorkflowType, Strategy] = {
    WorkflowType.SEQUENTIAL: sequential.decide,
    WorkflowType.PARALLEL: parallel.decide,
    WorkflowType.PIPELINE: pipeline.decide,
    WorkflowType.CONDITIONAL: conditional.decide,
}


def decide(plan: Plan, brief: Brief, progress: Progress) -> Decision:
    """What happens next, by the workflow's own strategy."""
    return STRATEGIES[plan.type](plan, brief, progress)
