"""TeamCard: who works in a team, how, and how the last runs went."""

from __future__ import annotations

import reflex as rx

from renum_app.components.badge import tag
from renum_app.components.button import button_link
from renum_app.components.figures import ago, money
from renum_app.components.icons import icon
from renum_app.components.skeleton import bone
from renum_app.components.team.graph import mini_graph
from renum_app.components.text import t, word
from renum_app.state.teams import RunTick, TeamCard


def team_card(card: rx.Var[TeamCard]) -> rx.Component:
    """The name leads to the team, ▶ to the form that runs it."""
    page = f"/teams/{card.team_id}"
    return rx.el.article(
        rx.el.div(
            rx.el.h2(rx.el.a(card.name, href=page, class_name="team-card-link"), class_name="truncate flex-1 min-w-0"),
            rx.cond(card.is_active, rx.fragment(), tag(t("teams.inactive"))),
            rx.cond(card.is_broken, tag(icon("warning"), t("teams.broken"), class_name="text-failed!")),
            strategy_tag(card.strategy),
            class_name="flex items-center gap-2",
        ),
        rx.el.p(card.description, class_name="text-muted line-clamp-2 min-h-10"),
        mini_graph(card.graph, t("teams.graph.of", members=card.members)),
        rx.el.p(
            rx.el.span(t("teams.size", n=card.size), class_name="font-medium text-ink"),
            " · ",
            card.members,
            title=card.members,
            class_name="text-[13px] text-muted truncate",
        ),
        rx.el.div(_runs(card), _run(card), class_name="team-card-foot"),
        class_name="card card-link team-card",
    )


def strategy_tag(strategy: rx.Var[str]) -> rx.Component:
    return tag(word("teams.strategy", strategy))


def skeleton_teams(count: int = 3) -> rx.Component:
    """The cards that are on their way."""
    one = rx.el.div(
        rx.el.div(bone("55%", "16px"), bone("72px", "20px"), class_name="flex justify-between"),
        bone("90%"),
        bone("100%", "96px", "mt-2 mb-1"),
        bone("70%", "12px"),
        rx.el.div(bone("110px", "16px"), bone("34px", "34px"), class_name="flex justify-between items-center mt-2"),
        class_name="card card-body flex flex-col gap-3",
    )
    return rx.el.div(*([one] * count), aria_hidden="true", class_name="team-cards")


def _runs(card: rx.Var[TeamCard]) -> rx.Component:
    ticks = rx.el.div(rx.foreach(card.runs, _tick), class_name="team-ticks")
    cost = rx.cond(
        card.cost_usd.is_none(),
        rx.fragment(),
        rx.el.span(
            "~",
            money(card.cost_usd),
            title=t("teams.usual_cost"),
            class_name="mono text-xs! text-muted whitespace-nowrap",
        ),
    )
    return rx.cond(
        card.last_run_at != "",
        rx.el.div(
            ticks, ago(card.last_run_at, "text-xs text-muted"), cost, class_name="flex items-center gap-2.5 min-w-0"
        ),
        rx.el.span(t("teams.never_run"), class_name="text-xs text-muted"),
    )


def _tick(run: rx.Var[RunTick]) -> rx.Component:
    label = word("status", run.status)
    return rx.el.a(
        rx.el.span(custom_attrs={"data-tone": run.status}),
        href=f"/executions/{run.execution_id}",
        key=run.execution_id,
        aria_label=label,
        title=label,
        class_name="team-tick",
    )


def _run(card: rx.Var[TeamCard]) -> rx.Component:
    label = t("teams.run_name", name=card.name)
    return button_link(
        icon="run", href=f"/teams/{card.team_id}/execute", aria_label=label, title=label, class_name="btn-icon relative"
    )
