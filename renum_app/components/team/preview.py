"""The team as it is filled in so far: a picture, and each member in words."""

from __future__ import annotations

import reflex as rx

from renum_app.components.card import card, card_body, card_head
from renum_app.components.team.graph import approval_tag, mini_graph, reading
from renum_app.components.text import t
from renum_app.state.team_graph import Node
from renum_app.state.team_new import TeamForm


def preview() -> rx.Component:
    return card(
        card_head(t("teams.form.preview")),
        rx.cond(
            TeamForm.seats.length() > 0,
            card_body(
                mini_graph(TeamForm.graph, t("teams.graph.label"), "team-mini-tall"),
                rx.el.ol(rx.foreach(TeamForm.graph.nodes, _voice), class_name="mt-3 flex flex-col gap-2"),
            ),
            rx.el.p(t("teams.form.preview_empty"), class_name="card-body text-muted"),
        ),
    )


def _voice(node: rx.Var[Node]) -> rx.Component:
    """One member in words: when, who, and what it is given."""
    what = rx.cond(
        node.condition != "",
        rx.fragment(t("teams.graph.if"), " ", rx.el.span(node.condition, class_name="mono text-xs!")),
        reading(node),
    )
    return rx.el.li(
        rx.el.span(node.number, class_name="mono text-muted"),
        rx.el.span(
            rx.el.span(node.name, class_name="block truncate font-medium"),
            rx.el.span(what, class_name="block truncate text-xs text-muted"),
            approval_tag(node),
            class_name="min-w-0",
        ),
        key=node.step_id,
        class_name="flex gap-2.5",
    )
