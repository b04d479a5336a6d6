"""What the server keeps: agents with their scripts, threads, messages and runs."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4


@dataclass(frozen=True)
class Traits:
    """What tells one generation from another."""

    name: str
    prefix: str
    starts_by_form: bool = True
    has_optimized: bool = True
    pings: bool = False
    has_event_ids: bool = False
    limit_status: int = 402
    calls_tools_in_text: bool = False
    tool_end_is_stopped: bool = False
    usage_row: str = "llm_response_end"
    streams_usage: bool = True
    writes_late: bool = False


TRAITS = {
    "g2": Traits(
        "g2", "/api", starts_by_form=False, has_optimized=False, limit_status=429, calls_tools_in_text=True,
        usage_row="assistant_response_end", streams_usage=False,
    ),
    "g3": Traits("g3", "/api"),
    "g3-late": Traits("g3-late", "/v1", pings=True),
    "g4": Traits("g4", "/v1", pings=True, tool_end_is_stopped=True),
    "g5": Traits("g5", "/v1", pings=True, has_event_ids=True, streams_usage=False, writes_late=True),
}  # fmt: skip


@dataclass
class Script:
    """How an agent behaves in each of its runs."""

    reply: str = "A resposta, com **três** palavras de acento: água, pão, maçã."
    tool: str = "complete"
    """How it answers: by the tool `complete` or `ask`, or in plain text when empty."""
    tool_steps: int = 1
    """Model calls with a tool before the one that answers."""
    prompt_tokens: int = 100
    """Of each model call."""
    completion_tokens: int = 20
    cached_tokens: int = 10
    model: str = "anthropic/claude-sonnet-4-5"
    seconds: float = 0.0
    """Time the answer takes to be written."""
    quiet_seconds: float = 0.0
    """Silence in a tool before the answer."""
    foreign_charges: int = 0
    """What others spend from the same account after each model call."""
    then: Script | None = None
    """How it behaves in the next run of the same thread."""
    words: str = "Upstream said no"
    """Of a failing model."""
    end: str = "good"
    """`good`, or how it goes wrong; see `performance.ENDINGS`."""


@dataclass
class Run:
    run_id: str
    thread_id: str
    agent_id: str
    account: str
    began: float
    status: str = "running"
    error: str | None = None
    started_at: str = ""
    completed_at: str | None = None
    visible_at: float = 0.0
    """When its row can be read."""
    trimmed: int = 0
    """Events that a catch-up has taken off the stream."""
    events: list[dict[str, Any]] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None
    stops: int = 0
    stopped_after: float | None = None
    """Seconds from its start to the first stop."""

    @property
    def is_visible(self) -> bool:
        return time.monotonic() >= self.visible_at

    def tell(self, event: dict[str, Any]) -> None:
        self.events.append({**event, "_event_id": f"{int(time.time() * 1000)}-{len(self.events)}"})
        self.changed.set()
        self.changed = asyncio.Event()


@dataclass
class Thread:
    thread_id: str
    project_id: str
    name: str
    account: str
    messages: list[dict[str, Any]] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    unwritten: set[str] = field(default_factory=set)
    """Ids of messages that cannot be read yet."""


@dataclass
class World:
    agents: dict[str, dict[str, Any]] = field(default_factory=dict)
    scripts: dict[str, Script] = field(default_factory=dict)
    threads: dict[str, Thread] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    charges: list[dict[str, Any]] = field(default_factory=list)

    def add_agent(self, name: str, script: Script | None = None, *, account: str, **fields: Any) -> str:
        agent_id = str(uuid4())
        self.scripts[agent_id] = script or Script()
        self.agents[agent_id] = {
            "agent_id": agent_id,
            "account_id": account,
            "name": name,
            "description": None,
            "system_prompt": "Você é útil.",
            "configured_mcps": [],
            "custom_mcps": [],
            "agentpress_tools": {},
            "is_default": False,
            "is_public": False,
            "tags": [],
            "icon_name": "brain",
            "created_at": now(),
            "updated_at": now(),
            "current_version_id": None,
            "version_count": 1,
            "metadata": {},
            **fields,
        }
        return agent_id

    def add_thread(self, name: str, *, account: str) -> Thread:
        thread = Thread(str(uuid4()), str(uuid4()), name, account)
        self.threads[thread.thread_id] = thread
        return thread

    def charge(self, amount: float, *, thread_id: str, message_id: str, created_at: str = "") -> None:
        """One line of the ledger, in credits."""
        self.charges.append(
            {
                "id": str(uuid4()), "amount": amount, "description": "usage", "created_at": created_at or now(),
                "message_id": message_id, "thread_id": thread_id, "model": None, "tokens": None,
            }
        )  # fmt: skip

    def runs_per_thread(self) -> list[int]:
        """How many runs each thread with any has: all ones when nothing was started twice."""
        return [len(thread.runs) for thread in self.threads.values() if thread.runs]

    def running(self, account: str) -> list[Run]:
        return [run for run in self.runs.values() if run.status == "running" and run.account == account]


def row_of(run: Run) -> dict[str, Any]:
    """The run as a list of runs has it."""
    return {
        "id": run.run_id,
        "thread_id": run.thread_id,
        "status": run.status,
        "started_at": run.started_at,
        "completed_at": run.completed_at,
        "error": run.error,
        "created_at": run.started_at,
        "updated_at": run.completed_at or run.started_at,
    }


def now() -> str:
    return datetime.now(UTC).isoformat()
