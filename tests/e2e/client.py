"""A person's REST client, as somebody would write it from the API's documentation."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

import httpx

PASSWORD = "a long enough passphrase"
FINAL = {"completed", "failed", "cancelled"}


class Client:
    """One signed-in person."""

    def __init__(self, base_url: str) -> None:
        self.email = f"person-{uuid4().hex[:12]}@example.com"
        self.http = httpx.Client(base_url=f"{base_url}/api/v1", timeout=30)
        self.post("/auth/register", {"email": self.email, "password": PASSWORD, "name": "Ana Souza"})
        self.sign_in()

    def sign_in(self) -> None:
        tokens = self.post("/auth/login", {"email": self.email, "password": PASSWORD})
        self.token = tokens["access_token"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def get(self, path: str, **params: Any) -> Any:
        return self._body(self.http.get(path, params=params))

    def post(self, path: str, body: Any = None) -> Any:
        return self._body(self.http.post(path, json=body))

    @staticmethod
    def _body(response: httpx.Response) -> Any:
        assert response.is_success, f"{response.status_code} {response.text}"
        return response.json() if response.content else None

    def rehearsal_agent(self, name: str, **script: Any) -> str:
        return self.post("/agents", {"name": name, "backend": "rehearsal", "rehearsal": script})["agent_id"]

    def team(self, *agent_ids: str, kind: str = "sequential", name: str = "Equipe", **config: Any) -> str:
        """A team of these agents in this order, with inputs left to the strategy."""
        members = [{"agent_id": agent, "execution_order": place} for place, agent in enumerate(agent_ids, start=1)]
        workflow = {"type": kind, "agents": members}
        body = {"name": name, "agent_ids": list(agent_ids), "workflow_definition": workflow, "team_config": config}
        return self.post("/teams", body)["team_id"]

    def execute(self, team_id: str, prompt: str = "Analise os dados financeiros da empresa XYZ") -> str:
        return self.post(f"/teams/{team_id}/execute", {"initial_prompt": prompt})["execution_id"]

    def wait(self, execution_id: str, *, seconds: float = 60) -> dict[str, Any]:
        """The execution once it has ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            execution = self.get(f"/executions/{execution_id}")
            if execution["status"] in FINAL:
                return execution
            time.sleep(0.1)
        raise AssertionError(f"not finished after {seconds} s: {self.get(f'/executions/{execution_id}/status')}")

    def events(self, execution_id: str) -> list[dict[str, Any]]:
        """The whole log."""
        items: list[dict[str, Any]] = []
        while page := self.get(f"/executions/{execution_id}/events", after=len(items), limit=1000)["items"]:
            items += page
        return items
