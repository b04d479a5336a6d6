"""What a step of an execution was given to read: where a fork with another input begins."""

from __future__ import annotations

from uuid import UUID

from renum_app.database import reading
from renum_app.engine.inputs import feed
from renum_app.engine.plan import Brief, Plan
from renum_app.engine.reducer import progress_of
from renum_app.errors import NotFound
from renum_app.models.user import CurrentUser
from renum_app.repositories import events as event_log
from renum_app.repositories import executions


async def input_of(user: CurrentUser, execution_id: UUID, step_id: str) -> str:
    """The input as a person reads and edits it; several sources are sections under their labels.

    Empty where the step had nothing to run on.

    Raises:
        NotFound: The person has no such execution, or it has no such step.
    """
    async with reading() as session:
        execution = await executions.require(session, owner=user.user_id, execution_id=execution_id)
        events = await event_log.lasting(session, execution_id)
    plan = Plan.model_validate(execution.plan)
    if step_id not in plan.by_id:
        raise NotFound
    step, progress = plan.by_id[step_id], progress_of(plan, events)
    if given := progress.of(step).given_input:
        return given
    brief = Brief(execution_id, user.user_id, execution.initial_prompt, execution.variables)
    sections = feed(plan, brief, progress, step).sections
    if len(sections) == 1:
        return sections[0].text
    return "\n\n".join(f"## {section.label}\n\n{section.text}" for section in sections)
