"""Reading what Suna sends: streams in pieces, both forms of each field, events out of order."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renum_app.agents.backend import BadStream, TextDelta, TextReplaced
from renum_app.agents.suna import sse
from renum_app.agents.suna.dialect import Dialect, Generation
from renum_app.agents.suna.events import Chunk, Ping, Row, Told, Trouble, event_of
from renum_app.agents.suna.narration import Narration
from renum_app.agents.suna.wire import AgentList, MessageRow, RunRow


async def events_of(*pieces: bytes, limit: int = sse.MAX_EVENT_BYTES) -> list[dict[str, Any]]:
    async def arriving() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    return [event async for event in sse.events(arriving(), limit=limit)]


def row(kind: str = "assistant", content: Any = None, metadata: Any = None, **more: Any) -> MessageRow:
    fields = {"message_id": "m", "type": kind, "content": content or {}, "metadata": metadata or {}, **more}
    return MessageRow.model_validate(fields)


def shown(updates: list[Any]) -> str:
    text = ""
    for update in updates:
        text = update.text if isinstance(update, TextReplaced) else text + update.text
    return text


@given(st.lists(st.dictionaries(st.text(), st.text()), max_size=5), st.integers(1, 9))
@settings(max_examples=40, deadline=None)
async def test_events_are_the_same_however_the_bytes_arrive(sent: list[dict[str, str]], size: int) -> None:
    wire = b"".join(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode() for event in sent)
    pieces = [wire[start : start + size] for start in range(0, len(wire), size)]

    assert await events_of(*pieces) == sent


async def test_what_is_no_event_is_passed_over() -> None:
    wire = b': hello\r\nevent: x\r\ndata: {"type":\r\ndata: "ping"}\r\n\r\ndata: [1]\n\ndata: {no\n\nid: 3\n\n'

    assert await events_of(wire) == [{"type": "ping"}]


@pytest.mark.parametrize("wire", [b"data: " + b"x" * 300, b"data: xxxxxxxxx\n" * 40, b'data: "\xff"\n\n'])
async def test_an_event_without_an_end_or_a_meaning_is_a_bad_stream(wire: bytes) -> None:
    with pytest.raises(BadStream):
        await events_of(wire, limit=256)


@pytest.mark.parametrize(
    ("data", "event"),
    [
        ({"type": "ping"}, Ping()),
        ({"type": "status", "status": "completed", "message": "done"}, Told("completed", "done")),
        ({"type": "status", "status": "STOP"}, Told("STOP")),
        ({"type": "status", "status": "error", "message": "no"}, Trouble("no")),
        ({"type": "status", "status": "initializing"}, None),
        ({"type": "error", "error": "no", "error_code": "PREP_ERROR"}, Trouble("no", "PREP_ERROR")),
        ({"type": "error", "error": "no", "recoverable": True}, Trouble("no")),
        ({"type": "error", "error": {"odd": 1}}, Trouble("")),
        ({"type": "context_usage", "current_tokens": 7}, None),
        ({"type": "assistant", "sequence": "no number", "content": "x", "metadata": {}}, None),
        ({"type": ["odd"]}, None),
        ({}, None),
    ],
)
def test_each_event_means_one_thing_and_unknown_ones_nothing(data: dict[str, Any], event: object) -> None:
    assert event_of(data) == event


@pytest.mark.parametrize("as_text", [False, True])
def test_content_and_metadata_are_read_as_objects_and_as_text(as_text: bool) -> None:
    content, metadata = {"role": "assistant", "content": "oi"}, {"stream_status": "chunk", "thread_run_id": "t"}
    data = {"type": "assistant", "sequence": 3, "message_id": None, "content": content, "metadata": metadata}
    if as_text:
        data |= {"content": json.dumps(content), "metadata": json.dumps(metadata)}

    assert event_of(data) == Chunk("t", 3, "oi")


def test_a_message_that_is_plain_text_is_its_content() -> None:
    assert row("user", "Olá {não json").content == {"content": "Olá {não json"}
    assert row("user", '"só texto"').content == {"content": '"só texto"'}
    assert row("user", [{"type": "text"}]).content == {"content": [{"type": "text"}]}


def test_text_that_no_database_takes_is_made_storable() -> None:
    run = RunRow.model_validate({"id": "r", "status": "failed", "error": "a\x00b\ud800"})

    assert run.error == "a\ufffdb?"


def test_a_time_without_a_zone_is_in_utc_and_one_that_is_none_costs_no_row() -> None:
    run = RunRow.model_validate({"id": "r", "status": "pending", "startedAt": "2026-01-02T03:04:05"})
    odd = row("assistant", created_at="soon")

    assert run.started_at is not None
    assert run.started_at.utcoffset() is not None
    assert not run.has_ended
    assert odd.created_at is None


@pytest.mark.parametrize(("prefix", "pings"), [("/api", False), ("/v1", True)])
def test_the_late_releases_of_g3_are_looked_at_with_care(prefix: str, pings: bool) -> None:
    assert Dialect(Generation.G3, prefix).pings is pings


@pytest.mark.parametrize("pagination", [{"page": 1, "pages": 3}, {"current_page": 1, "total_pages": 3}])
def test_both_forms_of_paging_tell_the_number_of_pages(pagination: dict[str, int]) -> None:
    assert AgentList.model_validate({"agents": [], "pagination": pagination}).pagination.pages == 3


def test_a_repeated_stream_is_told_once_and_the_whole_message_rights_it() -> None:
    narration = Narration()
    chunks = [Chunk("t", number, text) for number, text in enumerate(("O", "lá", " você"))]
    told = [update for chunk in [*chunks[:2], chunks[0], chunks[1]] for update in narration.add(chunk)]
    assert shown(told) == "Olá"

    whole = row(content={"content": "Olá, você."}, metadata={"thread_run_id": "t"}, message_id="1")
    told += narration.add_message(whole)
    told += narration.add_message(whole)
    told += narration.add(chunks[2])
    assert shown(told) == "Olá, você."


def test_calls_written_into_the_text_are_not_shown_not_even_their_beginning() -> None:
    narration, told = Narration(), []
    for number, piece in enumerate(["Vou", " <func", "tion_calls><invoke", ">"]):
        told += narration.add(Chunk("t", number, piece))
        assert shown(told).strip() == "Vou"


def test_a_run_that_was_shown_before_is_told_anew() -> None:
    narration = Narration(was_told_before=True)
    first = narration.add(Chunk("t", 0, "Olá"))

    assert first == [TextReplaced("Olá")]
    assert narration.add(Chunk("t", 1, "!")) == [TextDelta("!")]


def test_messages_of_one_run_stand_apart() -> None:
    narration, told = Narration(), []
    for step in ("a", "b"):
        told += narration.add(Chunk(step, 0, step))
        told += narration.add_message(row(content={"content": step}, metadata={"thread_run_id": step}, message_id=step))

    assert shown(told) == "a\n\nb"
    assert shown(told + narration.end("b")) == "b"


def test_a_row_event_carries_its_message() -> None:
    event = event_of({"type": "tool", "message_id": "1", "content": "{}", "metadata": "{}"})

    assert isinstance(event, Row)
