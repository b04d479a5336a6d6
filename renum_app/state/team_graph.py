"""Where a workflow's members stand in a picture, and what flows between them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from renum_app.models.workflow import CombinedType, InputSource, Member, MemberRole, WorkflowDefinition, WorkflowType

WIDTH, HEIGHT = 212, 68
_START_WIDTH = 96
_GAP_X, _GAP_Y = 52, 18
_BOW = 40
_MARGIN = 6
_MOST_MEMBERS = 50

Place = tuple[int, int]
"""Left and top of a node, in pixels."""


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


@dataclass(frozen=True)
class Edge:
    path: str
    """As SVG writes it."""
    kind: str
    """`data`, `condition` (may be skipped) or `order` (when, not what)."""


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
    columns = _columns(workflow.type, members)
    tallest = max(len(column) for column in columns)
    inner = tallest * HEIGHT + (tallest - 1) * _GAP_Y
    places = _places(columns, inner)
    edges, is_bowed = _edges(workflow.type, columns, places, inner)
    names = {member.id: _name(member, seated) for member in members}
    numbers = {member.id: number for number, column in enumerate(columns, start=1) for member in column}
    nodes = [
        replace(
            _node(member, seated, names, places[member.id]),
            number=numbers[member.id],
            reads=_reads(workflow.type, member, number=numbers[member.id]),
        )
        for member in members
    ]
    width = _left(len(columns) - 1) + WIDTH + _MARGIN
    height = inner + 2 * _MARGIN + (_BOW if is_bowed else 0)
    return Graph(nodes=nodes, edges=edges, width=width, height=height, start_y=_MARGIN + inner // 2 - HEIGHT // 2)


def _columns(kind: WorkflowType, members: Sequence[Member]) -> list[list[Member]]:
    """Members side by side in time: those of one column run together."""
    if kind is WorkflowType.PARALLEL:
        depths = _depths(members)
    else:
        depths = {member.id: member.execution_order for member in members}
    orders = sorted(set(depths.values()))
    return [[member for member in members if depths[member.id] == order] for order in orders]


def _depths(members: Sequence[Member]) -> dict[str, int]:
    """In a parallel workflow only a named source, and being the coordinator, makes a member wait."""
    depths = dict.fromkeys((member.id for member in members), 0)
    for _ in members:
        for member in members:
            sources = [depths[source] for source in _sources(member) if source in depths and source != member.id]
            depths[member.id] = min(max((depth + 1 for depth in sources), default=0), len(members))
    last = max(depths.values())
    for member in members:
        if member.role is MemberRole.COORDINATOR and len(members) > 1:
            depths[member.id] = last + 1
    return depths


def _left(column: int) -> int:
    return _MARGIN + _START_WIDTH + _GAP_X + column * (WIDTH + _GAP_X)


def _places(columns: list[list[Member]], inner: int) -> dict[str, Place]:
    places: dict[str, Place] = {}
    for number, column in enumerate(columns):
        top = _MARGIN + (inner - len(column) * HEIGHT - (len(column) - 1) * _GAP_Y) // 2
        for row, member in enumerate(column):
            places[member.id] = (_left(number), top + row * (HEIGHT + _GAP_Y))
    return places


def _edges(
    kind: WorkflowType, columns: list[list[Member]], places: dict[str, Place], inner: int
) -> tuple[list[Edge], bool]:
    """What flows into each member, and whether some of it passes below others."""
    start = (_MARGIN + _START_WIDTH - WIDTH, _MARGIN + inner // 2 - HEIGHT // 2)
    edges: list[Edge] = []
    is_bowed = False
    for number, column in enumerate(columns):
        before = [places[member.id] for member in columns[number - 1]] if number else [start]
        for member in column:
            here = places[member.id]
            named = [places[source] for source in _sources(member) if source in places and source != member.id]
            flow = "condition" if member.conditions else "data"
            if named:
                is_bowed |= any(_is_far(source, here) for source in named)
                edges += [Edge(_curve(source, here, inner), flow) for source in named]
                waits = number > 0 and kind is not WorkflowType.PARALLEL and not set(named) & set(before)
                edges += [Edge(_curve(source, here, inner), "order") for source in before if waits]
            elif kind is WorkflowType.PARALLEL and member.role is not MemberRole.COORDINATOR:
                edges.append(Edge(_curve(start, here, inner), flow))
            else:
                is_own = member.input is not None and member.input.source is InputSource.INITIAL_PROMPT and number > 0
                edges += [Edge(_curve(source, here, inner), "order" if is_own else flow) for source in before]
    return edges, is_bowed


def _is_far(source: Place, target: Place) -> bool:
    return target[0] - source[0] > WIDTH + _GAP_X


def _curve(source: Place, target: Place, inner: int) -> str:
    if _is_far(source, target):
        bottom = _MARGIN + inner + _BOW
        x1, x2 = source[0] + WIDTH // 2, target[0] + WIDTH // 2
        return f"M{x1} {source[1] + HEIGHT}C{x1} {bottom} {x2} {bottom} {x2} {target[1] + HEIGHT}"
    x1, y1 = source[0] + WIDTH, source[1] + HEIGHT // 2
    x2, y2 = target[0], target[1] + HEIGHT // 2
    middle = (x1 + x2) // 2
    return f"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}"


def _sources(member: Member) -> list[str]:
    """The steps a member reads by name."""
    if not member.input:
        return []
    if member.input.source is InputSource.AGENT_RESULT:
        return [member.input.agent_id or ""]
    given = member.input.sources or [] if member.input.source is InputSource.COMBINED else []
    return [source.agent_id or "" for source in given if source.type is CombinedType.AGENT_RESULT]


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
        reads_from=", ".join(names.get(source, source) for source in _sources(member)),
        condition=_condition(member),
        approval=member.requires_approval,
        model=agent.model,
        backend=agent.backend,
        is_missing=agent.is_missing,
        x=place[0],
        y=place[1],
    )


_OWN = {InputSource.INITIAL_PROMPT: "prompt", InputSource.AGENT_RESULT: "result", InputSource.COMBINED: "combined"}


def _reads(kind: WorkflowType, member: Member, *, number: int) -> str:
    """What a member is given; `number` is its place in time, from 1."""
    if member.input:
        return _OWN[member.input.source]
    if number == 1:
        return "prompt"
    if member.role is MemberRole.COORDINATOR:
        return "results"
    return {WorkflowType.PARALLEL: "prompt", WorkflowType.PIPELINE: "previous"}.get(kind, "so_far")


_SIGNS = {
    "equals": "=",
    "not_equals": "≠",
    "contains": "∋",
    "not_contains": "∌",
    "greater_than": ">",
    "greater_or_equal": "≥",
    "less_than": "<",
    "less_or_equal": "≤",
    "exists": "∃",
    "not_exists": "∄",
}


def _condition(member: Member) -> str:
    """`debt_ratio > 3`, and how many more there are."""
    if not member.conditions:
        return ""
    first = member.conditions[0]
    value = "" if first.value is None else f" {first.value}"
    more = f" +{len(member.conditions) - 1}" if len(member.conditions) > 1 else ""
    return f"{first.field} {_SIGNS[first.operator.value]}{value}{more}"
