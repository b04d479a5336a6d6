"""Where the members of a workflow stand in its picture, and the lines between them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from renum_app.models.workflow import InputSource, Member, MemberRole, WorkflowType
from renum_app.state.team_words import sources_of

WIDTH, HEIGHT = 196, 68
_START_WIDTH = 96
_GAP_X, GAP_Y = 40, 18
BOW = 40
MARGIN = 6

Place = tuple[int, int]
"""Left and top of a node, in pixels."""


@dataclass(frozen=True)
class Edge:
    path: str
    """As SVG writes it."""
    kind: str
    """`data`, `condition` (may be skipped) or `order` (when, not what)."""


def columns_of(kind: WorkflowType, members: Sequence[Member]) -> list[list[Member]]:
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
            sources = [depths[source] for source in sources_of(member) if source in depths and source != member.id]
            depths[member.id] = min(max((depth + 1 for depth in sources), default=0), len(members))
    last = max(depths.values())
    for member in members:
        if member.role is MemberRole.COORDINATOR and len(members) > 1:
            depths[member.id] = last + 1
    return depths


def left_of(column: int) -> int:
    return MARGIN + _START_WIDTH + _GAP_X + column * (WIDTH + _GAP_X)


def places_of(columns: list[list[Member]], inner: int) -> dict[str, Place]:
    places: dict[str, Place] = {}
    for number, column in enumerate(columns):
        top = MARGIN + (inner - len(column) * HEIGHT - (len(column) - 1) * GAP_Y) // 2
        for row, member in enumerate(column):
            places[member.id] = (left_of(number), top + row * (HEIGHT + GAP_Y))
    return places


def edges_of(
    kind: WorkflowType, columns: list[list[Member]], places: dict[str, Place], inner: int
) -> tuple[list[Edge], bool]:
    """What flows into each member, and whether some of it passes below others."""
    start = (MARGIN + _START_WIDTH - WIDTH, MARGIN + inner // 2 - HEIGHT // 2)
    edges: list[Edge] = []
    is_bowed = False
    for number, column in enumerate(columns):
        before = [places[member.id] for member in columns[number - 1]] if number else [start]
        for member in column:
            here = places[member.id]
            named = [places[source] for source in sources_of(member) if source in places and source != member.id]
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
        bottom = MARGIN + inner + BOW
        x1, x2 = source[0] + WIDTH // 2, target[0] + WIDTH // 2
        return f"M{x1} {source[1] + HEIGHT}C{x1} {bottom} {x2} {bottom} {x2} {target[1] + HEIGHT}"
    x1, y1 = source[0] + WIDTH, source[1] + HEIGHT // 2
    x2, y2 = target[0], target[1] + HEIGHT // 2
    middle = (x1 + x2) // 2
    return f"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}"
