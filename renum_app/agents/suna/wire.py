"""Shapes of what Suna answers: only what is used, unknown fields ignored, both forms of each field accepted."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from renum_app.models.values import storable, utc_now


def _text(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value


def _object(value: Any) -> Any:
    """An object, also where it comes as JSON in a string; anything else is a message's content."""
    if value is None or isinstance(value, dict):
        return value or {}
    try:
        parsed = json.loads(value) if isinstance(value, str) else None
    except (ValueError, RecursionError):
        parsed = None
    return parsed if isinstance(parsed, dict) else {"content": value}


def _moment(value: Any) -> datetime | None:
    """A time that is none only costs what hangs on it, not the row; one without a zone is in UTC."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found


Words = Annotated[str, BeforeValidator(_text)]
Object = Annotated[dict[str, Any], BeforeValidator(_object)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]


class Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ThreadMade(Wire):
    thread_id: Words


class RunMade(Wire):
    agent_run_id: Words | None = None


class RunRow(Wire):
    """A run as the database has it; its routes differ in how they spell the names."""

    id: Words
    status: Words
    error: Words | None = None
    started_at: Moment = Field(default=None, validation_alias=AliasChoices("startedAt", "started_at"))

    @property
    def has_ended(self) -> bool:
        return self.status not in {"running", "pending"}


class RunList(Wire):
    agent_runs: list[RunRow]


class MessageRow(Wire):
    message_id: Words | None = None
    type: Words
    content: Object = {}
    metadata: Object = {}
    sequence: int | None = None
    created_at: Moment = None

    @property
    def step(self) -> str:
        """The model call it belongs to."""
        return str(self.metadata.get("thread_run_id") or "")


class MessageList(Wire):
    messages: list[MessageRow]


class AgentRow(Wire):
    agent_id: Words
    name: Words
    description: Words | None = None
    system_prompt: Words | None = None
    model: Words | None = None
    account_id: Words | None = None


class Pagination(Wire):
    pages: int = Field(default=1, validation_alias=AliasChoices("pages", "total_pages"))


class AgentList(Wire):
    agents: list[AgentRow]
    pagination: Pagination = Pagination()


class ThreadRow(Wire):
    thread_id: Words
    project: Object = {}


class ThreadList(Wire):
    threads: list[ThreadRow]


class Charge(Wire):
    """One line of the account's ledger; `amount` is in credits, 100 to the dollar."""

    id: Words | int | None = None
    amount: float = Field(allow_inf_nan=False)
    thread_id: Words | None = None
    message_id: Words | None = None
    created_at: Moment = None


class More(Wire):
    has_more: bool = False


class ChargeList(Wire):
    usage_records: list[Charge]
    pagination: More = More()


def text_of(content: Any) -> str | None:
    """The text of a message's content, which is a text or a list of parts; None where it is neither."""
    if isinstance(content, list):
        parts = [part.get("text") if isinstance(part, dict) else part for part in content]
        return "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else None


def run_limit_in(state: Any) -> int | None:
    """The limit of concurrent runs, wherever an account's state has it."""
    for name in ("limits", "concurrent_runs", "limit"):
        state = state.get(name) if isinstance(state, dict) else None
    return state if isinstance(state, int) and not isinstance(state, bool) else None


def age_seconds(moment: datetime | None) -> float:
    """How long ago it was; what is not known was now."""
    return max(0.0, (utc_now() - moment).total_seconds()) if moment else 0.0
