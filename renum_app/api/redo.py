"""Redoing executions over REST: retry, fork and resume; each answers with a new, linked execution."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Response

from renum_app.api import documented
from renum_app.api.dependencies import ExecutionId, RunsExecutions
from renum_app.api.once import OnceRoute, located
from renum_app.models.execution_read import ExecutionRead
from renum_app.models.redo import ForkRequest, ResumeRequest
from renum_app.services import redo

router = APIRouter(prefix="/executions", tags=["executions"], route_class=OnceRoute)

ForkBody = Annotated[
    ForkRequest,
    Body(openapi_examples=documented.examples(again=documented.FORK, edited=documented.EDITED_FORK)),
]
ResumeBody = Annotated[ResumeRequest, Body(openapi_examples=documented.examples(cap=documented.RESUME))]
_SAME_CAPS = ResumeRequest()


@router.post("/{execution_id}/retry", status_code=202, responses=documented.errors(401, 404, 409, 429))
async def retry_execution(user: RunsExecutions, execution_id: ExecutionId, response: Response) -> ExecutionRead:
    """Run again what failed, was cut or never ran.

    The answer is a new execution of the same team version, with the agents as they are now. Results of completed
    steps are taken over: their agents are not called, they cost nothing, and `redo` says what that saved. Skipped
    steps are decided again. 409: `not_finished`, `nothing_to_retry` for a completed execution, `team_archived`.
    """
    return _located(await redo.retry(user, execution_id), response)


@router.post("/{execution_id}/fork", status_code=202, responses=documented.with_body(401, 404, 409, 429))
async def fork_execution(
    user: RunsExecutions, execution_id: ExecutionId, body: ForkBody, response: Response
) -> ExecutionRead:
    """Run one step and all that follows it again, in a new execution, perhaps with something changed.

    In a parallel workflow those that follow are the members that read the step, directly or through others, and the
    coordinator; in all others the members of a higher order. Other completed steps are taken over, unless their seat
    (agent, input, role, conditions, order) differs in `team_version`: a changed seat runs again, and what follows it.
    With `output` the step itself is not called: what follows it reads that text. A join counts the successes that are
    taken over: where it wants the `first`, nothing else starts. 409: `not_finished`, `team_archived`.
    """
    return _located(await redo.fork(user, execution_id, body), response)


@router.post("/{execution_id}/resume", status_code=202, responses=documented.with_body(401, 404, 409, 429))
async def resume_execution(
    user: RunsExecutions, execution_id: ExecutionId, response: Response, body: ResumeBody = _SAME_CAPS
) -> ExecutionRead:
    """Go on where a budget ended the execution: a retry under new caps.

    Caps count the new execution alone: what the ended one has spent is not subtracted, and results taken over cost
    nothing. A cap that is left out stays as it was. 409 `not_resumable` where no budget ended it.
    """
    return _located(await redo.resume(user, execution_id, body), response)


def _located(execution: ExecutionRead, response: Response) -> ExecutionRead:
    response.headers["Location"] = located(execution)
    return execution
