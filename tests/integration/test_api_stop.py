"""Stopping by REST, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio

from renum_app.engine.dispatch.in_process import InProcessDispatcher
from tests.integration.people import Person
from tests.integration.processes import until

SLOW = {"reply": "palavra " * 200, "seconds": 60, "first_token_seconds": 0}


async def test_a_stop_during_a_fan_out_of_twenty_leaves_a_receipt(ana: Person, engine: InProcessDispatcher) -> None:
    quick, slow = await ana.agent(), await ana.agent(rehearsal=SLOW)
    seats = [{"agent_id": slow, "step_id": f"passo-{place}"} for place in range(20)]
    definition = {"type": "parallel", "agents": [*seats, {"agent_id": quick, "step_id": "rápido"}]}
    team_id = await ana.team(quick, slow, workflow_definition=definition)
    path = f"/executions/{await ana.execution(team_id)}"

    async def are_at_work() -> bool:
        statuses = (await ana.get(f"{path}/status")).json()["agent_statuses"]
        return sorted(statuses.values()) == ["completed", *["running"] * 20]

    await until(are_at_work, what="the fan-out")
    answers = await asyncio.gather(*(ana.post(f"{path}/stop") for _ in range(2)))
    assert {answer.status_code for answer in answers} <= {202, 409}
    execution = await ana.ended(path.rpartition("/")[2])

    receipt = execution["receipt"]
    assert (execution["status"], execution["stopping"]) == ("cancelled", False)
    assert receipt["finished"] == ["rápido"]
    assert receipt["cut"] == [seat["step_id"] for seat in seats]
    assert (receipt["not_started"], receipt["unconfirmed"]) == ([], [])
    assert receipt["spent_after_stop"]["cost_usd"] == 0
    assert (await ana.post(f"{path}/stop")).status_code == 409
