"""A person at the API: a client that is signed in, with shorthands for what most tests begin with."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx

from renum_app.models.user import CurrentUser
from tests import factories

ENDED = {"completed", "failed", "cancelled"}


class Person:
    """One signed-in client."""

    def __init__(self, http: httpx.AsyncClient, user: CurrentUser, token: str) -> None:
        self.http, self.user, self.token = http, user, token

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return await self.http.request(method, f"/api/v1{path}", headers=headers, **options)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.ask("GET", path, **options)

    async def post(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        return await self.ask("POST", path, json=body, **options)

    async def agent(self, **changes: Any) -> str:
        """The id of a new rehearsal agent that answers at once."""
        script = {"reply": "Feito.", "seconds": 0, "first_token_seconds": 0}
        body = {"name": "Analista", "backend": "rehearsal", "rehearsal": script, **changes}
        answer = await self.post("/agents", body)
        assert answer.status_code == 201, answer.text
        return answer.json()["agent_id"]

    async def team(self, *agent_ids: str, **changes: Any) -> str:
        answer = await self.post("/teams", factories.team_body(*agent_ids, **changes))
        assert answer.status_code == 201, answer.text
        return answer.json()["team_id"]

    async def execution(self, team_id: str, prompt: str = "Analise os dados") -> str:
        answer = await self.post(f"/teams/{team_id}/execute", {"initial_prompt": prompt})
        assert answer.status_code == 202, answer.text
        return answer.json()["execution_id"]

    async def ended(self, execution_id: str, *, seconds: float = 20) -> dict[str, Any]:
        """The execution once it has ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            execution = (await self.get(f"/executions/{execution_id}")).json()
            if execution["status"] in ENDED:
                return execution
            await asyncio.sleep(0.05)
        raise AssertionError(f"not ended after {seconds} s: {execution}")
