"""First come, first served for each user; turns between users."""

from __future__ import annotations

from uuid import UUID

from renum_app.engine.dispatch.queue import FairQueue

ANA, BIA = UUID(int=1), UUID(int=2)


def ids(*numbers: int) -> list[UUID]:
    return [UUID(int=100 + number) for number in numbers]


def drained(queue: FairQueue) -> list[UUID]:
    found = []
    while execution_id := queue.take():
        found.append(execution_id)
    return found


def test_users_take_turns_and_each_is_served_in_order() -> None:
    queue = FairQueue()
    for execution_id in ids(1, 2, 3):
        queue.put(execution_id, ANA)
    for execution_id in ids(4, 5):
        queue.put(execution_id, BIA)
    assert drained(queue) == ids(1, 4, 2, 5, 3)


def test_the_same_execution_waits_once() -> None:
    queue = FairQueue()
    for _ in range(3):
        queue.put(*ids(1), ANA)
    assert len(queue) == 1
    assert drained(queue) == ids(1)


def test_one_that_leaves_is_passed_over() -> None:
    queue = FairQueue()
    for execution_id in ids(1, 2):
        queue.put(execution_id, ANA)
    queue.remove(*ids(1))
    assert ids(1)[0] not in queue
    assert drained(queue) == ids(2)
