"""Habits of Suna that hurt who does not know them, and the one thing that must never be told: the key."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import pytest

from renum_app.agents.backend import AgentError, InputNeeded, RunUpdate, TextDelta
from tests.doubles.suna_server import Script, SunaServer, suna_server
from tests.integration.suna import asked, backend_for, collected, identifiers, shown, told, until

CANARY = "pk_canary:sk_c0ffee5ec7e7"


def tool_is_open(server: SunaServer) -> bool:
    rows = [row for thread in server.world.threads.values() for row in thread.messages]
    return any(row["content"].get("status_type") == "tool_started" for row in rows)


@pytest.mark.parametrize("generation", ["g3-late", "g4", "g5"])
async def test_a_restart_in_a_quiet_tool_does_not_kill_the_run_by_looking(generation: str) -> None:
    """A catch-up takes what it gave off the stream, so the next one of a quiet run finds nothing and kills it."""
    script = Script(quiet_seconds=1.5)
    async with suna_server(generation) as server:
        server.ping_seconds = 0.05
        request, seen = asked(server.agent("Ana", script)), list[RunUpdate]()
        async with backend_for(server) as first:
            task = asyncio.create_task(collected(first.run(request), seen))
            await until(lambda: server.calls["stream"] and tool_is_open(server))
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0.2)
        for _ in range(2):
            async with backend_for(server, reopen_quiet_seconds=0.15) as again:
                task = asyncio.create_task(collected(again.attach(request, identifiers(seen)), []))
                await asyncio.sleep(0.1)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        async with backend_for(server, reopen_quiet_seconds=0.15) as last:
            _, ended = await told(last.attach(request, identifiers(seen)))

    assert ended.text == script.reply
    assert [run.status for run in server.world.runs.values()] != ["failed"]


@pytest.mark.parametrize("generation", ["g2", "g3", "g3-late", "g4", "g5"])
async def test_a_restart_after_more_events_than_the_server_remembers_loses_no_text(generation: str) -> None:
    """A catch-up gives the newest two hundred events of a run that has told many more."""
    script = Script(reply="palavra " * 500 + "fim.", tool="", seconds=1.2)
    async with suna_server(generation) as server:
        request, seen = asked(server.agent("Ana", script)), list[RunUpdate]()
        async with backend_for(server) as first:
            task = asyncio.create_task(collected(first.run(request), seen))
            await until(lambda: any(isinstance(update, TextDelta) for update in seen))
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await until(lambda: any(len(run.events) > 300 for run in server.world.runs.values()))
        async with backend_for(server) as second:
            updates, ended = await told(second.attach(request, identifiers(seen)))

    assert ended.text == script.reply
    assert shown(updates) == script.reply
    assert server.world.runs_per_thread() == [1]


async def test_an_answer_whose_message_is_written_late_is_not_taken_for_the_question() -> None:
    """The person's answer starts a turn; until its row is there, the last turn on record is the one that asked."""
    script = Script(tool="ask", reply="Qual é o prazo?", then=Script(tool="", tool_steps=0, reply="Em maio."))
    async with suna_server("g5") as server, backend_for(server) as backend:
        request, seen = asked(server.agent("Ana", script)), list[RunUpdate]()
        with pytest.raises(InputNeeded):
            await collected(backend.run(request), seen)
        server.late_message_seconds = 5.0
        answer = replace(request, attempt=2, input="Maio.", reply_to=identifiers(seen))
        _, ended = await told(backend.run(answer))

    assert ended.text == "Em maio."
    assert server.world.runs_per_thread() == [2]


async def test_a_lost_start_whose_message_is_written_late_starts_one_run() -> None:
    async with suna_server("g5") as server, backend_for(server) as backend:
        server.late_seconds, server.late_message_seconds = 0.15, 0.6
        server.will("start", "lose")
        _, ended = await told(backend.run(asked(server.agent("Ana"))))

    assert ended.text == Script().reply
    assert server.world.runs_per_thread() == [1]


@pytest.mark.parametrize("operation", ["messages", "add"])
async def test_a_thread_that_vanished_there_is_a_failure_with_a_sentence(operation: str) -> None:
    async with suna_server("g2") as server, backend_for(server) as backend:
        server.will(operation, *["404"] * 50)
        with pytest.raises(AgentError):
            await told(backend.run(asked(server.agent("Ana"))))


@pytest.mark.parametrize(
    ("operation", "fault"),
    [("create_thread", "500"), ("create_thread", "401"), ("start", "403"), ("start", "422"), ("stream", "cut"),
     ("run", "html"), ("messages", "drop"), ("create_thread", "redirect")],
)  # fmt: skip
async def test_the_key_is_in_no_log_and_no_error(caplog: pytest.LogCaptureFixture, operation: str, fault: str) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[RunUpdate] = []
    told_of = ""
    async with suna_server("g5") as server:
        server.accounts[CANARY] = server.account
        agent_id = server.agent("Ana", Script(end="llm_error" if operation == "run" else "good"))
        if operation == "stream":
            server.will(operation, fault, after_events=3)
        else:
            server.will(operation, *[fault] * 3, secret=CANARY)
        async with backend_for(server, api_key=CANARY, away_seconds=0.2) as backend:
            try:
                await collected(backend.run(asked(agent_id)), seen)
            except AgentError as error:
                told_of = f"{error!r} {error.params} {error.__cause__!r} {vars(error)}"
        sent = any(CANARY in headers.values() for headers in server.headers)

    assert sent
    for secret in (CANARY, *CANARY.split(":")):
        assert secret not in caplog.text + told_of + repr(seen)
        assert not any(secret in repr(vars(record)) for record in caplog.records)
