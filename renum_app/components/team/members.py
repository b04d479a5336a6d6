"""The members of a team as a table: who, as what, reading what, on which model."""

from __future__ import annotations

import reflex as rx

from renum_app.components.badge import backend_tag
from renum_app.components.card import card, card_head
from renum_app.components.team.graph import approval_tag, reading
from renum_app.components.text import t, word
from renum_app.state.team import TeamPage
from renum_app.state.team_graph import Node


def members_table() -> rx.Component:
    heads = [rx.el.th(t(f"teams.table.{each}"), scope="col") for each in ("order", "member", "role", "input", "model")]
    table = rx.el.table(
        rx.el.thead(rx.el.tr(*heads)),
        rx.el.tbody(rx.foreach(TeamPage.graph.nodes, _row)),
        class_name="table",
    )
    scroll = rx.el.div(table, role="region", tab_index=0, aria_label=t("teams.members"), class_name="overflow-x-auto")
    return card(card_head(t("teams.members")), scroll)


def _row(node: rx.Var[Node]) -> rx.Component:
    who = rx.cond(
        node.is_missing,
        rx.el.span(node.name, " — ", t("teams.agent_gone"), class_name="text-failed font-medium"),
        rx.el.a(node.name, href=f"/agents/{node.agent_id}", class_name="font-semibold hover:underline"),
    )
    condition = rx.cond(
        node.condition != "",
        rx.el.div(t("teams.graph.if"), " ", rx.el.span(node.condition, class_name="mono"), class_name="text-muted"),
    )
    model = rx.cond(node.model != "", rx.el.span(node.model, class_name="mono"), t("teams.default_model"))
    return rx.el.tr(
        rx.el.td(node.number, class_name="mono text-muted"),
        rx.el.td(who),
        rx.el.td(word("teams.role", node.role)),
        rx.el.td(reading(node), condition, rx.el.div(approval_tag(node))),
        rx.el.td(rx.cond(node.backend == "local", model, backend_tag(node.backend))),
        key=node.step_id,
    )
