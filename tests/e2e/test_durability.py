"""What a killed server keeps."""

from __future__ import annotations

import time

import pytest

from tests.e2e.client import Client
from tests.e2e.server import RunningServer

pytestmark = pytest.mark.e2e


def test_a_team_killed_in_the_middle_completes_after_a_restart_without_repeating_finished_steps(
    own_server: RunningServer,
) -> None:
    own_server.start()
    client = Client(own_server.url)
    agents = [
        client.rehearsal_agent(
            f"Agente {place}", seconds=1, first_token_seconds=0.1, reply=f"Passo {place} feito. " * 8
        )
        for place in range(1, 6)
    ]
    execution_id = client.execute(client.team(*agents))
    _wait_for_step(client, execution_id, 3)

    own_server.kill()
    own_server.start()
    execution = client.wait(execution_id)

    assert execution["status"] == "completed"
    events = client.events(execution_id)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    started = [event["data"]["step_id"] for event in events if event["kind"] == "attempt_started"]
    assert started.count(agents[0]) == started.count(agents[1]) == 1
    assert started.count(agents[2]) <= 2
    assert [event["kind"] for event in events].count("execution_completed") == 1


def test_an_accepted_execution_outlives_a_kill_right_after_the_answer(own_server: RunningServer) -> None:
    own_server.start()
    client = Client(own_server.url)
    team = client.team(client.rehearsal_agent("Rápido", seconds=0, first_token_seconds=0))
    accepted = [client.execute(team) for _ in range(20)]

    own_server.kill()
    own_server.start()

    assert [client.wait(execution_id)["status"] for execution_id in accepted] == ["completed"] * 20


def test_a_clean_stop_keeps_what_runs_and_the_next_start_goes_on(own_server: RunningServer) -> None:
    own_server.start()
    client = Client(own_server.url)
    team = client.team(client.rehearsal_agent("Devagar", seconds=3), client.rehearsal_agent("Rápido", seconds=0))
    execution_id = client.execute(team)
    time.sleep(1)

    own_server.stop()
    own_server.start()

    assert client.wait(execution_id)["status"] == "completed"


def _wait_for_step(client: Client, execution_id: str, number: int) -> None:
    for _ in range(200):
        if client.get(f"/executions/{execution_id}/status")["current_step"] >= number:
            return
        time.sleep(0.05)
    raise AssertionError("the team never came that far")
