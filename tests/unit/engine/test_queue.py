"""First come, first served for each person; turns between people; never above the limits, and nobody starves."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renum_app.engine.dispatch.queue import FairQueue

ANA, BIA, CAIO = (UUID(int=number) for number in (1, 2, 3))


def ids(*numbers: int) -> list[UUID]:
    return [UUID(int=100 + number) for number in numbers]


def queue(*, places: int = 100, places_per_user: int = 100, **lines: list[int]) -> FairQueue:
    """A queue in which Ana's, Bia's and Caio's executions wait."""
    made = FairQueue(places=places, places_per_user=places_per_user)
    for name, numbers in lines.items():
        for execution_id in ids(*numbers):
            made.put(execution_id, {"ana": ANA, "bia": BIA, "caio": CAIO}[name])
    return made


def taken(queue: FairQueue) -> list[int]:
    """Everything that gets a place now."""
    found = []
    while execution_id := queue.take():
        found.append(execution_id.int - 100)
    return found


@pytest.mark.parametrize(
    ("places", "places_per_user", "lines", "order"),
    [
        (9, 9, {"ana": [1, 2, 3], "bia": [4, 5]}, [1, 4, 2, 5, 3]),
        (3, 9, {"ana": [1, 2, 3], "bia": [4, 5]}, [1, 4, 2]),
        (9, 1, {"ana": [1, 2, 3], "bia": [4, 5]}, [1, 4]),
        (9, 2, {"ana": [1, 2, 3], "bia": [4]}, [1, 4, 2]),
        (3, 1, {"ana": [1, 2], "bia": [3], "caio": [4, 5]}, [1, 3, 4]),
        (2, 2, {"ana": [1, 2], "bia": [3]}, [1, 3]),
        (9, 9, {}, []),
    ],
)
def test_places_are_given_in_turns_and_within_both_limits(
    places: int, places_per_user: int, lines: dict[str, list[int]], order: list[int]
) -> None:
    assert taken(queue(places=places, places_per_user=places_per_user, **lines)) == order


def test_a_person_at_the_limit_is_passed_over_and_goes_on_when_one_ends() -> None:
    waiting = queue(places=9, places_per_user=1, ana=[1, 2], bia=[3])
    assert taken(waiting) == [1, 3]
    assert waiting.leave(*ids(1)) == ANA
    assert taken(waiting) == [2]


def test_a_free_place_goes_to_who_has_waited_for_their_turn() -> None:
    waiting = queue(places=1, places_per_user=1, ana=[1, 2], bia=[3])
    assert taken(waiting) == [1]
    waiting.leave(*ids(1))
    assert taken(waiting) == [3]
    waiting.leave(*ids(3))
    assert taken(waiting) == [2]


def test_the_same_execution_waits_once_and_not_while_it_runs() -> None:
    waiting = queue(ana=[1, 1, 1])
    assert len(waiting) == 1
    assert taken(waiting) == [1]
    waiting.put(*ids(1), ANA)
    assert len(waiting) == 0


def test_one_that_is_pulled_out_of_turn_holds_a_place_and_is_passed_over_later() -> None:
    waiting = queue(places=2, places_per_user=1, ana=[1, 2, 3], bia=[4])
    assert taken(waiting) == [1, 4]
    assert waiting.pull(*ids(2))
    assert not waiting.pull(*ids(2))
    assert ids(2)[0] not in waiting
    waiting.leave(*ids(1))
    assert taken(waiting) == [], "the one that was pulled counts"
    waiting.leave(*ids(2))
    assert taken(waiting) == [3]


@given(
    places=st.integers(1, 5),
    places_per_user=st.integers(1, 3),
    moves=st.lists(
        st.one_of(
            st.tuples(st.just("put"), st.sampled_from([ANA, BIA, CAIO, None])),
            st.tuples(st.just("leave"), st.integers(0, 9)),
            st.tuples(st.just("pull"), st.integers(0, 9)),
        ),
        max_size=80,
    ),
)
def test_whatever_comes_and_goes_the_limits_hold_nobody_starves_and_no_place_stays_empty(
    places: int, places_per_user: int, moves: list[tuple[str, object]]
) -> None:
    waiting = FairQueue(places=places, places_per_user=places_per_user)
    owner: dict[UUID, UUID | None] = {}
    lines: dict[UUID | None, list[UUID]] = {}
    running: list[UUID] = []
    pulled: set[UUID] = set()
    passed_over: Counter[UUID | None] = Counter()

    def room(person: UUID | None) -> bool:
        return sum(owner[one] == person for one in running) < places_per_user

    def fill() -> None:
        while execution_id := waiting.take():
            person = owner[execution_id]
            assert len(running) < places
            assert room(person)
            assert lines[person].pop(0) == execution_id, "first come, first served"
            running.append(execution_id)
            passed_over[person] = 0
            for other, line in lines.items():
                passed_over[other] = passed_over[other] + 1 if other != person and line and room(other) else 0
                assert passed_over[other] <= 3, "everybody else has had one turn at most"
        assert len(running) >= places or not any(line and room(person) for person, line in lines.items())

    for number, (move, what) in enumerate(moves):
        if move == "put":
            execution_id = UUID(int=1_000 + number)
            owner[execution_id] = what  # type: ignore[assignment]
            lines.setdefault(owner[execution_id], []).append(execution_id)
            waiting.put(execution_id, owner[execution_id])
        elif move == "leave" and running:
            gone = running.pop(int(what) % len(running))  # type: ignore[call-overload]
            pulled.discard(gone)
            assert waiting.leave(gone) == owner[gone]
        elif move == "pull" and (queued := [one for line in lines.values() for one in line]):
            chosen = queued[int(what) % len(queued)]  # type: ignore[call-overload]
            assert waiting.pull(chosen)
            lines[owner[chosen]].remove(chosen)
            running.append(chosen)
            pulled.add(chosen)
        fill()
        assert len(waiting) == sum(map(len, lines.values()))
        assert len(running) <= places + len(pulled)
