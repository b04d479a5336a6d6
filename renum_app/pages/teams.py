"""/teams: the person's teams, each with a picture of how it works."""

from __future__ import annotations

import reflex as rx

from renum_app.components.button import button_link
from renum_app.components.card import card
from renum_app.components.empty import empty, empty_filtered, failed
from renum_app.components.input import search_input, segment, segmented
from renum_app.components.page import page
from renum_app.components.pager import pager
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
    choices = [
        segment(t(f"teams.active.{each}"), chosen=TeamList.activity == each, on_click=TeamList.choose_activity(each))
        for each in ACTIVITIES
    ]
    everything = segment(t("teams.active.all"), chosen=TeamList.activity == "", on_click=TeamList.choose_activity(""))
    find = search_input(
        t("teams.search"),
        key=TeamList.clearings,
        default_value=TeamList.search,
        on_change=TeamList.find.debounce(400),
    )
    return rx.el.div(
        find, segmented(everything, *choices, label=t("teams.active")), class_name="flex flex-wrap gap-3 mb-5"
    )


def _content() -> rx.Component:
    cards = rx.el.div(rx.foreach(TeamList.cards, team_card), class_name="team-cards")
    return rx.cond(
        TeamList.failure.key != "",
        card(failed(TeamList.failure, on_retry=TeamList.load)),
        rx.cond(
            TeamList.total > 0,
            rx.el.div(cards, pager(TeamList.page, TeamList.pages, on_turn=TeamList.turn_to)),
            card(rx.cond(TeamList.is_filtered, empty_filtered(TeamList.clear), _first_time())),
        ),
    )


def _first_time() -> rx.Component:
    return empty(t("teams.empty"), t("teams.empty_text"), _new())
