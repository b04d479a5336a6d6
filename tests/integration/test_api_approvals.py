"""Approvals by API: the inbox, a decision, its refusals, and a server that is killed while a step waits."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.settings import Settings
from tests import factories
from tests.integration.people import Person
from tests.integration.processes import server_process, until


async def team_that_asks(ana: Person, moment: str = "before", **member: Any) -> str:
    """Two members, the second of which waits for approval."""
    first, second = await ana.agent(name="Ana"), await ana.agent(name="Bia")
    body = factories.team_body(first, second)
    body["workflow_definition"]["agents"][1] |= {"requires_approval": moment, **member}
    answer = await ana.post("/teams", body)
    assert answer.status_code == 201, answer.text
    return answer.json()["team_id"]


async def asked(ana: Person, execution_id: str) -> dict[str, Any]:
    """The approval that the execution waits for."""

    async def is_asked() -> bool:
        return bool((await ana.get(f"/executions/{execution_id}")).json()["approvals"])

    await until(is_asked, what="the question")
    (approval,) = (await ana.get(f"/executions/{execution_id}")).json()["approvals"]
    return approval


async def test_the_inbox_shows_what_waits_and_a_decision_lets_it_go_on(
    ana: Person, bruno: Person, engine: InProcessDispatcher
) -> None:
    execution_id = await ana.execution(await team_that_asks(ana))
    waiting = await asked(ana, execution_id)
    inbox = (await ana.get("/approvals")).json()

    assert inbox["items"] == [waiting]
    assert (inbox["total"], inbox["pages"]) == (1, 1)
    assert (waiting["agent_name"], waiting["moment"], waiting["status"]) == ("Bia", "before", "open")
    assert "Feito." in waiting["text"]
    assert (await ana.get(f"/approvals/{waiting['approval_id']}")).json() == waiting
    status = (await ana.get(f"/executions/{execution_id}/status")).json()
    assert (status["status"], status["waiting_for"]) == ("running", "approval")
    assert (await bruno.get("/approvals")).json()["items"] == []

    path = f"/approvals/{waiting['approval_id']}"
    decided = await ana.post(path, {"decision": "approve", "text": "Compare só os três maiores riscos."})
    assert decided.status_code == 200
    assert (decided.json()["status"], decided.json()["decided_by"]) == ("approved", "person")
    execution = await ana.ended(execution_id)
    assert (execution["status"], execution["approvals"]) == ("completed", [])
    assert (await ana.get("/approvals")).json()["total"] == 0
    (done,) = (await ana.get("/approvals?status=approved")).json()["items"]
    assert done["edited_text"] == "Compare só os três maiores riscos."
    again = await ana.post(path, {"decision": "reject"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "already_decided")


async def test_a_rejection_carries_its_reason_to_the_end(ana: Person, engine: InProcessDispatcher) -> None:
    execution_id = await ana.execution(await team_that_asks(ana, "after"))
    waiting = await asked(ana, execution_id)
    await ana.post(f"/approvals/{waiting['approval_id']}", {"decision": "reject", "reason": "Velho demais."})
    execution = await ana.ended(execution_id)

    assert (execution["status"], execution["error_code"]) == ("failed", "approval_rejected")
    assert "Velho demais." in execution["error_message"]


async def test_of_two_decisions_at_the_same_moment_one_is_told_that_it_came_late(
    ana: Person, engine: InProcessDispatcher
) -> None:
    execution_id = await ana.execution(await team_that_asks(ana))
    waiting = await asked(ana, execution_id)
    path = f"/approvals/{waiting['approval_id']}"
    bodies = [{"decision": "approve", "text": f"texto {number}"} for number in range(5)]
    answers = await asyncio.gather(*(ana.post(path, body) for body in bodies))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    await ana.ended(execution_id)
    (won,) = [answer.json()["edited_text"] for answer in answers if answer.status_code == 200]
    assert (await ana.get(path)).json()["edited_text"] == won


async def test_nobody_decides_for_another(ana: Person, bruno: Person, engine: InProcessDispatcher) -> None:
    execution_id = await ana.execution(await team_that_asks(ana))
    waiting = await asked(ana, execution_id)
    theirs, nobodys = (f"/approvals/{each}" for each in (waiting["approval_id"], uuid4()))
    for path in (theirs, nobodys, "/approvals/x"):
        assert (await bruno.get(path)).status_code == 404
        assert (await bruno.post(path, {"decision": "approve"})).status_code == 404
    assert (await ana.get(theirs)).json()["status"] == "open"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "decision"),
        ({"decision": "perhaps"}, "decision"),
        ({"decision": "approve", "text": ""}, "text"),
        ({"decision": "approve", "text": "  "}, "text"),
        ({"decision": "approve", "text": "x" * 200_001}, "text"),
        ({"decision": "reject", "text": "outro"}, "text"),
        ({"decision": "reject", "reason": "x" * 2_001}, "reason"),
        ({"decision": "approve", "more": 1}, "more"),
    ],
)
async def test_a_decision_that_makes_no_sense_is_refused_by_field(
    ana: Person, engine: InProcessDispatcher, body: dict[str, Any], field: str
) -> None:
    execution_id = await ana.execution(await team_that_asks(ana))
    waiting = await asked(ana, execution_id)
    answer = await ana.post(f"/approvals/{waiting['approval_id']}", body)

    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["error"]["details"]["fields"]] == [field]
    assert (await ana.get(f"/approvals/{waiting['approval_id']}")).json()["status"] == "open"


async def test_a_deadline_needs_an_approval(ana: Person) -> None:
    agent_id = await ana.agent()
    body = factories.team_body(agent_id)
    body["workflow_definition"]["agents"][0]["approval"] = {"deadline_seconds": 60}
    answer = await ana.post("/teams", body)

    assert answer.status_code == 422
    (problem,) = answer.json()["error"]["details"]["fields"]
    assert problem["code"] == "deadline_without_approval"
    assert problem["field"] == "workflow_definition.agents.0.approval.deadline_seconds"


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_step_is_approved_after_the_server_was_killed(
    db: str, settings: Settings, tmp_path: Path, moment: str
) -> None:
    user = await factories.user()
    token = await factories.access_token(user, settings)
    address = f"http://127.0.0.1:{settings.port}"
    limits = httpx.Limits(max_keepalive_connections=0)  # a killed server leaves no connection
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=30) as http:
        ana = Person(http, user, token)
        with server_process(db, tmp_path / "server", settings) as server:
            await server.start()
            execution_id = await ana.execution(await team_that_asks(ana, moment))
            waiting = await asked(ana, execution_id)
            server.kill()
            await server.start()
            assert (await ana.get("/approvals")).json()["items"] == [waiting]
            answer = await ana.post(f"/approvals/{waiting['approval_id']}", {"decision": "approve"})
            execution = await ana.ended(execution_id)

    assert answer.status_code == 200
    assert execution["status"] == "completed"
    assert [step["attempt"] for step in execution["steps"]] == [1, 1]
