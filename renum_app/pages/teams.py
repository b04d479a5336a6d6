"""/teams: the person's teams, each with a picture of how it works."""

from __future__ import annotations

import reflex as rx

from renum_app.components.button import button_link
from renum_app.components.empty import empty
from renum_app.components.input import segmented_choice
from renum_app.components.listing import pager_of, search_of, slice_of
from renum_app.components.page import page
from renum_app.components.shell import page_head, shell
from renum_app.components.team.card import skeleton_teams, team_card
from renum_app.components.text import t
from renum_app.state.teams import ACTIVITIES, TeamList


@page("/teams", "teams.title", TeamList.load)
def teams() -> rx.Component:
    return shell(
        page_head(t("teams.title"), _new(), sub=t("teams.sub")),
        _filters(),
        rx.cond(TeamList.is_loaded, _content(), skeleton_teams(3)),
        current="teams",
        title=t("teams.title"),
    )


def _new() -> rx.Component:
    return button_link(t("teams.new"), href="/teams/new", variant="primary", icon="add")


def _filters() -> rx.Component:
    choice = segmented_choice(
        {"": t("teams.active.all"), **{each: t(f"teams.active.{each}") for each in ACTIVITIES}},
        chosen=TeamList.activity,
        on_choose=TeamList.choose_activity,
        label=t("teams.active"),
    )
    return rx.el.div(search_of(TeamList, t("teams.search")), choice, class_name="flex flex-wrap gap-3 mb-5")


def _content() -> rx.Component:
    cards = rx.el.div(rx.foreach(TeamList.cards, team_card), class_name="team-cards")
    return slice_of(TeamList, cards, pager_of(TeamList), first_time=_first_time())


def _first_time() -> rx.Component:
    return empty(t("teams.empty"), t("teams.empty_text"), _new())
