"""The picture of a workflow: who stands where, and what flows between them. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from renum_app.models.workflow import Member, WorkflowDefinition
from renum_app.state.team_layout import (
    BOW,
    GAP_Y,
    HEIGHT,
    MARGIN,
    WIDTH,
    Edge,
    Place,
    columns_of,
    edges_of,
    left_of,
    places_of,
)
from renum_app.state.team_words import conditions_of, reading_of, sources_of

_MOST_MEMBERS = 50


@dataclass(frozen=True)
class Seated:
    """What is known of the agent in a seat."""

    name: str = ""
    model: str = ""
    backend: str = ""
    is_missing: bool = False


@dataclass(frozen=True)
class Node:
    step_id: str
    agent_id: str
    name: str
    number: int
    role: str
    reads: str
    """`prompt`, `so_far`, `previous`, `results`, `result` or `combined`: its own choice, else the strategy's."""
    reads_from: str
    condition: str
    approval: str
    """`none`, `before` or `after`."""
    model: str
    backend: str
    is_missing: bool
    x: int
    y: int
    runs: int = 0
    """Times it has run in the last executions, where the picture tells of them."""
    success: float = 0.0
    cost_usd: float | None = None


@dataclass(frozen=True)
class Graph:
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    width: int = 0
    height: int = 0
    start_y: int = 0


def graph_of(workflow: WorkflowDefinition, seated: dict[str, Seated]) -> Graph:
    """The picture of a workflow; `seated` are its agents by id."""
    members = workflow.agents[:_MOST_MEMBERS]
    columns = columns_of(workflow.type, members)
    tallest = max(len(column) for column in columns)
    inner = tallest * HEIGHT + (tallest - 1) * GAP_Y
    places = places_of(columns, inner)
    edges, is_bowed = edges_of(workflow.type, columns, places, inner)
    names = {member.id: _name(member, seated) for member in members}
    numbers = {member.id: number for number, column in enumerate(columns, start=1) for member in column}
    nodes = [
        replace(
            _node(member, seated, names, places[member.id]),
            number=numbers[member.id],
            reads=reading_of(workflow.type, member, number=numbers[member.id]),
        )
        for member in members
    ]
    width = left_of(len(columns) - 1) + WIDTH + MARGIN
    height = inner + 2 * MARGIN + (BOW if is_bowed else 0)
    return Graph(nodes=nodes, edges=edges, width=width, height=height, start_y=MARGIN + inner // 2 - HEIGHT // 2)


def _name(member: Member, seated: dict[str, Seated]) -> str:
    return member.name or seated.get(member.agent_id, Seated()).name or member.agent_id


def _node(member: Member, seated: dict[str, Seated], names: dict[str, str], place: Place) -> Node:
    agent = seated.get(member.agent_id, Seated(is_missing=True))
    return Node(
        step_id=member.id,
        agent_id=member.agent_id,
        name=names[member.id],
        number=0,
        role=member.role.value,
        reads="",
        reads_from=", ".join(names.get(source, source) for source in sources_of(member)),
        condition=conditions_of(member),
        approval=member.requires_approval,
        model=agent.model,
        backend=agent.backend,
        is_missing=agent.is_missing,
        x=place[0],
        y=place[1],
    )
