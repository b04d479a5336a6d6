"""/teams: the person's teams, each with a picture of how it works."""

from __future__ import annotations

import reflex as rx

from renum_app.components.button import button, button_link
from renum_app.components.dialog import dialog, opens
from renum_app.components.empty import empty
from renum_app.components.input import option, segmented_choice
from renum_app.components.listing import pager_of, search_of, slice_of
from renum_app.components.page import page
from renum_app.components.shell import page_head, shell
from renum_app.components.team.card import skeleton_teams, team_card
from renum_app.components.team.exchange import ImportTeam
from renum_app.components.team.templates import template_links
from renum_app.components.text import t
from renum_app.state.teams import ACTIVITIES, STRATEGIES, TeamList

_IMPORT = "import-team"


@page("/teams", "teams.title", TeamList.load)
def teams() -> rx.Component:
    return shell(
        page_head(t("teams.title"), _import(), _new(), sub=t("teams.sub")),
        _filters(),
        rx.cond(TeamList.is_loaded, _content(), skeleton_teams(3)),
        dialog(_IMPORT, t("teams.import"), ImportTeam.create(on_import=TeamList.take_import)),
        current="teams",
        title=t("teams.title"),
    )


def _new() -> rx.Component:
    return button_link(t("teams.new"), href="/teams/new", variant="primary", icon="add")


def _import() -> rx.Component:
    return button(t("teams.import"), icon="import", custom_attrs=opens(_IMPORT))


def _filters() -> rx.Component:
    choice = segmented_choice(
        {"": t("teams.active.all"), **{each: t(f"teams.active.{each}") for each in ACTIVITIES}},
        chosen=TeamList.activity,
        on_choose=TeamList.choose_activity,
        label=t("teams.active"),
    )
    ways = [option(t(f"teams.strategy.{each}"), each) for each in STRATEGIES]
    strategy = rx.el.select(
        option(t("teams.any_strategy"), ""),
        *ways,
        value=TeamList.strategy,
        on_change=TeamList.choose_strategy,
        aria_label=t("teams.field.strategy"),
        class_name="input input-small w-auto!",
    )
    return rx.el.div(search_of(TeamList, t("teams.search")), choice, strategy, class_name="flex flex-wrap gap-3 mb-5")


def _content() -> rx.Component:
    cards = rx.el.div(rx.foreach(TeamList.cards, team_card), class_name="team-cards")
    return slice_of(TeamList, cards, pager_of(TeamList), first_time=_first_time())


def _first_time() -> rx.Component:
    return rx.el.div(empty(t("teams.empty"), t("teams.empty_text"), _new()), template_links(), class_name="pb-5 px-5")
