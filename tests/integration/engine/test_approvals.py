"""A step waits for a person, before it starts or after it has answered; on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from renum_app.agents.backend import BackendUnreachable
from renum_app.errors import Conflict, Invalid, NotFound
from renum_app.models.approval import ApprovalRead, ApprovalStatus, Decision, Verdict
from renum_app.models.redo import ForkRequest
from renum_app.services import approvals, executions, redo
from tests import factories
from tests.fakes import fails, hangs, says
from tests.integration.engine.conftest import Stage
from tests.integration.processes import until

APPROVE, REJECT = Decision(decision=Verdict.APPROVE), Decision(decision=Verdict.REJECT)
BEFORE, AFTER = {"requires_approval": "before"}, {"requires_approval": "after"}


def instead(text: str) -> Decision:
    return Decision(decision=Verdict.APPROVE, text=text)


async def asked(stage: Stage, execution_id: UUID, *, times: int = 1) -> list[ApprovalRead]:
    """What the execution waits for, once there is as much as that."""

    async def is_asked() -> bool:
        return len((await executions.get(stage.user, execution_id)).approvals) >= times

    await until(is_asked, what="the question")
    return (await executions.get(stage.user, execution_id)).approvals


async def until_completed(stage: Stage, execution_id: UUID, step_id: str) -> None:
    async def is_completed() -> bool:
        return (await executions.status(stage.user, execution_id)).agent_statuses[step_id] == "completed"

    await until(is_completed, what=step_id)


async def kinds(stage: Stage, execution_id: UUID) -> list[str]:
    return [event["kind"] for event in await stage.events(execution_id)]


async def test_nothing_is_called_before_a_person_has_let_it_start(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": says("três riscos")}
    execution_id = await stage.start(await stage.team("Ana", "Bia", kind="pipeline", Bia=BEFORE))
    (waiting,) = await asked(stage, execution_id)

    assert (waiting.step_id, waiting.agent_name, waiting.moment) == ("Bia", "Bia", "before")
    assert waiting.text == "três riscos"
    assert stage.backend.calls == {"Ana": 1}
    status = await executions.status(stage.user, execution_id)
    assert (status.status, status.waiting_for, status.agent_statuses["Bia"]) == ("running", "approval", "waiting")

    decided = await approvals.decide(stage.user, waiting.approval_id, APPROVE)
    execution = await stage.finished(execution_id)
    assert decided.status is ApprovalStatus.APPROVED
    assert execution.status == "completed"
    assert stage.backend.sent_to("Bia").input == "três riscos"
    stored = await approvals.get(stage.user, waiting.approval_id)
    assert (stored.status, stored.decided_by, stored.edited_text) == ("approved", "person", None)
    assert execution.approvals == []


async def test_what_is_shown_is_to_the_letter_what_is_sent(stage: Stage) -> None:
    execution_id = await stage.start(await stage.team("Ana", "Bia", Bia=BEFORE))
    (waiting,) = await asked(stage, execution_id)
    await approvals.decide(stage.user, waiting.approval_id, APPROVE)
    await stage.finished(execution_id)

    sent = stage.backend.sent_to("Bia")
    assert sent.input == waiting.text
    mark = waiting.text.partition("<<<")[2].partition(" ")[0]
    assert mark
    assert mark in sent.instructions


async def test_an_edited_input_is_sent_in_every_attempt(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": fails(lambda: BackendUnreachable("unreachable"), times=2)}
    quick = {"retry": {"max_attempts": 3, "backoff_seconds": 0.01}}
    execution_id = await stage.start(await stage.team("Ana", Ana={**BEFORE, **quick}))
    (waiting,) = await asked(stage, execution_id)
    await approvals.decide(stage.user, waiting.approval_id, instead("Só o terceiro trimestre."))
    execution = await stage.finished(execution_id)

    assert execution.status == "completed"
    assert [request.input for request in stage.backend.requests] == ["Só o terceiro trimestre."] * 3
    assert (await approvals.get(stage.user, waiting.approval_id)).edited_text == "Só o terceiro trimestre."


async def test_an_answer_waits_until_a_person_lets_it_pass(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": says('{"risco": 4}')}
    execution_id = await stage.start(await stage.team("Ana", "Bia", kind="pipeline", Ana=AFTER))
    (waiting,) = await asked(stage, execution_id)

    assert (waiting.text, waiting.moment) == ('{"risco": 4}', "after")
    execution = await executions.get(stage.user, execution_id)
    assert execution.steps[0].status == "waiting"
    assert execution.usage_metrics["total_tokens"] == 15, "what it used counts while it waits"
    assert execution.agent_results == {}
    assert stage.backend.calls == {"Ana": 1}

    await approvals.decide(stage.user, waiting.approval_id, APPROVE)
    execution = await stage.finished(execution_id)
    assert execution.status == "completed"
    assert execution.usage_metrics["total_tokens"] == 30
    assert execution.final_result
    assert execution.final_result["details"]["shared_context"] == {"risco": 4}
    assert stage.backend.calls == {"Ana": 1, "Bia": 1}


async def test_an_edited_answer_is_read_in_place_of_the_first_which_stays_in_the_log(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": says('{"risco": 4}')}
    condition = [{"field": "risco", "operator": "greater_than", "value": 8}]
    team = await stage.team("Ana", "Bia", kind="conditional", Ana=AFTER, Bia={"conditions": condition})
    execution_id = await stage.start(team)
    (waiting,) = await asked(stage, execution_id)
    await approvals.decide(stage.user, waiting.approval_id, instead('{"risco": 9}'))
    execution = await stage.finished(execution_id)

    assert execution.agent_results["Ana"]["text"] == '{"risco": 9}'
    assert stage.backend.calls["Bia"] == 1
    outputs = [event["data"] for event in await stage.events(execution_id) if event["kind"] == "output_recorded"]
    assert [output["output"] for output in outputs[:2]] == ['{"risco": 4}', '{"risco": 9}']
    assert execution.steps[0].input_tokens == 10


@pytest.mark.parametrize("moment", [BEFORE, AFTER])
async def test_a_rejection_ends_the_team_with_the_persons_reason(stage: Stage, moment: dict[str, Any]) -> None:
    execution_id = await stage.start(await stage.team("Ana", "Bia", Ana=moment))
    (waiting,) = await asked(stage, execution_id)
    rejection = Decision(decision=Verdict.REJECT, reason="As fontes são velhas.")
    await approvals.decide(stage.user, waiting.approval_id, rejection)
    execution = await stage.finished(execution_id)

    assert (execution.status, execution.error_code) == ("failed", "approval_rejected")
    assert "As fontes são velhas." in (execution.error_message or "")
    assert [step.status for step in execution.steps] == ["failed", "cancelled"]
    stored = await approvals.get(stage.user, waiting.approval_id)
    assert (stored.status, stored.reason) == ("rejected", "As fontes são velhas.")


@pytest.mark.parametrize("moment", [BEFORE, AFTER])
async def test_a_team_goes_on_without_a_rejected_member_that_may_fail(stage: Stage, moment: dict[str, Any]) -> None:
    execution_id = await stage.start(await stage.team("Ana", "Bia", Ana={**moment, "on_failure": "continue"}))
    (waiting,) = await asked(stage, execution_id)
    await approvals.decide(stage.user, waiting.approval_id, REJECT)
    execution = await stage.finished(execution_id)

    assert execution.status == "completed"
    assert execution.agent_results["Ana"]["text"] is None
    assert "Feito." not in stage.backend.sent_to("Bia").input


@pytest.mark.parametrize("moment", [BEFORE, AFTER])
async def test_the_fallback_of_a_rejected_member_needs_leave_of_its_own(stage: Stage, moment: dict[str, Any]) -> None:
    stage.backend.scripts = {"Ana": says("fraco"), "Reserva": says("forte")}
    (spare,) = await stage.agents("Reserva")
    takes_over = {**moment, "on_failure": "fallback", "fallback_agent_id": spare.agent_id}
    execution_id = await stage.start(await stage.team("Ana", Ana=takes_over))
    (first,) = await asked(stage, execution_id)
    await approvals.decide(stage.user, first.approval_id, REJECT)

    async def is_heard() -> bool:
        return (await approvals.get(stage.user, first.approval_id)).status is ApprovalStatus.REJECTED

    await until(is_heard, what="the rejection")
    (second,) = await asked(stage, execution_id)
    await approvals.decide(stage.user, second.approval_id, APPROVE)
    execution = await stage.finished(execution_id)

    assert execution.status == "completed"
    assert execution.agent_results["Ana"]["text"] == "forte"
    paid = len(stage.backend.requests) * 15
    assert execution.usage_metrics["total_tokens"] == paid, "a rejected answer was paid for all the same"


async def test_nobody_decides_and_the_member_says_what_happens(stage: Stage) -> None:
    let_pass = {**BEFORE, "approval": {"deadline_seconds": 0.2, "on_deadline": "approve"}}
    refuse = {**AFTER, "approval": {"deadline_seconds": 0.2}, "on_failure": "continue"}
    execution_id = await stage.start(await stage.team("Ana", "Bia", Ana=let_pass, Bia=refuse))
    execution = await stage.finished(execution_id)

    assert execution.status == "completed"
    assert [step.status for step in execution.steps] == ["completed", "failed"]
    assert execution.steps[1].error_code == "approval_rejected"
    decided = [
        *(await approvals.list_approvals(stage.user, status=ApprovalStatus.APPROVED)).items,
        *(await approvals.list_approvals(stage.user, status=ApprovalStatus.REJECTED)).items,
    ]
    assert [approval.decided_by for approval in decided] == ["deadline", "deadline"]


async def test_the_others_run_on_and_who_waits_takes_no_place(stage: Stage) -> None:
    together = {"execution_order": 1}
    config = {"max_concurrency": 1}
    team = await stage.team("Ana", "Bia", "Caio", config=config, Ana={**together, **BEFORE}, Bia=together)
    execution_id = await stage.start(team)
    (waiting,) = await asked(stage, execution_id)
    await until_completed(stage, execution_id, "Bia")
    assert stage.backend.calls == {"Bia": 1}, "order is a barrier, also for one that waits"
    await approvals.decide(stage.user, waiting.approval_id, APPROVE)
    assert (await stage.finished(execution_id)).status == "completed"


async def test_a_member_that_waits_for_leave_never_starts_once_the_team_has_failed(stage: Stage) -> None:
    stage.backend.scripts = {"Bia": fails(lambda: BackendUnreachable("unreachable"))}
    once = {"execution_order": 1, "retry": {"max_attempts": 1}}
    team = await stage.team("Ana", "Bia", Ana={"execution_order": 1, **BEFORE}, Bia=once)
    execution = await stage.run(team)

    assert execution.status == "failed"
    assert [step.status for step in execution.steps] == ["cancelled", "failed"]
    (void,) = (await approvals.list_approvals(stage.user, status=ApprovalStatus.VOID)).items
    with pytest.raises(Conflict, match="already_decided"):
        await approvals.decide(stage.user, void.approval_id, APPROVE)


async def test_nothing_is_reserved_while_a_person_is_waited_for(stage: Stage) -> None:
    together = {"execution_order": 1, "config": {"max_tokens": 100}}
    config = {"max_tokens": 150}
    team = await stage.team("Ana", "Bia", config=config, Ana={**together, **BEFORE}, Bia=together)
    execution_id = await stage.start(team)
    (waiting,) = await asked(stage, execution_id)
    await until_completed(stage, execution_id, "Bia")
    await approvals.decide(stage.user, waiting.approval_id, APPROVE)
    assert (await stage.finished(execution_id)).status == "completed"


async def test_of_two_racing_decisions_exactly_one_counts(stage: Stage) -> None:
    execution_id = await stage.start(await stage.team("Ana", Ana=BEFORE))
    (waiting,) = await asked(stage, execution_id)
    answers = await asyncio.gather(
        *(approvals.decide(stage.user, waiting.approval_id, each) for each in (instead("um"), instead("dois"))),
        return_exceptions=True,
    )
    (won,) = [answer for answer in answers if isinstance(answer, ApprovalRead)]
    (lost,) = [answer for answer in answers if isinstance(answer, BaseException)]
    await stage.finished(execution_id)

    assert isinstance(lost, Conflict)
    assert stage.backend.sent_to("Ana").input == won.edited_text
    with pytest.raises(Conflict, match="already_decided"):
        await approvals.decide(stage.user, waiting.approval_id, APPROVE)
    assert (await kinds(stage, execution_id)).count("approval_decided") == 1


async def test_a_stop_cancels_who_waits_and_voids_what_was_asked(stage: Stage) -> None:
    stage.backend.scripts = {"Bia": hangs()}
    together = {"execution_order": 1}
    team = await stage.team("Ana", "Bia", "Caio", Ana={**together, **BEFORE}, Bia=together, Caio={**together, **AFTER})
    execution_id = await stage.start(team)
    waiting = await asked(stage, execution_id, times=2)
    await executions.stop(stage.user, execution_id)
    execution = await stage.finished(execution_id)

    assert execution.status == "cancelled"
    assert execution.receipt
    assert (execution.receipt["cut"], execution.receipt["not_started"]) == (["Bia", "Caio"], ["Ana"])
    for approval in waiting:
        assert (await approvals.get(stage.user, approval.approval_id)).status is ApprovalStatus.VOID
        with pytest.raises(Conflict, match="already_decided"):
            await approvals.decide(stage.user, approval.approval_id, APPROVE)


async def test_anothers_approval_is_not_there(stage: Stage) -> None:
    execution_id = await stage.start(await stage.team("Ana", Ana=BEFORE))
    (waiting,) = await asked(stage, execution_id)
    other = await factories.user()
    with pytest.raises(NotFound):
        await approvals.get(other, waiting.approval_id)
    with pytest.raises(NotFound):
        await approvals.decide(other, waiting.approval_id, APPROVE)
    assert (await approvals.list_approvals(other)).total == 0
    assert (await executions.overview(other)).needs_you == 0
    assert (await executions.overview(stage.user)).needs_you == 1


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        (instead("x" * 200_001), "text_too_long"),
        (instead(" \n"), "text_is_blank"),
        (Decision(decision=Verdict.REJECT, text="outro"), "text_with_rejection"),
    ],
)
async def test_a_text_that_cannot_be_used_is_refused_and_leaves_the_approval_open(
    stage: Stage, decision: Decision, code: str
) -> None:
    execution_id = await stage.start(await stage.team("Ana", Ana=BEFORE))
    (waiting,) = await asked(stage, execution_id)
    with pytest.raises(Invalid) as refused:
        await approvals.decide(stage.user, waiting.approval_id, decision)
    assert [problem.code for problem in refused.value.problems] == [code]
    await approvals.decide(stage.user, waiting.approval_id, APPROVE)
    assert (await stage.finished(execution_id)).status == "completed"


async def test_a_retry_after_a_rejection_asks_again_and_repeats_nothing_before_it(stage: Stage) -> None:
    rejected = await stage.start(await stage.team("Ana", "Bia", Ana=AFTER, Bia=BEFORE))
    (first,) = await asked(stage, rejected)
    await approvals.decide(stage.user, first.approval_id, instead("revisto"))

    async def is_asked_for_bia() -> bool:
        return [each.step_id for each in (await executions.get(stage.user, rejected)).approvals] == ["Bia"]

    await until(is_asked_for_bia, what="the second question")
    (second,) = await asked(stage, rejected)
    await approvals.decide(stage.user, second.approval_id, REJECT)
    await stage.finished(rejected)
    again = (await redo.retry(stage.user, rejected)).execution_id
    (third,) = await asked(stage, again)
    assert third.step_id == "Bia"
    assert "revisto" in third.text, "the text that a person let pass is what is reused"
    await approvals.decide(stage.user, third.approval_id, APPROVE)

    assert (await stage.finished(again)).status == "completed"
    assert stage.backend.calls == {"Ana": 1, "Bia": 1}


async def test_an_input_given_to_a_fork_is_shown_before_it_is_sent(stage: Stage) -> None:
    done = await stage.start(await stage.team("Ana", "Bia", Bia=BEFORE))
    (waiting,) = await asked(stage, done)
    await approvals.decide(stage.user, waiting.approval_id, APPROVE)
    await stage.finished(done)
    wish = ForkRequest(from_step="Bia", input="Só o Brasil.")
    forked = (await redo.fork(stage.user, done, wish)).execution_id
    (waiting,) = await asked(stage, forked)
    assert waiting.text == "Só o Brasil."
    await approvals.decide(stage.user, waiting.approval_id, APPROVE)
    await stage.finished(forked)

    assert stage.backend.sent_to("Bia").input == "Só o Brasil."
