"""/teams/[id]: how one team works, how its runs went, and what one can do with it."""

from __future__ import annotations

import reflex as rx

from renum_app.components.badge import notice, tag
from renum_app.components.button import button_link
from renum_app.components.card import card, card_head
from renum_app.components.dialog import confirm, opens
from renum_app.components.empty import empty
from renum_app.components.execution.card import execution_card
from renum_app.components.figures import ago, duration, money, number
from renum_app.components.menu import ITEM, menu, menu_item
from renum_app.components.page import page
from renum_app.components.shell import page_head, shell
from renum_app.components.skeleton import bone, skeleton_rows
from renum_app.components.stat import stat, stats
from renum_app.components.team.card import strategy_tag
from renum_app.components.team.exchange import ExportTeam
from renum_app.components.team.form import team_form
from renum_app.components.team.graph import visualizer
from renum_app.components.team.members import members_table
from renum_app.components.team.missing import missing_team
from renum_app.components.team.versions import team_versions
from renum_app.components.text import say, t
from renum_app.state.team import TABS, TeamPage
from renum_app.state.team_settings import TeamSettings
from renum_app.state.team_versions import TeamVersions

_ARCHIVE = "archive-team"


@page("/teams/[team_id]", "teams.single", TeamPage.load, TeamVersions.load, TeamSettings.load)
def team() -> rx.Component:
    return shell(
        rx.cond(TeamPage.is_missing, card(missing_team()), rx.cond(TeamPage.shown_id != "", _known(), _coming())),
        current="teams",
        title=rx.cond(TeamPage.is_missing, t("teams.missing"), TeamPage.name),
        crumbs=[(t("teams.title"), "/teams")],
    )


def _known() -> rx.Component:
    panels = [("members", members_table()), ("versions", team_versions()), ("settings", team_form())]
    return rx.fragment(
        page_head(TeamPage.name, *_actions(), badge=_badges(), sub=_sub()),
        rx.el.div(
            _notices(),
            card(
                card_head(t("teams.workflow"), note=t("teams.workflow_note")),
                visualizer(TeamPage.graph, fix_url=f"/teams/{TeamPage.shown_id}/edit"),
            ),
            _limits(),
            _tabs(),
            rx.match(TeamPage.tab, *panels, _recent()),
            class_name="flex flex-col gap-4",
        ),
        confirm(
            _ARCHIVE,
            t("teams.archive_title", name=TeamPage.name),
            t("teams.archive_text", n=TeamPage.runs_in_all),
            action=t("teams.archive"),
            on_confirm=TeamPage.archive,
        ),
    )


def _tabs() -> rx.Component:
    links = [
        rx.el.a(
            t(f"teams.tab.{each}"),
            href=f"/teams/{TeamPage.shown_id}?tab={each}",
            aria_current=rx.cond(TeamPage.tab == each, "page", "false"),
            class_name="tab",
        )
        for each in TABS
    ]
    return rx.el.nav(*links, aria_label=t("teams.tabs"), class_name="tabs")


def _actions() -> list[rx.Component]:
    here = f"/teams/{TeamPage.shown_id}"
    more = menu(
        menu_item("copy", t("teams.duplicate"), on_click=TeamSettings.duplicate),
        ExportTeam.create(team=TeamPage.body, class_name=ITEM),
        menu_item("archive", t("teams.archive"), custom_attrs=opens(_ARCHIVE)),
        label=t("teams.more"),
    )
    return [
        more,
        button_link(t("teams.edit_short"), icon="edit", href=f"{here}/edit"),
        button_link(t("teams.run"), icon="run", variant="primary", href=f"{here}/execute"),
    ]


def _badges() -> rx.Component:
    return rx.el.div(
        strategy_tag(TeamPage.strategy),
        tag(t("teams.version", version=TeamPage.version)),
        rx.cond(TeamPage.is_active, rx.fragment(), tag(t("teams.inactive"))),
        class_name="flex gap-1.5",
    )


def _sub() -> rx.Component:
    words = rx.cond(TeamPage.description != "", f"{TeamPage.description} · ", "")
    return rx.fragment(words, t("teams.changed"), " ", ago(TeamPage.updated_at))


def _notices() -> rx.Component:
    fix = rx.el.a(t("teams.fix"), href=f"/teams/{TeamPage.shown_id}/edit", class_name="underline underline-offset-3")
    broken = notice("error", t("teams.broken_text", n=TeamPage.gone.length(), names=TeamPage.gone.join(", ")), " ", fix)
    return rx.fragment(
        rx.cond(TeamPage.refusal.key != "", notice("error", say(TeamPage.refusal))),
        rx.cond(TeamPage.gone.length() > 0, broken),
    )


def _recent() -> rx.Component:
    rehearse = button_link(t("teams.rehearse"), icon="rehearsal", href=f"/teams/{TeamPage.shown_id}/execute")
    all_of_them = rx.el.a(t("teams.all_runs"), href=f"/executions?team={TeamPage.shown_id}", class_name="link")
    return card(
        card_head(t("teams.recent"), rx.cond(TeamPage.runs_in_all > 0, all_of_them)),
        rx.cond(
            TeamPage.runs_in_all > 0,
            rx.el.div(rx.foreach(TeamPage.runs, execution_card), class_name="rows"),
            empty(t("teams.never_run"), t("teams.never_run_text"), rehearse),
        ),
    )


def _limits() -> rx.Component:
    return stats(
        stat(
            t("teams.usual_cost_short"),
            money(TeamPage.usual_cost_usd),
            note=t("teams.usual_cost"),
        ),
        stat(
            t("teams.limit.max_cost_usd"),
            rx.cond(TeamPage.max_cost_usd, money(TeamPage.max_cost_usd), t("teams.no_limit")),
            note=rx.cond(
                TeamPage.has_month_budget,
                t("teams.limit.per_month", budget=money(TeamPage.monthly_budget_usd)),
                t("teams.limit.no_month"),
            ),
        ),
        stat(
            t("teams.limit.max_tokens"), rx.cond(TeamPage.max_tokens, number(TeamPage.max_tokens), t("teams.no_limit"))
        ),
        stat(
            t("teams.limit.timeout_short"), rx.cond(TeamPage.timeout, duration(TeamPage.timeout), t("teams.no_limit"))
        ),
        stat(
            t("teams.limit.max_concurrency"),
            rx.cond(TeamPage.max_concurrency, number(TeamPage.max_concurrency), t("teams.no_limit")),
        ),
    )


def _coming() -> rx.Component:
    return rx.el.div(
        bone("260px", "28px"),
        rx.el.div(bone("100%", "180px"), class_name="card card-body"),
        rx.el.div(skeleton_rows(3), class_name="card"),
        aria_hidden="true",
        class_name="flex flex-col gap-4",
    )
