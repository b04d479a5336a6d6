"""A person's own keys in what agents say: gone, in whatever pieces they come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renum_app.agents.backend import (
    AgentFailed,
    Capabilities,
    InputNeeded,
    RunEnded,
    RunRequest,
    RunStarted,
    RunUpdate,
    TextDelta,
    TextReplaced,
)  # fmt: skip
from renum_app.agents.discreet import DiscreetBackend
from renum_app.agents.redaction import Redactor
from renum_app.models.agent import AgentSnapshot, Backend

KEY = "sk-canary-0123456789abcdef"
KEYS = (KEY, KEY + "-longer", "aaaaaaaab", "abaabaabab")
MASK = "*" * len(KEY)


@given(
    st.lists(st.sampled_from([*KEYS, "a", "b", "ab", "sk-", "sk-canary-0123", "texto ", KEY[:9], "é"]), max_size=30),
    st.lists(st.integers(1, 7), min_size=1),
)
def test_pieces_are_redacted_as_the_whole_is_and_keep_their_length(words: list[str], sizes: list[int]) -> None:
    text, place, shown, redactor = "".join(words), 0, [], Redactor(KEYS)
    for step in range(len(text)):
        if place >= len(text):
            break
        size = sizes[step % len(sizes)]
        shown.append(redactor.add(text[place : place + size]))
        place += size
    shown.append(redactor.rest())
    told = "".join(shown)
    assert told == Redactor(KEYS).whole(text)
    assert len(told) == len(text)
    assert not any(key in told for key in KEYS)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nada a esconder", "nada a esconder"),
        (f"a chave é {KEY}.", f"a chave é {MASK}."),
        (KEY + KEY, MASK + MASK),
        (f"cortada: {KEY[:-3]}", f"cortada: {'*' * (len(KEY) - 3)}"),
        ("termina em sk-", "termina em sk-"),
        (KEY.upper(), KEY.upper()),
    ],
)
def test_what_is_hidden_and_what_is_not(text: str, told: str) -> None:
    assert Redactor([KEY]).whole(text) == told


def test_a_short_key_is_a_word_like_others() -> None:
    assert Redactor(["none", ""]).whole("none of it") == "none of it"


class Parrot:
    """Says what it was given, piece by piece."""

    name, capabilities = Backend.REHEARSAL, Capabilities()

    def __init__(self, *says: RunUpdate | Exception) -> None:
        self.says, self.is_closed = says, False

    async def run(self, request: RunRequest) -> AsyncIterator[RunUpdate]:
        try:
            for each in self.says:
                if isinstance(each, Exception):
                    raise each
                yield each
        finally:
            self.is_closed = True

    async def attach(self, request: RunRequest, identifiers: object) -> AsyncIterator[RunUpdate]:
        async for update in self.run(request):
            yield update

    async def stop(self, request: RunRequest, identifiers: object) -> bool:
        return True

    async def aclose(self) -> None:
        self.is_closed = True


async def _keys(_: object) -> tuple[str, ...]:
    return (KEY,)


def _request() -> RunRequest:
    agent = AgentSnapshot(agent_id="a", name="Ana", backend=Backend.REHEARSAL)
    return RunRequest(uuid4(), uuid4(), "passo", 1, agent, "", "pergunta")


async def _heard(parrot: Parrot) -> list[RunUpdate]:
    return [update async for update in DiscreetBackend(parrot, _keys).run(_request())]  # type: ignore[arg-type]


async def test_an_answer_in_pieces_is_told_without_the_key_and_agrees_with_its_end() -> None:
    text = f"minha chave é {KEY}!"
    heard = await _heard(Parrot(RunStarted({"id": "1"}), *map(TextDelta, text), RunEnded(text, model=f"m-{KEY}")))
    told = "".join(update.text for update in heard if isinstance(update, TextDelta))
    assert heard[0] == RunStarted({"id": "1"})
    assert isinstance(heard[-1], RunEnded)
    assert told == heard[-1].text == f"minha chave é {MASK}!"
    assert heard[-1].model == f"m-{MASK}"


async def test_an_answer_told_anew_forgets_what_was_held_back() -> None:
    heard = await _heard(
        Parrot(TextDelta("x" + KEY[:5]), TextReplaced(f"y{KEY}"), TextDelta("z"), RunEnded(f"y{KEY}z"))
    )
    assert heard[:3] == [TextDelta("x"), TextReplaced(f"y{MASK}"), TextDelta("z")]


async def test_a_failure_says_no_key_and_what_was_said_before_stays() -> None:
    failed = AgentFailed("provider_refused", detail=f"bad key {KEY}", status=400)
    backend = DiscreetBackend(Parrot(TextDelta("até sk"), failed), _keys)  # type: ignore[arg-type]
    updates = backend.run(_request())
    heard = [await anext(updates), await anext(updates)]
    with pytest.raises(AgentFailed) as raised:
        await anext(updates)
    assert heard == [TextDelta("até "), TextDelta("sk")]
    assert raised.value.params == {"detail": f"bad key {MASK}", "status": 400}


async def test_a_question_says_no_key() -> None:
    with pytest.raises(InputNeeded) as raised:
        await _heard(Parrot(InputNeeded(f"é {KEY}?")))
    assert (raised.value.question, raised.value.params) == (f"é {MASK}?", {"question": f"é {MASK}?"})


async def test_closing_it_closes_the_call() -> None:
    parrot = Parrot(TextDelta("a"), TextDelta("b"))
    updates = DiscreetBackend(parrot, _keys).run(_request())  # type: ignore[arg-type]
    await anext(updates)
    await updates.aclose()
    assert parrot.is_closed
