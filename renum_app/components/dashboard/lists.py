"""The dashboard's lists: what ran lately, teams to run, and the news."""

from __future__ import annotations

import reflex as rx

from renum_app.components.button import button_link
from renum_app.components.card import card, card_head
from renum_app.components.empty import empty
from renum_app.components.execution.card import execution_card
from renum_app.components.figures import ago
from renum_app.components.icons import mark
from renum_app.components.skeleton import skeleton_rows
from renum_app.components.text import t
from renum_app.state.dashboard import Dashboard, News, QuickTeam


def recent() -> rx.Component:
    """Running first: the newest executions, moving as they run."""
    rows = rx.el.div(rx.foreach(Dashboard.recent, execution_card), class_name="rows")
    nothing = empty(
        t("dashboard.no_executions"),
        t("dashboard.no_executions_text"),
        button_link(t("dashboard.run_team"), href="/teams", icon="run"),
    )
    known = rx.cond(Dashboard.has_execution, rows, nothing)
    return card(
        card_head(t("dashboard.recent"), rx.el.a(t("dashboard.see_all"), href="/executions", class_name="link")),
        rx.cond(Dashboard.is_loaded, known, skeleton_rows(5)),
        class_name="recent",
    )


def quick_teams() -> rx.Component:
    """Teams one click away from running."""
    known = rx.cond(
        Dashboard.has_team,
        rx.el.div(rx.foreach(Dashboard.quick, _quick_team), class_name="rows"),
        rx.el.p(t("dashboard.no_teams"), class_name="card-body text-muted"),
    )
    return card(
        card_head(t("dashboard.quick"), rx.el.a(t("dashboard.all_teams"), href="/teams", class_name="link")),
        rx.cond(Dashboard.is_loaded, known, skeleton_rows(2)),
    )


def activity() -> rx.Component:
    """What happened lately; hidden while nothing has."""
    return rx.cond(
        Dashboard.news.length() > 0,
        card(
            card_head(t("dashboard.activity")),
            rx.el.ul(rx.foreach(Dashboard.news, _news), class_name="py-1.5"),
        ),
    )


def _quick_team(team: rx.Var[QuickTeam]) -> rx.Component:
    words = rx.el.a(
        rx.el.span(team.name, class_name="block truncate font-semibold"),
        rx.el.span(
            t("dashboard.members", n=team.members),
            " · ",
            rx.match(
                team.strategy,
                *(
                    (each, t(f"executions.strategy.{each}"))
                    for each in ("sequential", "parallel", "pipeline", "conditional")
                ),
                "",
            ),
            class_name="block truncate text-[13px] text-muted",
        ),
        href=f"/teams/{team.team_id}",
        class_name="flex-1 min-w-0",
    )
    run = button_link(
        icon="run",
        href=f"/teams/{team.team_id}/execute",
        class_name="px-3!",
        aria_label=t("dashboard.run_name", name=team.name),
        title=t("dashboard.run_name", name=team.name),
    )
    return rx.el.div(mark(20), words, run, class_name="row gap-3.5!")


def _news(news: rx.Var[News]) -> rx.Component:
    sentence = rx.match(
        news.kind,
        *((kind, t(f"dashboard.news_{kind}")) for kind in ("completed", "failed", "cancelled", "created", "edited")),
        "",
    )
    return rx.el.li(
        rx.el.a(
            rx.el.span(rx.el.strong(news.name), " ", sentence, class_name="truncate flex-1"),
            ago(news.moment, "text-muted"),
            href=news.href,
            class_name="flex gap-3 px-4 py-2 row-link",
        )
    )
