"""A run as each generation performs it: what it streams, what it stores, and how it ends."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

from tests.doubles.suna.world import Run, Script, Thread, Traits, World, now

ENDINGS = (
    "good", "llm_error", "late_failure", "error_then_completed", "no_credit", "shutdown", "stopped_by_somebody",
    "no_output", "dead_worker", "no_usage", "late_usage", "half_usage", "half_charged",
)  # fmt: skip
"""`late_failure`: the stream says completed, the stored status then becomes failed. `dead_worker`: nothing, ever."""

LATE_SECONDS = 0.15


class Performance:
    """One run under way."""

    def __init__(self, world: World, traits: Traits, run: Run, thread: Thread, script: Script) -> None:
        self._world, self._traits, self._run, self._thread, self._script = world, traits, run, thread, script
        self._last_step = ""

    async def perform(self) -> None:
        script = self._script
        if script.end == "dead_worker":
            return await _never()
        if self._traits.name == "g5":
            self._run.tell({"type": "ack", "message": "Got it", "agent_run_id": self._run.run_id})
        for number in range(script.tool_steps):
            await self._model_call(f"Vou olhar {number + 1}. ", tool="web_search", arguments={"query": "renum"})
        if script.end in {"llm_error", "error_then_completed", "no_credit", "shutdown", "stopped_by_somebody"}:
            return self._end_badly()
        await self._answer()
        return await self._end_well()

    async def _answer(self) -> None:
        script = self._script
        if script.end == "no_output":
            return
        if script.tool:
            await self._model_call("Pronto. ", tool=script.tool, arguments={"text": script.reply}, is_answer=True)
        else:
            await self._model_call(script.reply, is_answer=True)

    async def _model_call(
        self, text: str, *, tool: str = "", arguments: dict[str, Any] | None = None, is_answer: bool = False
    ) -> None:
        step = self._last_step = str(uuid4())
        told = text + (_invoked(tool, arguments or {}) if tool and self._traits.calls_tools_in_text else "")
        call = {"tool_call_id": f"call_{step[:8]}", "function_name": tool, "arguments": arguments, "source": "native"}
        native = [call] if tool and not self._traits.calls_tools_in_text else []
        self._status(step, {"status_type": "thread_run_start"})
        self._store("llm_response_start", {"llm_response_id": step, "model": self._script.model}, step=step)
        await self._stream(step, told, seconds=self._script.seconds if is_answer else 0.0, calls=native)
        metadata: dict[str, Any] = {"stream_status": "complete", "thread_run_id": step}
        if not self._traits.calls_tools_in_text:
            metadata |= {"text_content": text, "tool_calls": native}
        message = self._store("assistant", {"role": "assistant", "content": told}, metadata)
        if tool:
            self._status(step, {"status_type": "tool_started", "function_name": tool})
        if self._script.end not in {"late_usage", "half_usage"} or not is_answer:
            self._count(step, is_charged=self._script.end != "half_charged" or not is_answer)
        if tool:
            await asyncio.sleep(0.0 if is_answer else self._script.quiet_seconds)
            self._use_tool(step, message["message_id"], tool=tool, call=call)
        self._status(step, {"status_type": "finish", "finish_reason": _reason(tool)})

    async def _stream(self, step: str, text: str, *, seconds: float, calls: list[dict[str, Any]]) -> None:
        words = [word + " " for word in text.split(" ")]
        words[-1] = words[-1][:-1]
        for number, word in enumerate(words):
            await asyncio.sleep(seconds / len(words))
            metadata = {"stream_status": "chunk", "thread_run_id": step}
            self._tell("assistant", {"role": "assistant", "content": word}, metadata, sequence=number)
        if calls:
            metadata = {"stream_status": "tool_call_chunk", "thread_run_id": step, "tool_calls": calls}
            self._tell("assistant", {"role": "assistant", "content": ""}, metadata, sequence=len(words))

    def _use_tool(self, step: str, message_id: str, *, tool: str, call: dict[str, Any]) -> None:
        result = {"success": True, "output": "feito", "error": None}
        if self._traits.calls_tools_in_text:
            execution = {
                "function_name": tool, "xml_tag_name": tool, "tool_call_id": None, "arguments": call["arguments"],
                "result": result,
            }  # fmt: skip
            content = {"role": "user", "content": json.dumps({"tool_execution": execution})}
            self._store("tool", content, {"assistant_message_id": message_id})
        else:
            content = {"role": "tool", "tool_call_id": call["tool_call_id"], "name": tool, "content": "feito"}
            metadata = {"assistant_message_id": message_id, "function_name": tool, "result": result}
            self._store("tool", content, metadata)
        ends = {"agent_should_terminate": "true"} if tool in {"ask", "complete"} else {}
        self._status(step, {"status_type": "tool_completed", "function_name": tool}, ends)

    def _count(self, step: str, *, is_charged: bool = True) -> None:
        """The usage of a model call, as a stored row and on the ledger."""
        script = self._script
        if script.end == "no_usage":
            return
        used, charged = script.prompt_tokens + script.completion_tokens, 0.02
        usage = {
            "prompt_tokens": script.prompt_tokens, "completion_tokens": script.completion_tokens, "total_tokens": used,
            "prompt_tokens_details": {"cached_tokens": script.cached_tokens},
        }  # fmt: skip
        content = {"model": script.model, "usage": usage, "streaming": True, "llm_response_id": step}
        row = self._store(
            self._traits.usage_row, content, {"thread_run_id": step}, is_streamed=self._traits.streams_usage
        )
        if self._traits.name == "g5":
            self._run.tell({"type": "llm_response_end", "timestamp": now(), "thread_run_id": step})
        if is_charged:
            self._world.charge(charged * 100, thread_id=self._thread.thread_id, message_id=row["message_id"])
        for _ in range(script.foreign_charges):
            self._world.charge(7.0, thread_id=str(uuid4()), message_id=str(uuid4()))

    async def _end_well(self) -> None:
        script, traits = self._script, self._traits
        if script.end == "late_failure":
            self._finish("completed", "Agent run completed successfully", event_status="completed")
            await asyncio.sleep(LATE_SECONDS)
            self._run.status, self._run.error = "failed", "The worker lost its database"
            return
        if traits.tool_end_is_stopped and script.tool:
            self._finish("stopped", f"Agent completed (tool={script.tool})")
        else:
            self._finish("completed", "completed" if traits.name == "g5" else "Agent run completed successfully")
        if script.end == "late_usage":
            await asyncio.sleep(LATE_SECONDS)
            self._count(self._last_step)

    def _end_badly(self) -> None:
        match self._script.end:
            case "llm_error" if self._traits.name == "g5":
                self._run.tell({"type": "error", "error": self._script.words, "error_code": "LLM_EXECUTOR_ERROR"})
                self._close("failed", self._script.words)
            case "llm_error":
                self._run.tell({"type": "status", "status": "error", "message": self._script.words})
                self._close("failed", self._script.words)
            case "error_then_completed":
                self._run.tell({"type": "status", "status": "error", "message": self._script.words})
                self._finish("completed", "Agent run completed successfully")
            case "no_credit" if self._traits.name == "g5":
                self._run.tell({"type": "error", "error": "Insufficient credits", "error_code": "BILLING_ERROR"})
                self._close("failed", "Insufficient credits")
            case "no_credit":
                self._finish("stopped", "Insufficient credits: your balance is -0.02")
            case "shutdown":
                self._finish("stopped", "Instance shutdown: the worker was replaced")
            case _:
                self._finish("stopped", "Stopped by stop_signal")

    def _finish(self, status: str, message: str, *, event_status: str = "") -> None:
        self._close(status, None)
        self._run.tell({"type": "status", "status": event_status or status, "message": message})

    def _close(self, status: str, error: str | None) -> None:
        self._run.status, self._run.error, self._run.completed_at = status, error, now()

    def _status(self, step: str, content: dict[str, Any], metadata: dict[str, Any] | None = None) -> None:
        self._store("status", content, {"thread_run_id": step, **(metadata or {})})

    def _store(
        self,
        kind: str,
        content: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *,
        step: str = "",
        is_streamed: bool = True,
    ) -> dict[str, Any]:
        row = message_row(self._thread.thread_id, kind, content, metadata or {"thread_run_id": step})
        self._thread.messages.append(row)
        if is_streamed:
            self._run.tell(_as_text(row))
        return row

    def _tell(self, kind: str, content: dict[str, Any], metadata: dict[str, Any], *, sequence: int) -> None:
        row = message_row(self._thread.thread_id, kind, content, metadata)
        self._run.tell(_as_text({**row, "message_id": None, "sequence": sequence}))


def message_row(thread_id: str, kind: str, content: Any, metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "message_id": str(uuid4()),
        "thread_id": thread_id,
        "type": kind,
        "is_llm_message": kind in {"user", "assistant", "tool"},
        "content": content,
        "metadata": metadata or {},
        "created_at": now(),
        "updated_at": now(),
        "agent_id": None,
    }


def _as_text(row: dict[str, Any]) -> dict[str, Any]:
    """As the stream has it: content and metadata are JSON in strings."""
    return {**row, "content": json.dumps(row["content"]), "metadata": json.dumps(row["metadata"])}


def _invoked(tool: str, arguments: dict[str, Any]) -> str:
    parameters = "".join(f'<parameter name="{name}">{value}</parameter>\n' for name, value in arguments.items())
    return f'\n<function_calls>\n<invoke name="{tool}">\n{parameters}</invoke>\n</function_calls>'


def _reason(tool: str) -> str:
    if tool in {"ask", "complete"}:
        return "agent_terminated"
    return "tool_calls" if tool else "stop"


async def _never() -> None:
    await asyncio.Event().wait()
