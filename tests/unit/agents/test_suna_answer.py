"""What an agent answered, in whichever form its release writes it."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renum_app.agents.suna.answer import answer_in, last_turn
from renum_app.agents.suna.events import Chunk, event_of
from renum_app.agents.suna.wire import MessageRow


def row(kind: str = "assistant", content: Any = None, metadata: Any = None, **more: Any) -> MessageRow:
    fields = {"message_id": "m", "type": kind, "content": content or {}, "metadata": metadata or {}, **more}
    return MessageRow.model_validate(fields)


CALL = {"function_name": "complete", "arguments": {"text": "Pronto."}}
IN_TEXT = 'Vou.\n<function_calls>\n<invoke name="complete">\n<parameter name="text">Pronto.</parameter>\n</invoke>'


@pytest.mark.parametrize(
    "rows",
    [
        [row(content={"content": "Vou."}, metadata={"tool_calls": [CALL]})],
        [row(metadata={"tool_calls": [{**CALL, "arguments": '{"text": "Pronto."}'}]})],
        [row(content={"content": IN_TEXT})],
        [row("tool", {"content": json.dumps({"tool_execution": CALL})}), row("status", {"status_type": "finish"})],
        [row("tool", {"content": {"tool_execution": {**CALL, "function_name": None, "xml_tag_name": "complete"}}})],
    ],
)
def test_the_answer_is_what_was_given_to_complete_however_it_is_written(rows: list[MessageRow]) -> None:
    answer = answer_in(rows)

    assert (answer.text, answer.tool) == ("Pronto.", "complete")


def test_without_a_tool_the_answer_is_the_last_thing_said() -> None:
    rows = [row(content={"content": "Antes."}), row(content={"content": f"Depois.{IN_TEXT[4:40]}"}), row("tool")]
    rows += [row(content={"content": " "}), row(metadata={"tool_calls": "odd"})]

    assert answer_in(rows).text == "Depois."
    assert answer_in([]).text == ""


def test_calls_that_never_end_are_read_once() -> None:
    text = '<invoke name="ask"><parameter name="text">' * 20_000

    assert answer_in([row(content={"content": text})]).text == text


def test_only_the_last_turn_of_a_thread_counts() -> None:
    rows = [row("user"), row(content={"content": "1"}), row("user"), row(content={"content": "2"})]

    assert [each.content for each in last_turn(rows)] == [{"content": "2"}]


words = st.text(st.characters(exclude_characters="<", codec="utf-8"), max_size=12)
calls = st.tuples(
    st.sampled_from(["ask", "complete", "web_search", ""]),
    st.lists(st.tuples(st.sampled_from(["text", "attachments", "query"]), words), max_size=3),
)


def written(name: str, parameters: list[tuple[str, str]]) -> str:
    inner = "".join(f'<parameter name="{each}">{value}</parameter>' for each, value in parameters)
    return f'<invoke name="{name}">{inner}</invoke>'


@given(st.lists(calls, max_size=5), words)
@settings(deadline=None)
def test_an_answer_is_the_text_of_its_own_call_and_of_no_other(made: list[Any], said: str) -> None:
    text = f"{said}<function_calls>" + "".join(written(*call) for call in made) + "</function_calls>"
    answering = [(name, dict(reversed(given)).get("text", "")) for name, given in made if name in {"ask", "complete"}]
    expected = next(((told, name) for name, told in answering if told.strip()), None)
    answer = answer_in([row(content={"content": text})])

    if expected:
        assert (answer.text, answer.tool) == expected
    else:
        assert answer.text.strip() == said.strip()
        assert answer.tool == (answering[0][0] if answering else "")


@given(st.text('<>/ abinvokeparmtx="', max_size=60), st.lists(calls, max_size=4), st.integers(0, 200))
@settings(deadline=None)
def test_no_text_crosses_from_one_call_into_another(noise: str, made: list[Any], cut: int) -> None:
    """Whatever is cut off or written in between."""
    whole = "".join(written(*call) for call in made)
    answer = answer_in([row(content={"content": f"<function_calls>{whole[:cut]}{noise}{whole[cut:]}"})])

    assert "<invoke name=" not in answer.text


def test_a_call_without_a_text_does_not_take_that_of_another() -> None:
    text = written("complete", []) + written("web_search", [("text", "Busca.")])

    assert answer_in([row(content={"content": f"Pronto.<function_calls>{text}"})]).text == "Pronto."


def test_a_text_may_speak_of_calls() -> None:
    text = 'Escreva <parameter name="text"> e feche com </invoke>.'
    answer = answer_in([row(content={"content": f'<invoke name="complete"><parameter name="text">{text}</parameter>'})])

    assert answer.text == text


def test_where_calls_are_listed_a_text_that_looks_like_one_is_none() -> None:
    text = f"Use {written('ask', [('text', 'Como?')])} para perguntar."
    answer = answer_in([row(content={"content": text}, metadata={"tool_calls": []})])

    assert (answer.text, answer.tool) == (text, "")


@given(st.text(max_size=30), st.lists(st.integers(0, 30), max_size=4), st.booleans())
@settings(deadline=None)
def test_content_in_parts_says_what_content_in_one_piece_says(text: str, cuts: list[int], as_dicts: bool) -> None:
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    pieces = [text[start:end] for start, end in pairwise(places)]
    parts = [{"type": "text", "text": piece} if as_dicts else piece for piece in pieces]
    whole, split = row(content={"content": text}), row(content={"content": [*parts, {"type": "image"}, 7, None]})

    assert answer_in([split]) == answer_in([whole])


def test_a_piece_of_a_stream_may_come_in_parts_too() -> None:
    content = {"role": "assistant", "content": [{"type": "text", "text": "oi"}]}
    metadata = {"stream_status": "chunk", "thread_run_id": "t"}

    assert event_of({"type": "assistant", "sequence": 1, "content": content, "metadata": metadata}) == Chunk(
        "t", 1, "oi"
    )


def test_a_turn_whose_own_message_is_not_written_yet_begins_with_its_run() -> None:
    at = [f"2026-01-01T10:00:0{second}+00:00" for second in range(6)]
    asking = [row("user", created_at=at[0]), row(content={"content": "Qual?"}, created_at=at[1])]
    answering = row(content={"content": "Em maio."}, created_at=at[5])

    assert last_turn([*asking, answering], since=datetime.fromisoformat(at[4])) == [answering]
    assert last_turn(asking, since=datetime.fromisoformat(at[4])) == asking[1:], "a clock that is ahead costs no answer"
