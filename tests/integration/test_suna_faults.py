"""A Suna server that fails in every way: nothing is started twice, nothing is believed that is not on record."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from renum_app.agents.backend import AgentError, CredentialRejected, InputNeeded, RunRequest, RunUpdate, TextDelta
from renum_app.agents.suna import SunaBackend
from renum_app.i18n import LOCALES, text
from tests.doubles.suna.performance import LATE_SECONDS
from tests.doubles.suna_server import Script, SunaServer, suna_server
from tests.integration.suna import GENERATIONS, asked, backend_for, collected, identifiers, told, until


@pytest_asyncio.fixture(params=GENERATIONS)
async def server(request: pytest.FixtureRequest) -> AsyncIterator[SunaServer]:
    async with suna_server(request.param) as server:
        yield server
    assert server.violations == []


@pytest_asyncio.fixture
async def latest() -> AsyncIterator[SunaServer]:
    """One generation, where the others cannot differ."""
    async with suna_server("g5") as server:
        yield server
    assert server.violations == []


async def failure_of(backend: SunaBackend, request: RunRequest) -> AgentError:
    with pytest.raises(AgentError) as caught:
        await told(backend.run(request))
    for locale in LOCALES:
        sentence = text(f"agent_errors.{caught.value.message}", locale, agent="Ana", **caught.value.params)
        assert "{" not in sentence
        assert "sk_0123456789abcdef" not in sentence
    return caught.value


@pytest.mark.parametrize("fault", ["lose", "drop", "502", "act_and_tell_nonsense"])
async def test_a_start_that_nobody_knows_about_starts_one_run(server: SunaServer, fault: str) -> None:
    agent_id = server.agent("Ana")
    server.will("start", fault)
    async with backend_for(server) as backend:
        _, ended = await told(backend.run(asked(agent_id)))

    assert ended.text == Script().reply
    assert server.world.runs_per_thread() == [1]
    assert server.prompts == ["Analise."]


@pytest.mark.parametrize("fault", ["lose", "drop", "500"])
async def test_a_message_whose_answer_is_lost_is_not_added_twice(fault: str) -> None:
    async with suna_server("g2") as server, backend_for(server) as backend:
        agent_id = server.agent("Ana")
        server.will("add", fault)
        updates, _ = await told(backend.run(asked(agent_id)))
        thread = server.world.threads[identifiers(updates)["thread_id"]]

    assert [row["type"] for row in thread.messages].count("user") == 1


async def test_a_thread_whose_answer_is_lost_is_found_again(server: SunaServer) -> None:
    agent_id = server.agent("Ana")
    server.will("create_thread", "lose")
    async with backend_for(server) as backend:
        await told(backend.run(asked(agent_id)))

    assert len(server.world.threads) == 1


async def test_a_run_whose_row_is_written_late_is_not_lost(latest: SunaServer) -> None:
    latest.late_seconds = 0.3
    agent_id = latest.agent("Ana", Script(seconds=0.1))
    latest.will("start", "lose")
    async with backend_for(latest) as backend:
        _, ended = await told(backend.run(asked(agent_id)))

    assert ended.text == Script().reply
    assert latest.world.runs_per_thread() == [1]


async def test_the_limit_of_runs_is_waited_for(server: SunaServer) -> None:
    server.run_limit = 1
    agent_id = server.agent("Ana", Script(seconds=0.2))
    async with backend_for(server) as backend:
        ends = await asyncio.gather(*(told(backend.run(asked(agent_id))) for _ in range(3)))

    assert [ended.text for _, ended in ends] == [Script().reply] * 3
    assert server.world.runs_per_thread() == [1, 1, 1]
    assert server.calls["start"] > 3


@pytest.mark.parametrize(
    ("operation", "fault", "word"),
    [
        ("start", "402:INSUFFICIENT_CREDITS", "suna_no_credit"),
        ("start", "402:MODEL_ACCESS_DENIED", "suna_model_denied"),
        ("create_thread", "402:PROJECT_LIMIT_EXCEEDED", "suna_full"),
        ("create_thread", "402:THREAD_LIMIT_EXCEEDED", "suna_full"),
        ("create_thread", "401", "suna_key_rejected"),
        ("create_thread", "403", "suna_forbidden"),
        ("create_thread", "413", "suna_input_too_large"),
        ("start", "404", "suna_agent_missing"),
        ("create_thread", "html", "suna_unreadable"),
        ("create_thread", "bad_json", "suna_unreadable"),
        ("create_thread", "odd_json", "suna_unreadable"),
        ("create_thread", "redirect", "suna_redirect"),
        ("health", "html", "suna_not_found"),
    ],
)
async def test_a_refusal_is_told_for_what_it_is_and_not_repeated(
    latest: SunaServer, operation: str, fault: str, word: str
) -> None:
    agent_id = latest.agent("Ana")
    latest.will(operation, fault, secret=latest.key)
    async with backend_for(latest) as backend:
        error = await failure_of(backend, asked(agent_id))

    assert error.message == word
    assert not error.will_help_to_retry or word == "suna_unreadable"
    assert latest.calls[operation] == 1
    assert latest.world.runs == {}


async def test_a_rejected_key_is_named_and_never_told(latest: SunaServer) -> None:
    key = "pk_other:sk_0123456789abcdef"
    async with backend_for(latest, api_key=key) as backend:
        error = await failure_of(backend, asked(latest.agent("Ana")))

    assert isinstance(error, CredentialRejected)
    assert key not in repr(error) + str(error.params)


async def test_what_a_server_says_is_passed_on_without_the_key(latest: SunaServer) -> None:
    agent_id = latest.agent("Ana")
    latest.will("start", *["500"] * 9, secret=latest.key)
    async with backend_for(latest) as backend:
        error = await failure_of(backend, asked(agent_id))

    assert error.message == "suna_failed"
    assert "[key]" in error.params["detail"]


@pytest.mark.parametrize(
    ("end", "word"),
    [
        ("llm_error", "suna_run_failed"),
        ("late_failure", "suna_run_failed"),
        ("error_then_completed", "suna_run_failed"),
        ("no_credit", "suna_no_credit"),
        ("shutdown", "suna_interrupted"),
        ("stopped_by_somebody", "suna_interrupted"),
        ("no_output", "suna_answer_empty"),
    ],
)
async def test_a_bad_end_is_a_failure_whatever_the_stream_said(server: SunaServer, end: str, word: str) -> None:
    agent_id = server.agent("Ana", Script(end=end, tool_steps=0 if end == "no_output" else 1))
    async with backend_for(server, settle_seconds=2 * LATE_SECONDS if end == "late_failure" else 0.02) as backend:
        error = await failure_of(backend, asked(agent_id))

    assert error.message == word


@pytest.mark.parametrize("fault", ["cut", "garbage"])
async def test_a_broken_stream_changes_nothing_about_the_answer(server: SunaServer, fault: str) -> None:
    script = Script(seconds=0.3)
    agent_id = server.agent("Ana", script)
    server.will("stream", fault, after_events=18)
    async with backend_for(server) as backend:
        updates, ended = await told(backend.run(asked(agent_id)))

    deltas = "".join(update.text for update in updates if isinstance(update, TextDelta))
    assert ended.text == script.reply
    assert deltas.count("Vou olhar 1.") == 1
    assert server.world.runs_per_thread() == [1]


async def test_an_endless_line_ends_the_attempt_and_the_run(latest: SunaServer) -> None:
    agent_id = latest.agent("Ana", Script(seconds=5))
    latest.will("stream", "endless_line", after_events=3)
    async with backend_for(latest) as backend:
        error = await failure_of(backend, asked(agent_id))

    assert (error.code, error.message) == ("bad_stream", "suna_event_too_large")
    assert [run.status for run in latest.world.runs.values()] == ["stopped"]


async def test_a_stop_reaches_the_server_at_once_and_is_verified(server: SunaServer) -> None:
    agent_id = server.agent("Ana", Script(seconds=30))
    async with backend_for(server) as backend:
        request, seen = asked(agent_id), []
        task = asyncio.create_task(collected(backend.run(request), seen))
        await until(lambda: any(isinstance(update, TextDelta) for update in seen))
        task.cancel()
        async with asyncio.timeout(2):
            assert await backend.stop(request, identifiers(seen))
            assert await backend.stop(request, identifiers(seen)), "a second stop changes nothing"

    run = next(iter(server.world.runs.values()))
    assert (run.status, run.stops) == ("stopped", 1)


async def test_a_run_that_nobody_wants_to_hear_any_more_is_stopped(latest: SunaServer) -> None:
    agent_id = latest.agent("Ana", Script(seconds=30))
    async with backend_for(latest) as backend:
        updates = backend.run(asked(agent_id))
        while not isinstance(await anext(updates), TextDelta):
            pass
        await updates.aclose()

    assert [run.status for run in latest.world.runs.values()] == ["stopped"]


async def test_an_engine_that_is_shut_down_leaves_the_run_for_the_next(latest: SunaServer) -> None:
    agent_id = latest.agent("Ana", Script(seconds=30))
    async with backend_for(latest) as backend:
        task = asyncio.create_task(collected(backend.run(asked(agent_id)), seen := []))
        await until(lambda: any(isinstance(update, TextDelta) for update in seen))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    assert [run.status for run in latest.world.runs.values()] == ["running"]


async def test_a_server_that_takes_the_question_and_never_answers_is_given_up(latest: SunaServer) -> None:
    agent_id = latest.agent("Ana")
    latest.will("create_thread", "hold")
    async with backend_for(latest, write_seconds=0.2, away_seconds=0.1) as backend:
        _, ended = await told(backend.run(asked(agent_id)))
        latest.will("threads", *["hold"] * 20)
        latest.will("create_thread", "hold")
        async with backend_for(latest, write_seconds=0.1, read_seconds=0.1, away_seconds=0.2) as impatient:
            error = await failure_of(impatient, asked(agent_id))

    assert ended.text == Script().reply
    assert (error.code, error.will_help_to_retry) == ("timeout", True)


async def test_a_stop_while_the_start_is_on_its_way_finds_the_run(server: SunaServer) -> None:
    agent_id = server.agent("Ana", Script(seconds=30))
    server.will("start", "slow", seconds=0.2)
    async with backend_for(server) as backend:
        request, seen = asked(agent_id), []
        task = asyncio.create_task(collected(backend.run(request), seen))
        await until(lambda: server.calls["start"])
        task.cancel()
        assert await backend.stop(request, identifiers(seen))

    assert [run.status for run in server.world.runs.values()] == ["stopped"]


async def test_a_stop_after_the_end_does_not_overwrite_it(server: SunaServer) -> None:
    agent_id = server.agent("Ana", Script(tool=""))
    async with backend_for(server) as backend:
        updates, _ = await told(backend.run(request := asked(agent_id)))
        assert await backend.stop(request, identifiers(updates))

    assert [run.status for run in server.world.runs.values()] == ["completed"]
    assert server.calls["stop"] == 0


async def test_a_server_that_is_away_for_a_while_delays_and_loses_nothing(server: SunaServer) -> None:
    script = Script(seconds=0.5)
    agent_id = server.agent("Ana", script)
    server.go_away()
    async with backend_for(server) as backend:
        task = asyncio.create_task(told(backend.run(asked(agent_id))))
        await asyncio.sleep(0.3)
        server.come_back()
        await until(lambda: server.calls["stream"])
        server.go_away()
        await asyncio.sleep(0.4)
        server.come_back()
        _, ended = await task

    assert ended.text == script.reply
    assert server.world.runs_per_thread() == [1]


async def test_a_server_that_stays_away_is_given_up(latest: SunaServer) -> None:
    latest.go_away()
    async with backend_for(latest, away_seconds=0.3) as backend:
        error = await failure_of(backend, asked(latest.agent("Ana")))

    assert error.code in {"backend_unreachable", "bad_stream"}
    assert error.will_help_to_retry


@pytest.mark.parametrize("moment", ["thread", "run"])
async def test_an_attempt_is_taken_up_where_it_stood(server: SunaServer, moment: str) -> None:
    script = Script(seconds=0.3)
    agent_id = server.agent("Ana", script)
    request, known = asked(agent_id), {}
    async with backend_for(server) as first:
        updates = first.run(request)
        known = dict((await anext(updates)).identifiers)
        if moment == "run":
            known = dict((await anext(updates)).identifiers)
        await updates.aclose()
        await first.aclose()
    async with backend_for(server) as second:
        _, ended = await told(second.attach(request, known))

    assert ended.text == script.reply
    assert server.world.runs_per_thread() == [1]


@pytest.mark.parametrize("generation", ["g4", "g5"])
async def test_an_old_and_quiet_run_is_not_killed_by_looking_at_it(generation: str) -> None:
    script = Script(quiet_seconds=1.0)
    async with suna_server(generation) as server:
        server.ping_seconds, server.stream_key_expired = 0.05, True
        agent_id = server.agent("Ana", script)
        request = asked(agent_id)
        async with backend_for(server) as first:
            task = asyncio.create_task(collected(first.run(request), seen := []))
            await until(lambda: server.calls["stream"])
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        async with backend_for(server, reopen_age_seconds=0.0) as second:
            _, ended = await told(second.attach(request, identifiers(seen)))

    assert ended.text == script.reply
    assert server.calls["stream"] == 1


async def test_the_breaker_spares_a_server_that_is_away(latest: SunaServer) -> None:
    agent_id = latest.agent("Ana")
    latest.will("create_thread", *["503"] * 200)
    async with backend_for(latest, away_seconds=0.3, breaker_seconds=0.25) as backend:
        await asyncio.gather(*(told(backend.run(asked(agent_id))) for _ in range(20)), return_exceptions=True)

    assert latest.calls["create_thread"] < 40


async def test_a_question_is_no_answer(server: SunaServer) -> None:
    agent_id = server.agent("Ana", Script(tool="ask", reply="Qual é o prazo?"))
    async with backend_for(server) as backend:
        error = await failure_of(backend, asked(agent_id))

    assert isinstance(error, InputNeeded)
    assert error.question == "Qual é o prazo?"


@pytest.mark.parametrize("fault", ["", "lose", "drop"])
async def test_an_answer_goes_to_the_thread_that_asked_and_starts_one_run(server: SunaServer, fault: str) -> None:
    agent_id = server.agent("Ana", Script(tool="ask", reply="Qual é o prazo?", then=Script(reply="Em maio.")))
    request = asked(agent_id)
    async with backend_for(server) as backend:
        seen: list[RunUpdate] = []
        with pytest.raises(InputNeeded):
            await collected(backend.run(request), seen)
        if fault:
            server.will("start", fault)
        answer = replace(request, attempt=2, input="Maio.", reply_to=identifiers(seen))
        _, ended = await told(backend.run(answer))

    assert ended.text == "Em maio."
    assert ended.usage.total == 480
    assert server.prompts == ["Analise.", "Maio."]
    assert server.world.runs_per_thread() == [2]
