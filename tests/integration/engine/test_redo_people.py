"""Redoing what people have approved, edited or rejected, on SQLite and PostgreSQL."""

from __future__ import annotations

from uuid import UUID

from renum_app.agents.backend import AgentFailed
from renum_app.models.approval import ApprovalRead
from renum_app.models.redo import ForkRequest
from renum_app.services import approvals, executions, redo
from tests.fakes import fails, says
from tests.integration.engine.conftest import Stage
from tests.integration.engine.test_approvals import AFTER, APPROVE, BEFORE, REJECT, instead
from tests.integration.processes import until


async def asked_about(stage: Stage, execution_id: UUID, step_id: str) -> ApprovalRead:
    """The open question about one step, once it is asked."""

    async def found() -> list[ApprovalRead]:
        read = await executions.get(stage.user, execution_id)
        return [one for one in read.approvals if one.step_id == step_id]

    await until(found, what=f"the question about {step_id}")
    return (await found())[0]


async def test_a_retry_keeps_what_was_approved_as_it_was_edited_and_asks_again_about_what_was_rejected(
    stage: Stage,
) -> None:
    stage.backend.scripts = {"Ana": says("três riscos"), "Bia": says("relatório")}
    first = await stage.start(await stage.team("Ana", "Bia", kind="pipeline", Ana=AFTER, Bia=AFTER))
    about_ana = await asked_about(stage, first, "Ana")
    await approvals.decide(stage.user, about_ana.approval_id, instead("dois riscos"))
    about_bia = await asked_about(stage, first, "Bia")
    await approvals.decide(stage.user, about_bia.approval_id, REJECT)
    parent = await stage.finished(first)
    assert (parent.status, parent.error_code) == ("failed", "approval_rejected")

    stage.backend.requests.clear()
    again = (await redo.retry(stage.user, first)).execution_id
    about_bia = await asked_about(stage, again, "Bia")
    assert stage.backend.calls == {"Bia": 1}
    assert stage.backend.sent_to("Bia").input == "dois riscos"
    await approvals.decide(stage.user, about_bia.approval_id, APPROVE)
    execution = await stage.finished(again)
    assert execution.status == "completed"
    assert execution.agent_results["Ana"]["text"] == "dois riscos"


async def test_a_given_input_is_what_a_person_is_asked_about(stage: Stage) -> None:
    first = await stage.start(await stage.team("Ana", "Bia", kind="pipeline", Bia=BEFORE))
    about_bia = await asked_about(stage, first, "Bia")
    await approvals.decide(stage.user, about_bia.approval_id, APPROVE)
    await stage.finished(first)

    forked = (await redo.fork(stage.user, first, ForkRequest(from_step="Bia", input="Só isto."))).execution_id
    about_bia = await asked_about(stage, forked, "Bia")
    assert about_bia.text == "Só isto."
    await approvals.decide(stage.user, about_bia.approval_id, instead("Nem isto."))
    await stage.finished(forked)
    assert stage.backend.sent_to("Bia").input == "Nem isto."


async def test_a_given_output_needs_nobodys_approval(stage: Stage) -> None:
    first = await stage.start(await stage.team("Ana", "Bia", Ana=AFTER))
    about_ana = await asked_about(stage, first, "Ana")
    await approvals.decide(stage.user, about_ana.approval_id, APPROVE)
    await stage.finished(first)

    forked = (await redo.fork(stage.user, first, ForkRequest(from_step="Ana", output="dito por mim"))).execution_id
    execution = await stage.finished(forked)
    assert execution.status == "completed"
    assert (await executions.get(stage.user, forked)).approvals == []


async def test_a_fork_of_one_branch_leaves_another_the_input_that_a_person_gave_it(stage: Stage) -> None:
    first = await stage.run(await stage.team("Ana", "Bia", kind="parallel"))
    stage.backend.scripts = {"Ana": fails(lambda: AgentFailed("refused"))}
    given = await redo.fork(stage.user, first.execution_id, ForkRequest(from_step="Ana", input="Só isto."))
    assert (await stage.finished(given.execution_id)).status == "failed"

    stage.backend.scripts = {}
    again = await redo.fork(stage.user, given.execution_id, ForkRequest(from_step="Bia"))
    assert (await stage.finished(again.execution_id)).status == "completed"
    assert (stage.backend.sent_to("Ana").input, stage.backend.sent_to("Bia").input) == ("Só isto.", "Analise.")
