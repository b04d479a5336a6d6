"""F19 and F22 on the server as people run it: told to stop under load, and killed by its own work."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.e2e.client import Client
from tests.e2e.server import RunningServer

pytestmark = pytest.mark.e2e

GRACE_SECONDS = 2


@pytest.fixture
def stoppable(built_pages: None, own_database_url: str, tmp_path: Path):
    """A server with little patience, on both databases; it is not started yet."""
    environment = {"DATABASE_URL": own_database_url, "SHUTDOWN_GRACE_SECONDS": str(GRACE_SECONDS)}
    running = RunningServer(tmp_path / "data", environment=environment)
    yield running
    running.kill()


class Load:
    """Somebody who starts one execution after the other, until nobody answers any more."""

    def __init__(self, client: Client, team_id: str) -> None:
        self.accepted: list[str] = []
        self._client, self._team_id = client, team_id
        self._thread = threading.Thread(target=self._start_many, daemon=True)
        self._thread.start()

    def _start_many(self) -> None:
        with contextlib.suppress(httpx.TransportError, AssertionError):  # gone, or on its way out
            while True:
                self.accepted.append(self._client.execute(self._team_id))
                time.sleep(0.2)

    def is_over(self) -> list[str]:
        self._thread.join(timeout=40)
        assert not self._thread.is_alive()
        return self.accepted


def stop_and_time(server: RunningServer, *, times: int) -> float:
    """SIGTERM to the process a service manager knows; how many seconds it then lived."""
    assert server.process is not None
    began = time.monotonic()
    for place in range(times):
        time.sleep(0.3 if place else 0)
        os.kill(server.process.pid, signal.SIGTERM)
    server.process.wait(timeout=60)
    return time.monotonic() - began


def check_that_all_complete(client: Client, execution_ids: list[str], *, steps: int) -> None:
    for execution_id in execution_ids:
        assert client.wait(execution_id)["status"] == "completed"
        log = client.events(execution_id)
        assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
        kinds = Counter(event["kind"] for event in log)
        assert kinds["execution_completed"] == 1
        assert kinds["step_completed"] == steps
        assert kinds["attempt_started"] == steps + kinds["attempt_interrupted"]


@pytest.mark.timeout(180)
def test_f19_a_server_told_to_stop_under_load_stops_in_time_and_loses_nothing(stoppable: RunningServer) -> None:
    stoppable.start()
    client = Client(stoppable.url)
    team = client.team(*(client.rehearsal_agent(f"Agente {seconds}", seconds=seconds) for seconds in (0.5, 3, 0.4)))

    load = Load(client, team)
    time.sleep(1.5)
    with connect(f"{stoppable.ws_url}/ws/executions/{load.accepted[-1]}/monitor?token={client.token}") as socket:
        assert stop_and_time(stoppable, times=1) < GRACE_SECONDS + 6
        with contextlib.suppress(ConnectionClosed):
            while True:
                socket.recv()
        assert socket.close_code == 1012, "service restart"
    accepted = load.is_over()
    assert len(accepted) >= 5

    stoppable.start()
    load = Load(client, team)
    time.sleep(1)
    assert stop_and_time(stoppable, times=2) < 1.5, "the second signal ends it at once"
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{stoppable.url}/health/live", timeout=2)

    stoppable.start()
    check_that_all_complete(client, accepted + load.is_over(), steps=3)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_a_signal_to_the_whole_group_is_a_clean_stop(own_server: RunningServer, number: signal.Signals) -> None:
    own_server.start()
    client = Client(own_server.url)
    execution_id = client.execute(client.team(client.rehearsal_agent("Lento", seconds=1)))
    with connect(f"{own_server.ws_url}/ws/executions/{execution_id}/monitor?token={client.token}") as socket:
        assert own_server.process is not None
        os.killpg(own_server.process.pid, number)
        assert own_server.process.wait(timeout=60) == 0
        with contextlib.suppress(ConnectionClosed):
            while True:
                socket.recv()
        assert socket.close_code in {1000, 1012}, "the end, or the server's own farewell"
    assert "Unexpected exit" not in own_server.log.read_text()

    own_server.start()
    assert client.wait(execution_id)["status"] == "completed"


@pytest.mark.timeout(180)
def test_f22_a_step_that_kills_the_server_is_given_up_and_the_queue_goes_on(own_server: RunningServer) -> None:
    own_server.start()
    client = Client(own_server.url)
    poison = client.rehearsal_agent(
        "Veneno", seconds=1, first_token_seconds=0.1, faults=[{"kind": "crash", "attempts": [], "after_chars": 5}]
    )
    good, better = [client.rehearsal_agent(name, seconds=1.5, first_token_seconds=0.1) for name in ("Bom", "Melhor")]
    of_poison, team = client.team(good, poison, better), client.team(good, better)
    execution_id = client.execute(of_poison)
    others = [client.execute(team) for _ in range(5)]

    end = wait_through_crashes(client, execution_id)
    assert (end["status"], end["error_code"]) == ("failed", "crash_loop")
    assert [step["status"] for step in end["steps"]] == ["completed", "failed", "cancelled"]
    kinds = Counter(event["kind"] for event in client.events(execution_id))
    assert kinds["attempt_interrupted"] == 3
    assert [client.wait(other)["status"] for other in others] == ["completed"] * 5
    assert client.wait(client.execute(team))["status"] == "completed"


def wait_through_crashes(client: Client, execution_id: str) -> dict:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            return client.wait(execution_id)
        time.sleep(0.2)
    raise AssertionError("the server never came back")
