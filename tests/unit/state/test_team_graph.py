"""Where members stand in the picture of a workflow."""

from __future__ import annotations

from typing import Any

from renum_app.models.workflow import WorkflowDefinition
from renum_app.state.team_graph import Graph, Seated, graph_of


def drawn(kind: str, *members: dict[str, Any]) -> Graph:
    workflow = WorkflowDefinition.model_validate({"type": kind, "agents": list(members)})
    return graph_of(workflow, {member["agent_id"]: Seated(name=member["agent_id"].title()) for member in members})


def seat(agent_id: str, order: int = 1, **more: Any) -> dict[str, Any]:
    return {"agent_id": agent_id, "execution_order": order, **more}


def test_a_sequence_goes_from_left_to_right_in_the_order_of_the_workflow():
    graph = drawn("sequential", seat("b", 2), seat("a", 1))
    assert {node.name: node.number for node in graph.nodes} == {"A": 1, "B": 2}
    assert graph.nodes[1].x < graph.nodes[0].x
    assert [node.reads for node in graph.nodes] == ["so_far", "prompt"]
    assert len(graph.edges) == 2


def test_parallel_members_stand_above_each_other_and_the_coordinator_after_them():
    graph = drawn("parallel", seat("a"), seat("b"), seat("c", role="coordinator"))
    first, second, last = graph.nodes
    assert first.x == second.x < last.x
    assert first.y < second.y
    assert last.reads == "results"
    assert len(graph.edges) == 4


def test_a_member_that_reads_an_earlier_one_still_shows_whom_it_waits_for():
    source = {"source": "agent_result", "agent_id": "a"}
    graph = drawn("sequential", seat("a", 1), seat("b", 2), seat("c", 3, input=source))
    assert [edge.kind for edge in graph.edges] == ["data", "data", "data", "order"]
    assert graph.nodes[2].reads_from == "A"


def test_a_condition_is_written_out_and_its_edge_may_be_skipped():
    rule = {"field": "debt_ratio", "operator": "greater_or_equal", "value": 3}
    graph = drawn("conditional", seat("a", 1), seat("b", 2, conditions=[rule, rule]))
    assert graph.nodes[1].condition == "debt_ratio ≥ 3 +1"
    assert [edge.kind for edge in graph.edges] == ["data", "condition"]


def test_parallel_members_that_read_each_other_are_drawn_all_the_same():
    reads = {name: {"source": "agent_result", "agent_id": name} for name in "ab"}
    graph = drawn("parallel", seat("a", input=reads["b"]), seat("b", input=reads["a"]))
    assert len(graph.nodes) == 2


def test_an_agent_that_is_gone_is_marked():
    workflow = WorkflowDefinition.model_validate({"type": "sequential", "agents": [seat("a")]})
    assert graph_of(workflow, {}).nodes[0].is_missing
