"""What the routes do: agents, threads, runs and the ledger, as each generation answers."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from aiohttp import web

from tests.doubles.suna.performance import Performance, message_row
from tests.doubles.suna.replies import Reply, detailed, optimized
from tests.doubles.suna.streaming import StreamFault, stream
from tests.doubles.suna.world import TRAITS, Run, Script, Thread, Traits, World, now, row_of


@dataclass
class Operations:
    """The account, the world, and one method for each operation."""

    generation: str = "g5"
    key: str = "pk_renum:sk_0123456789abcdef"
    account: str = "conta-1"
    accounts: dict[str, str] = field(default_factory=dict)
    """Further keys (or bearer tokens) and whose they are."""
    account_of_token: Callable[[str], str | None] = lambda _: None
    """Whose any other bearer token is; one that is nobody's is refused."""
    world: World = field(default_factory=World)
    prompts: list[str] = field(default_factory=list)
    """Of the runs, in the order of their starts."""
    run_limit: int | None = None
    ping_seconds: float = 0.1
    late_seconds: float = 0.0
    """How long a generation that writes rows after its reply takes for that."""
    late_message_seconds: float = 0.0
    """The same for the person's message."""
    stream_key_expired: bool = False
    _faults: dict[str, deque[tuple[str, dict[str, Any]]]] = field(default_factory=lambda: defaultdict(deque))

    @property
    def traits(self) -> Traits:
        return TRAITS[self.generation]

    def _account_of(self, request: web.Request) -> str | None:
        given = request.headers.get("X-API-Key") or request.headers.get("Authorization", "").removeprefix("Bearer ")
        return {self.key: self.account, **self.accounts}.get(given) or self.account_of_token(given)

    async def _health(self, request: web.Request) -> Reply:
        return web.json_response({"status": "ok", "timestamp": now(), "instance_id": "one"})

    async def _agents(self, request: web.Request, names: dict[str, str], body: Any) -> Reply:
        page, limit = int(request.query.get("page", 1)), int(request.query.get("limit", 20))
        wanted = request.query.get("search", "").lower()
        mine = [a for a in self.world.agents.values() if a["account_id"] == self._account_of(request)]
        found = [agent for agent in mine if wanted in agent["name"].lower()]
        if self.generation in {"g4", "g5"}:
            found = [{**agent, "system_prompt": None} for agent in found]
        pages = -(-len(found) // limit)
        if self.generation == "g2":
            pagination = {"page": page, "limit": limit, "total": len(found), "pages": pages}
        else:
            pagination = {
                "current_page": page, "page_size": limit, "total_items": len(found), "total_pages": pages,
                "has_next": page < pages, "has_previous": page > 1,
            }  # fmt: skip
        return web.json_response({"agents": found[(page - 1) * limit : page * limit], "pagination": pagination})

    async def _agent(self, request: web.Request, names: dict[str, str], body: Any) -> Reply:
        agent = self._own_agent(request, names["agent_id"])
        return web.json_response(agent) if agent else detailed(404, "Worker not found")

    async def _create_agent(self, request: web.Request, names: dict[str, str], body: Any) -> Reply:
        fields = {name: value for name, value in body.items() if name not in {"name"}}
        agent_id = self.world.add_agent(body["name"], account=self._account_of(request) or "", **fields)
        return web.json_response(self.world.agents[agent_id])

    async def _update_agent(self, request: web.Request, names: dict[str, str], body: Any) -> Reply:
        agent = self._own_agent(request, names["agent_id"])
        if not agent:
            return detailed(404, "Worker not found")
        agent.update({**body, "updated_at": now()})
        return web.json_response(agent)

    async def _delete_agent(self, request: web.Request, names: dict[str, str], body: Any) -> Reply:
        agent = self._own_agent(request, names["agent_id"])
        if not agent:
            return detailed(404, "Worker not found")
        if agent["is_default"]:
            return detailed(400, "Cannot delete default agent")
        del self.world.agents[names["agent_id"]]
        return web.json_response({"message": "Agent deleted successfully"})

    async def _create_thread(self, request: web.Request, names: dict[str, str], body: Any) -> Reply:
        thread = self.world.add_thread((body or {}).get("name", ""), account=self._account_of(request) or "")
        return web.json_response({"thread_id": thread.thread_id, "project_id": thread.project_id})

    async def _threads(self, request: web.Request, names: dict[str, str], body: Any) -> Reply:
        threads = [
            {"thread_id": t.thread_id, "project_id": t.project_id, "project": {"name": t.name}, "created_at": now()}
            for t in self.world.threads.values()
            if t.account == self._account_of(request)
        ]
        pagination = {"page": 1, "limit": 1000, "total": len(threads), "pages": 1}
        return web.json_response({"threads": threads, "pagination": pagination})

    async def _messages(self, request: web.Request, names: dict[str, str], body: Any) -> Reply:
        thread = self._thread(request, names)
        if thread is None:
            return detailed(404, "Thread not found")
        rows = [row for row in thread.messages if row["message_id"] not in thread.unwritten]
        if self.traits.has_optimized and request.query.get("optimized", "true") == "true":
            rows = [optimized(row) for row in rows if row["type"] in {"user", "tool", "assistant"}]
        if request.query.get("order", "desc") == "desc":
            rows.reverse()
        return web.json_response({"messages": rows})

    async def _add(self, request: web.Request, names: dict[str, str], body: Any) -> Reply:
        thread = self._thread(request, names)
        if thread is None:
            return detailed(404, "Thread not found")
        thread.messages.append(message_row(thread.thread_id, "user", {"role": "user", "content": body["message"]}))
        return web.json_response(thread.messages[-1])

    async def _start(self, request: web.Request, names: dict[str, str], body: Any) -> Reply:
        asked = {**names, **(body or {})}
        thread = self._thread(request, asked)
        if thread is None:
            return detailed(404, "Thread not found")
        account = self._account_of(request) or ""
        if refusal := self._limit_refusal(account):
            return refusal
        prompt = asked.get("prompt")
        if prompt is None:
            prompt = next(row["content"]["content"] for row in reversed(thread.messages) if row["type"] == "user")
        if (agent_id := asked.get("agent_id") or "") not in self.world.agents:
            return detailed(404, "Worker not found")
        run = Run(str(uuid4()), thread.thread_id, agent_id, account, time.monotonic(), started_at=now())
        if self.traits.starts_by_form and "prompt" in asked:
            row = message_row(thread.thread_id, "user", {"role": "user", "content": prompt})
            thread.messages.append(row)
            if self.late_message_seconds and self.traits.writes_late:
                thread.unwritten.add(row["message_id"])
                later = asyncio.get_running_loop().call_later
                later(self.late_message_seconds, thread.unwritten.discard, row["message_id"])
        run.visible_at = run.began + (self.late_seconds if self.traits.writes_late else 0.0)
        thread.runs.append(run)
        self.world.runs[run.run_id] = run
        self.prompts.append(prompt)
        script = self.world.scripts.get(agent_id) or Script()
        for _ in thread.runs[:-1]:
            script = script.then or script
        performance = Performance(self.world, self.traits, run, thread, script)
        run.task = asyncio.create_task(performance.perform())
        if not self.traits.starts_by_form:
            return web.json_response({"agent_run_id": run.run_id, "status": "running"})
        reply = {"thread_id": thread.thread_id, "agent_run_id": run.run_id, "status": "running"}
        if self.traits.prefix == "/v1":
            reply["project_id"] = thread.project_id
        return web.json_response(reply)

    async def _run(self, request: web.Request, names: dict[str, str], body: Any) -> Reply:
        run = self._visible_run(request, names)
        if run is None:
            return detailed(404, "Worker run not found")
        row = row_of(run)
        camel = {"threadId": "thread_id", "startedAt": "started_at", "completedAt": "completed_at"}
        return web.json_response(
            {"id": run.run_id, "status": run.status, "error": run.error, **{k: row[v] for k, v in camel.items()}}
        )

    async def _runs(self, request: web.Request, names: dict[str, str], body: Any) -> Reply:
        thread = self._thread(request, names)
        if thread is None:
            return detailed(404, "Thread not found")
        return web.json_response({"agent_runs": [row_of(run) for run in reversed(thread.runs) if run.is_visible]})

    async def _active(self, request: web.Request, names: dict[str, str], body: Any) -> Reply:
        return web.json_response(
            {"active_runs": [row_of(run) for run in self.world.running(self._account_of(request) or "")]}
        )

    async def _stop(self, request: web.Request, names: dict[str, str], body: Any) -> Reply:
        run = self.world.runs.get(names["agent_run_id"])
        if run is None or run.account != self._account_of(request):
            return detailed(404, "Worker run not found")
        run.stops += 1
        run.stopped_after = run.stopped_after or time.monotonic() - run.began
        if run.task and not run.task.done():
            run.task.cancel()
        run.status, run.completed_at = "stopped", now()
        word = "STOP" if self.generation == "g2" else "stopped"
        run.tell({"type": "status", "status": word, "message": "Cancelled"})
        return web.json_response({"status": "stopped"})

    async def _stream(self, request: web.Request, names: dict[str, str], body: Any) -> Reply:
        run = self.world.runs.get(names["agent_run_id"])
        if run is None or run.account != self._account_of(request):
            return detailed(404, "Worker run not found")
        fault = StreamFault()
        if self._faults["stream"]:
            kind, options = self._faults["stream"].popleft()
            fault = StreamFault(kind, options.get("after_events", 5), options.get("seconds", 0.05))
        return await stream(
            request,
            run,
            self.traits,
            fault=fault,
            ping_seconds=self.ping_seconds,
            has_expired=self.stream_key_expired,
        )

    async def _ledger(self, request: web.Request, names: dict[str, str], body: Any) -> Reply:
        offset, limit = int(request.query.get("offset", 0)), int(request.query.get("limit", 50))
        charges = self.world.charges[::-1]
        word = "transactions" if request.path.endswith("transactions") else "usage_records"
        rows = charges[offset : offset + limit]
        has_more = offset + limit < len(charges)
        pagination = {"limit": limit, "offset": offset, "total": len(charges), "has_more": has_more}
        return web.json_response({word: rows, "pagination": pagination})

    async def _account(self, request: web.Request, names: dict[str, str], body: Any) -> Reply:
        limit = {"concurrent_runs": {"limit": self.run_limit or 999}}
        return web.json_response({"credits": {"total": 100}, "limits": limit})

    def _own_agent(self, request: web.Request, agent_id: str) -> dict[str, Any] | None:
        agent = self.world.agents.get(agent_id)
        return agent if agent and agent["account_id"] == self._account_of(request) else None

    def _thread(self, request: web.Request, names: dict[str, str]) -> Thread | None:
        thread = self.world.threads.get(names.get("thread_id", ""))
        return thread if thread and thread.account == self._account_of(request) else None

    def _visible_run(self, request: web.Request, names: dict[str, str]) -> Run | None:
        run = self.world.runs.get(names["agent_run_id"])
        return run if run and run.is_visible and run.account == self._account_of(request) else None

    def _limit_refusal(self, account: str) -> Reply | None:
        running = self.world.running(account)
        if self.run_limit is None or len(running) < self.run_limit:
            return None
        detail: dict[str, Any] = {
            "message": "Too many runs", "running_thread_ids": [run.thread_id for run in running],
            "running_count": len(running), "limit": self.run_limit,
        }  # fmt: skip
        if self.traits.limit_status == 402:
            detail["error_code"] = "AGENT_RUN_LIMIT_EXCEEDED"
        if self.generation == "g5":
            del detail["running_thread_ids"]
        return detailed(self.traits.limit_status, detail)
