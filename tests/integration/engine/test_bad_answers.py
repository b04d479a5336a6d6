"""Whatever an agent says, its step has a defined end that is on record; on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from renum_app.agents.backend import RunEnded, RunRequest, RunUpdate, TextDelta, TextReplaced, Usage
from renum_app.models.execution_read import ExecutionRead
from tests.fakes import Script, says
from tests.integration.engine.conftest import Stage

MIB = 1_048_576


@dataclass(frozen=True)
class Case:
    """What is kept of an answer, and what it writes into the context."""

    said: str
    kept: str
    writes: dict[str, Any]
    warning: str | None = None


def unchanged(said: str, writes: dict[str, Any] | None = None, warning: str | None = None) -> Case:
    return Case(said, said, writes or {}, warning)


IGNORED = "renum_block_ignored"
CASES = {
    "half a pair": Case("meio \ud83d par", "meio ? par", {}),
    "both halves apart": Case("\ude00\ud83d", "??", {}),
    "nul": Case("antes\x00depois", "antes\ufffddepois", {}),
    "nul and half a pair in JSON": Case('{"a\x00b": "\ud83d"}', '{"a\ufffdb": "?"}', {"a\ufffdb": "?"}),
    "escapes in JSON": unchanged('{"a": "\\u0000 \\ud83d"}', {"a": "\ufffd ?"}),
    "what is not seen": Case("\x01\x1b[31m\x7f\u202e\ufeff", "\ufffd\ufffd[31m\ufffd\ufffd\ufeff", {}),
    "a number": unchanged("42"),
    "a list": unchanged('[{"a": 1}]'),
    "a text in quotes": unchanged('"a"'),
    "null": unchanged("null"),
    "nearly an object": unchanged('{"a": 1,}'),
    "an object with what JSON lacks": unchanged('{"a": NaN, "b": Infinity}'),
    "an object too deep": unchanged('{"a": ' + "[" * 50 + "]" * 50 + "}"),
    "an object with a huge number": unchanged('{"a": ' + "9" * 5_000 + "}"),
    "an object with a large number": unchanged('{"a": ' + "9" * 40 + "}", {"a": int("9" * 40)}),
    "one key twice": unchanged('{"a": 1, "a": 2}', {"a": 2}),
    "an empty key": unchanged('{"": 1, "ok": 2}', {"": 1, "ok": 2}),
    "a block of nonsense": unchanged("Fim.\n```renum\nset risco = 4\n```", warning=IGNORED),
    "a block with a list": unchanged("Fim.\n```renum\n[1, 2]\n```", warning=IGNORED),
    "a block that sets no object": unchanged('Fim.\n```renum\n{"set": "tudo"}\n```', warning=IGNORED),
    "an empty block": unchanged("Fim.\n```renum\n\n```", warning=IGNORED),
    "a block in the middle": unchanged('```renum\n{"set": {"a": 1}}\n```\nMais texto.'),
    "an open block": unchanged('Fim.\n```renum\n{"set": {"a": 1}}'),
    "a good block": unchanged('Fim.\n```renum\n{"set": {"a": {"b": [1]}}}\n```', {"a": {"b": [1]}}),
    "keys of the context itself": unchanged(
        '{"shared_context": 1, "__class__": 2}', {"shared_context": 1, "__class__": 2}
    ),
}


@pytest.mark.parametrize("streams", [True, False], ids=["in pieces", "at once"])
async def test_every_answer_is_kept_as_it_can_be_and_writes_what_it_may(stage: Stage, *, streams: bool) -> None:
    names = {f"A{place}": case for place, case in enumerate(CASES.values())}
    stage.backend.scripts = {name: _said(case.said, streams=streams) for name, case in names.items()}
    executions = {name: await stage.start(await stage.team(name)) for name in names}
    for name, case in names.items():
        execution = await stage.finished(executions[name])
        assert (execution.status, execution.error_message) == ("completed", None), case
        assert execution.agent_results[name]["text"] == case.kept, case
        assert execution.final_result
        assert execution.final_result["details"]["shared_context"] == case.writes, case
        codes = [warning["code"] for warning in execution.final_result["details"]["warnings"]]
        assert codes == ([case.warning] if case.warning else []), case


def _said(text: str, *, streams: bool) -> Script:
    async def script(_: RunRequest) -> AsyncIterator[RunUpdate]:
        for character in text if streams and len(text) < 100 else [text] * streams:
            yield TextDelta(character)
        yield RunEnded(text=text, usage=Usage(10, 5))

    return script


async def one_answer(stage: Stage, script: Script) -> ExecutionRead:
    stage.backend.scripts = {"Ana": script}
    return await stage.run(await stage.team("Ana", Ana={"retry": {"max_attempts": 3, "backoff_seconds": 0.01}}))


@pytest.mark.parametrize("text", ["x" * MIB, "ç" * (MIB // 2), "x" * (MIB - 4) + "🎵"], ids=["x", "ç", "🎵"])
async def test_an_answer_of_one_mebibyte_is_whole(stage: Stage, text: str) -> None:
    execution = await one_answer(stage, says(text, pieces=50))
    assert execution.status == "completed"
    assert execution.agent_results["Ana"]["text"] == text
    assert execution.final_result
    assert execution.final_result["summary"] == text


@pytest.mark.parametrize("text", ["x" * (MIB + 1), "ç" * (MIB // 2) + "x"], ids=["x", "ç"])
@pytest.mark.parametrize("pieces", [1, 64])
async def test_one_byte_more_fails_the_step_once_and_says_the_limit(stage: Stage, text: str, pieces: int) -> None:
    execution = await one_answer(stage, says(text, pieces=pieces))
    assert (execution.status, execution.error_code) == ("failed", "agent_failed")
    assert str(MIB) in (execution.error_message or "")
    assert stage.backend.calls["Ana"] == 1, "the same would only come again"
    stored = [
        event["data"]["delta"] for event in await stage.events(execution.execution_id) if "delta" in event["data"]
    ]
    assert len("".join(stored).encode()) <= MIB


async def test_an_answer_told_anew_may_not_be_larger_either(stage: Stage) -> None:
    async def grows(_: RunRequest) -> AsyncIterator[RunUpdate]:
        yield TextDelta("curto")
        yield TextReplaced("x" * (MIB + 1))
        yield RunEnded(text="x" * (MIB + 1))

    execution = await one_answer(stage, grows)
    assert (execution.status, execution.error_code) == ("failed", "agent_failed")


async def test_an_answer_that_ends_other_than_it_was_told_is_kept_as_it_ends(stage: Stage) -> None:
    async def changes_its_mind(_: RunRequest) -> AsyncIterator[RunUpdate]:
        yield TextDelta("Um rascunho")
        yield RunEnded(text="O texto", usage=Usage(1, 1))

    execution = await one_answer(stage, changes_its_mind)
    assert execution.agent_results["Ana"]["text"] == "O texto"
    kinds = [event["kind"] for event in await stage.events(execution.execution_id)]
    assert kinds.count("text_replaced") == 1


async def test_conditions_on_what_is_not_there_or_no_number_skip_the_step_with_what_was_seen(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": says('{"risco": "alto", "lista": [1], "nada": null}')}
    asked = {
        "Bia": ("shared_context.sumiu", "less_than", 3, False, None),
        "Caio": ("risco", "greater_than", 3, True, "alto"),
        "Davi": ("lista", "greater_or_equal", 1, True, "[1]"),
        "Eva": ("nada", "less_or_equal", 0, True, None),
        "Fabi": ("agent_results.Ana.text.mais.fundo", "equals", 1, False, None),
    }
    members = {
        name: {"conditions": [{"field": field, "operator": operator, "value": value}]}
        for name, (field, operator, value, _, _) in asked.items()
    }
    execution = await stage.run(await stage.team("Ana", *asked, kind="conditional", **members))

    assert execution.status == "completed"
    assert [(step.status, step.reason) for step in execution.steps[1:]] == [("skipped", "conditions_not_met")] * 5
    log = await stage.events(execution.execution_id)
    seen = {e["data"]["step_id"]: e["data"]["details"]["conditions"][0] for e in log if e["kind"] == "step_skipped"}
    for name, (field, _, _, found, actual) in asked.items():
        assert (seen[name]["field"], seen[name]["found"], seen[name]["actual"]) == (field, found, actual)
        assert seen[name]["holds"] is False
