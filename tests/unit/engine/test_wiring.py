"""Where members stand in a picture of the plan, and whose results flow into each."""

from __future__ import annotations

from renum_app.engine.plan import Plan
from renum_app.engine.wiring import wiring
from tests.unit.engine.teams import plan


def places(of: Plan) -> dict[str, tuple[int, list[str]]]:
    return {wire.step_id: (wire.column, wire.reads) for wire in wiring(of)}


def test_members_in_order_read_the_ones_before_them() -> None:
    assert places(plan("a", "b", "c")) == {"a": (0, []), "b": (1, ["a"]), "c": (2, ["b"])}


def test_members_of_equal_order_stand_in_one_column() -> None:
    side_by_side = plan("a", {"agent_id": "b", "execution_order": 2}, {"agent_id": "c", "execution_order": 2})

    assert places(side_by_side) == {"a": (0, []), "b": (1, ["a"]), "c": (1, ["a"])}


def test_a_named_source_is_followed_to_the_letter() -> None:
    named = plan("a", "b", {"agent_id": "c", "input": {"source": "agent_result", "agent_id": "a"}})

    assert places(named)["c"] == (2, ["a"])


def test_parallel_branches_read_the_prompt_and_the_coordinator_reads_them() -> None:
    team = plan("a", "b", {"agent_id": "c", "role": "coordinator"}, kind="parallel")

    assert places(team) == {"a": (0, []), "b": (0, []), "c": (1, ["a", "b"])}


def test_a_parallel_branch_that_names_a_source_stands_after_it() -> None:
    team = plan("a", {"agent_id": "b", "input": {"source": "agent_result", "agent_id": "a"}}, kind="parallel")

    assert places(team) == {"a": (0, []), "b": (1, ["a"])}


def test_a_member_with_conditions_is_marked() -> None:
    condition = {"field": "x", "operator": "exists", "value": None}

    wires = wiring(plan("a", {"agent_id": "b", "conditions": [condition]}, kind="conditional"))

    assert [wire.is_conditional for wire in wires] == [False, True]
