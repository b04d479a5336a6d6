"""/agents: everyone who can be given a seat in a team."""

from __future__ import annotations

import reflex as rx

from renum_app.components.agent.card import agent_card
from renum_app.components.button import button_link
from renum_app.components.card import card
from renum_app.components.empty import empty, empty_filtered, failed
from renum_app.components.input import search_input, segment, segmented
from renum_app.components.page import page
from renum_app.components.pager import pager
from renum_app.components.shell import page_head, shell
from renum_app.components.skeleton import skeleton_cards
from renum_app.components.text import t
from renum_app.state.agents import BACKENDS, AgentList


@page("/agents", "agents.title", AgentList.load)
def agents() -> rx.Component:
    return shell(
        page_head(t("agents.title"), _new(), sub=t("agents.sub")),
        _filters(),
        rx.cond(AgentList.is_loaded, _content(), skeleton_cards(6)),
        current="agents",
        title=t("agents.title"),
    )


def _new() -> rx.Component:
    return button_link(t("agents.new"), href="/agents/new", variant="primary", icon="add")


def _filters() -> rx.Component:
    choices = [
        segment(t(f"backend.{each}"), chosen=AgentList.backend == each, on_click=AgentList.choose_backend(each))
        for each in BACKENDS
    ]
    everyone = segment(t("common.all"), chosen=AgentList.backend == "", on_click=AgentList.choose_backend(""))
    find = search_input(
        t("agents.search"),
        key=AgentList.clearings,
        default_value=AgentList.search,
        on_change=AgentList.find.debounce(400),
    )
    return rx.el.div(
        find, segmented(everyone, *choices, label=t("agents.backend")), class_name="flex flex-wrap gap-3 mb-5"
    )


def _content() -> rx.Component:
    cards = rx.el.div(rx.foreach(AgentList.cards, agent_card), class_name="grid gap-4 sm:grid-cols-2 xl:grid-cols-3")
    return rx.cond(
        AgentList.failure.key != "",
        card(failed(AgentList.failure, on_retry=AgentList.load)),
        rx.cond(
            AgentList.total > 0,
            rx.el.div(cards, pager(AgentList.page, AgentList.pages, on_turn=AgentList.turn_to)),
            card(rx.cond(AgentList.is_filtered, empty_filtered(AgentList.clear), _first_time())),
        ),
    )


def _first_time() -> rx.Component:
    return empty(t("agents.empty"), t("agents.empty_text"), _new())
