"""Notifications by API: what happened to one's own executions, each told once, on both databases."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID, uuid4

from renum_app.database import at_once
from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.models.notification import NotificationKind
from renum_app.models.values import utc_now
from renum_app.repositories import notifications
from tests.integration.people import Person
from tests.integration.processes import until

BROKEN = {"seconds": 0, "first_token_seconds": 0, "faults": [{"kind": "garbage", "attempts": []}]}


async def failed_execution(ana: Person) -> str:
    team = await ana.team(await ana.agent(name="Teimosa", rehearsal=BROKEN))
    execution_id = await ana.execution(team)
    assert (await ana.ended(execution_id))["status"] == "failed"
    return execution_id


async def listed(person: Person, **query: Any) -> dict[str, Any]:
    answer = await person.get("/notifications", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_failure_is_told_once_to_its_owner_only(
    ana: Person, bruno: Person, engine: InProcessDispatcher
) -> None:
    execution_id = await failed_execution(ana)

    page = await listed(ana)

    (told,) = page["items"]
    assert (page["total"], page["page"], page["pages"]) == (1, 1, 1)
    assert (told["kind"], told["execution_id"], told["read_at"]) == ("failed", execution_id, None)
    assert told["message"].startswith(f"{told['team_name']} failed: ")
    assert (await listed(bruno))["items"] == []


async def test_reading_one_keeps_it_in_the_list_and_takes_it_from_the_unread(
    ana: Person, bruno: Person, engine: InProcessDispatcher
) -> None:
    await failed_execution(ana)
    (told,) = (await listed(ana))["items"]
    path = f"/notifications/{told['notification_id']}/read"

    assert (await bruno.post(path)).status_code == 404
    assert (await ana.post("/notifications/nothing/read")).status_code == 404
    first = (await ana.post(path)).json()
    again = (await ana.post(path)).json()

    assert first["read_at"] is not None
    assert again["read_at"] == first["read_at"]
    assert (await listed(ana, unread=True))["items"] == []
    assert (await listed(ana))["total"] == 1


async def test_a_question_is_told_and_all_are_read_at_once(
    ana: Person, bruno: Person, engine: InProcessDispatcher
) -> None:
    agent = await ana.agent(name="Bia")
    seat = {"agent_id": agent, "execution_order": 1, "requires_approval": "before"}
    await ana.execution(await ana.team(agent, workflow_definition={"type": "sequential", "agents": [seat]}))

    async def is_told() -> bool:
        return bool((await listed(ana))["items"])

    await until(is_told, what="the question")
    (told,) = (await listed(ana))["items"]
    assert (told["kind"], told["params"]) == ("approval", {"agent": "Bia"})

    assert (await bruno.post("/notifications/read")).status_code == 204
    assert (await listed(ana, unread=True))["total"] == 1
    assert (await ana.post("/notifications/read")).status_code == 204
    assert (await listed(ana, unread=True))["total"] == 0


async def test_the_same_thing_told_again_is_dropped(ana: Person, engine: InProcessDispatcher) -> None:
    execution_id = await failed_execution(ana)
    row = {
        "user_id": ana.user.user_id,
        "execution_id": UUID(execution_id),
        "kind": NotificationKind.STALLED.value,
        "once": "silence",
        "params": {"agent": "Ana"},
        "created_at": utc_now(),
    }

    for _ in range(2):
        await at_once(partial(notifications.project, rows=[{**row, "notification_id": uuid4()}]))

    assert sorted(told["kind"] for told in (await listed(ana))["items"]) == ["failed", "stalled"]
