"""The workflow as a picture: small on a card, readable on the team's own page."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.badge import tag
from renum_app.components.figures import money, percent
from renum_app.components.icons import icon
from renum_app.components.text import t, word
from renum_app.state.team_graph import Graph, Node
from renum_app.state.team_layout import HEIGHT, WIDTH, Edge

_GOOD, _FAIR = 0.9, 0.6
"""Shares of success from which a seat is as it should be, or worth a look."""


def mini_graph(graph: rx.Var[Graph], label: Any, class_name: str = "") -> rx.Component:
    """Who runs after whom, as bars of a score with their order; `label` says it in words."""
    return rx.el.svg(
        _start_bar(graph),
        rx.foreach(graph.edges, _edge),
        rx.foreach(graph.nodes, _bar),
        view_box=f"0 0 {graph.width} {graph.height}",
        preserve_aspect_ratio="xMidYMid meet",
        role="img",
        aria_label=label,
        class_name=f"team-mini {class_name}",
    )


def visualizer(graph: rx.Var[Graph], *, fix_url: Any = None) -> rx.Component:
    """WorkflowVisualizer: a card per member with what it reads; it scrolls inside itself where it is wide."""
    size = {"width": f"{graph.width}px", "height": f"{graph.height}px"}
    edges = rx.el.svg(
        rx.foreach(graph.edges, _edge),
        view_box=f"0 0 {graph.width} {graph.height}",
        aria_hidden="true",
        class_name="absolute inset-0",
        style=size,
    )
    start = rx.el.div(
        rx.el.span(t("teams.graph.prompt"), class_name="block text-xs text-muted"),
        rx.el.span(t("teams.graph.start"), class_name="block font-semibold"),
        class_name="team-start",
        style={"top": f"{graph.start_y}px", "height": f"{HEIGHT}px"},
    )
    nodes = rx.el.ol(rx.foreach(graph.nodes, lambda node: _node(node, fix_url)), class_name="contents")
    return rx.el.div(
        rx.el.div(edges, start, nodes, class_name="relative mx-auto flex-none", style=size),
        role="group",
        tab_index=0,
        aria_label=t("teams.graph.label"),
        class_name="team-canvas",
    )


def _edge(edge: rx.Var[Edge], place: rx.Var[int]) -> rx.Component:
    return rx.el.svg.path(
        d=edge.path, key=place, fill="none", custom_attrs={"data-kind": edge.kind}, class_name="team-edge"
    )


def _start_bar(graph: rx.Var[Graph]) -> rx.Component:
    return rx.el.svg.circle(cx=84, cy=graph.start_y + HEIGHT // 2, r=14, class_name="team-mini-start")


def _bar(node: rx.Var[Node]) -> rx.Component:
    kind = rx.cond(node.is_missing, "missing", node.role)
    return rx.el.svg.g(
        rx.el.svg.rect(
            x=node.x, y=node.y + 8, width=WIDTH, height=HEIGHT - 16, rx=14, stroke_width=2, class_name="team-mini-bar"
        ),
        rx.el.svg.text(
            rx.cond(node.is_missing, "!", node.number.to_string()),
            x=node.x + WIDTH // 2,
            y=node.y + HEIGHT // 2 + 10,
            text_anchor="middle",
            class_name="team-mini-number",
        ),
        key=node.step_id,
        custom_attrs={"data-kind": kind},
    )


def approval_tag(node: rx.Var[Node]) -> rx.Component:
    """When a person is asked about this member; nothing where nobody is."""
    marks = {each: tag(icon("waiting", size=12), t(f"teams.asks.{each}")) for each in ("before", "after")}
    return rx.match(node.approval, *marks.items(), rx.fragment())


def _hand(node: rx.Var[Node]) -> rx.Component:
    """The same where there is no room for words."""

    def mark(when: str) -> rx.Component:
        label = t(f"teams.asks.{when}")
        return rx.el.span(
            icon("waiting", size=13), role="img", aria_label=label, title=label, class_name="text-waiting"
        )

    return rx.match(node.approval, *((each, mark(each)) for each in ("before", "after")), rx.fragment())


def _node(node: rx.Var[Node], fix_url: Any) -> rx.Component:
    fix = rx.el.a(t("teams.fix"), href=fix_url, class_name="link") if fix_url is not None else t("teams.agent_gone")
    return rx.el.li(
        rx.el.div(
            rx.el.span(node.name, title=node.name, class_name="truncate font-semibold flex-1"),
            _hand(node),
            rx.el.span(node.number, class_name="mono text-muted"),
            class_name="flex items-baseline gap-2",
        ),
        rx.cond(
            node.is_missing,
            rx.el.div(
                icon("warning", size=13),
                rx.el.span(t("teams.agent_gone"), class_name="truncate"),
                fix if fix_url is not None else rx.fragment(),
                class_name="flex items-center gap-1.5 text-xs text-failed",
            ),
            rx.el.div(_reading(node), class_name="text-xs text-muted truncate"),
        ),
        rx.el.div(rx.cond(node.runs > 0, _habit(node), _runs_on(node)), class_name="text-xs text-muted truncate"),
        key=node.step_id,
        custom_attrs={"data-kind": rx.cond(node.is_missing, "missing", node.role)},
        style={"left": f"{node.x}px", "top": f"{node.y}px", "width": f"{WIDTH}px", "height": f"{HEIGHT}px"},
        class_name="team-node",
    )


def _runs_on(node: rx.Var[Node]) -> rx.Component:
    return rx.cond(
        node.backend == "rehearsal",
        t("backend.rehearsal"),
        rx.cond(node.model != "", node.model, t("teams.default_model")),
    )


def _habit(node: rx.Var[Node]) -> rx.Component:
    """How often it works, and what that usually costs."""
    tone = rx.cond(node.success >= _GOOD, "completed", rx.cond(node.success >= _FAIR, "waiting", "failed"))
    label = t("teams.graph.success", share=percent(node.success), n=node.runs)
    return rx.el.span(
        rx.el.span(class_name="team-heat", custom_attrs={"data-tone": tone}, aria_hidden="true"),
        rx.el.span(
            percent(node.success), title=label, aria_label=label, role="img", class_name="font-semibold text-ink"
        ),
        rx.cond(node.cost_usd.is_none(), rx.fragment(), rx.fragment(" · ", money(node.cost_usd))),
        class_name="inline-flex items-center gap-1 tabular-nums",
    )


def _reading(node: rx.Var[Node]) -> rx.Component:
    role = word("teams.role", node.role)
    return rx.cond(
        node.condition != "",
        rx.fragment(t("teams.graph.if"), " ", rx.el.span(node.condition, class_name="mono text-xs!")),
        rx.fragment(role, " · ", reading(node)),
    )


def reading(node: rx.Var[Node]) -> rx.Component:
    """What a member is given, in a few words."""
    return rx.match(
        node.reads,
        ("prompt", t("teams.reads.prompt")),
        ("result", t("teams.reads.result", name=node.reads_from)),
        *((each, t(f"teams.reads.{each}")) for each in ("combined", "previous", "results")),
        t("teams.reads.so_far"),
    )
