"""The whole job through the API alone: a key, three local agents, a team, and every event to the end."""

from __future__ import annotations

import json
from typing import Any

import httpx
import websockets

from tests.doubles.openai_server import openai_server

ACCOUNT = {"email": "carla@example.com", "password": "quiet river under stone", "name": "Carla"}
SPEC_TYPES = {"status_update", "agent_status_update", "progress_update", "result_update", "error_update"}


async def _monitor(served: str, execution_id: str, token: str, *, after: int = 0) -> tuple[Any, list[Any], int]:
    """The snapshot, all further messages, and the code the server closed with."""
    url = f"ws://{served}/ws/executions/{execution_id}/monitor?token={token}&after={after}"
    async with websockets.connect(url) as socket:
        snapshot = json.loads(await socket.recv())
        messages = [json.loads(message) async for message in socket]
    return snapshot, messages, socket.close_code or 0


async def test_from_an_account_to_the_last_event(served: str) -> None:
    async with openai_server() as provider, httpx.AsyncClient(base_url=f"http://{served}/api/v1") as http:
        assert (await http.post("/auth/register", json=ACCOUNT)).status_code == 201
        login = {name: ACCOUNT[name] for name in ("email", "password")}
        token = (await http.post("/auth/login", json=login)).json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"

        key = {"service_name": "own", "api_key": provider.key, "base_url": provider.base_url}
        assert (await http.post("/api-keys", json=key)).status_code == 201
        tested = (await http.post("/api-keys/own/test")).json()
        assert tested["ok"] is True, tested

        agents = [
            (await http.post("/agents", json={"name": name, "model": "own:tiny", "instructions": f"You are {name}."}))
            for name in ("Coletor", "Analista", "Redator")
        ]
        first, second, third = (answer.json()["agent_id"] for answer in agents)
        team = {
            "name": "Equipe de Análise",
            "description": "Equipe para análise de dados",
            "agent_ids": [first, second, third],
            "workflow_definition": {
                "type": "sequential",
                "agents": [
                    {"agent_id": first, "role": "leader", "execution_order": 1, "input": {"source": "initial_prompt"}},
                    {
                        "agent_id": second,
                        "role": "member",
                        "execution_order": 2,
                        "input": {"source": "agent_result", "agent_id": first},
                    },
                    {
                        "agent_id": third,
                        "role": "member",
                        "execution_order": 3,
                        "input": {"source": "agent_result", "agent_id": second},
                    },
                ],
            },
        }
        team_id = (await http.post("/teams", json=team)).json()["team_id"]
        provider.will("500")  # so that there is an error to tell, and a retry that repairs it
        prompt = {"initial_prompt": "Analise os dados financeiros da empresa XYZ"}
        started = await http.post(f"/teams/{team_id}/execute", json=prompt)
        assert started.status_code == 202
        execution_id = started.json()["execution_id"]
        assert started.headers["Location"] == f"/api/v1/executions/{execution_id}"

        snapshot, events, code = await _monitor(served, execution_id, token)
        assert (snapshot["type"], snapshot["execution_id"], code) == ("snapshot", execution_id, 1000)
        assert [agent["agent_id"] for agent in snapshot["agents"]] == [first, second, third]
        assert {event["type"] for event in events} >= SPEC_TYPES
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        assert events[-1]["type"] == "status_update"
        assert events[-1]["data"]["status"] == "completed"

        result = (await http.get(f"/executions/{execution_id}/result")).json()
        execution = (await http.get(f"/executions/{execution_id}")).json()
        per_agent = [step["input_tokens"] + step["output_tokens"] for step in execution["steps"]]
        assert all(per_agent)
        assert sum(per_agent) == result["usage_metrics"]["total_tokens"]

        middle = len(events) // 2
        _, rest, _ = await _monitor(served, execution_id, token, after=middle)
        assert rest == events[middle:]
        assert (await http.get(f"/executions/{execution_id}/events?limit=1000")).json()["items"] == events
        assert key["api_key"] not in json.dumps([snapshot, events, result, execution])
