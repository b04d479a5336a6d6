"""/agents: everyone who can be given a seat in a team."""

from __future__ import annotations

import reflex as rx

from renum_app.components.agent.away import away_notice
from renum_app.components.agent.card import agent_card
from renum_app.components.button import button_link
from renum_app.components.empty import empty
from renum_app.components.input import segmented_choice
from renum_app.components.listing import pager_of, search_of, slice_of
from renum_app.components.page import page
from renum_app.components.shell import page_head, shell
from renum_app.components.skeleton import skeleton_cards
from renum_app.components.text import t
from renum_app.state.agents import BACKENDS, AgentList


@page("/agents", "agents.title", AgentList.load)
def agents() -> rx.Component:
    return shell(
        page_head(t("agents.title"), _new(), sub=t("agents.sub")),
        _away(),
        _filters(),
        rx.cond(AgentList.is_loaded, _content(), skeleton_cards(6)),
        current="agents",
        title=t("agents.title"),
    )


def _new() -> rx.Component:
    return button_link(t("agents.new"), href="/agents/new", variant="primary", icon="add")


def _away() -> rx.Component:
    return away_notice(
        place=AgentList.place,
        is_away=AgentList.is_away,
        trouble=AgentList.trouble,
        seen_at=AgentList.copied_at,
        on_retry=AgentList.load,
    )


def _filters() -> rx.Component:
    choice = segmented_choice(
        {"": t("common.all"), **{each: t(f"backend.{each}") for each in BACKENDS}},
        chosen=AgentList.backend,
        on_choose=AgentList.choose_backend,
        label=t("agents.backend"),
    )
    return rx.el.div(search_of(AgentList, t("agents.search")), choice, class_name="flex flex-wrap gap-3 mb-5")


def _content() -> rx.Component:
    cards = rx.el.div(rx.foreach(AgentList.cards, agent_card), class_name="grid gap-4 sm:grid-cols-2 xl:grid-cols-3")
    return slice_of(AgentList, cards, pager_of(AgentList), first_time=_first_time())


def _first_time() -> rx.Component:
    return empty(t("agents.empty"), t("agents.empty_text"), _new())
