"""The agents that can be given a seat, found by words."""

from __future__ import annotations

import reflex as rx

from renum_app.components.badge import backend_tag, tag
from renum_app.components.button import button
from renum_app.components.card import card, card_body, card_head
from renum_app.components.input import field_error, search_input
from renum_app.components.text import t
from renum_app.state.team_new import TeamForm
from renum_app.state.team_seating import AgentChoice


def agent_choice() -> rx.Component:
    find = search_input(t("teams.form.find_agent"), id="agent_search", on_change=TeamForm.find_agents.debounce(250))
    problem = rx.cond(
        TeamForm.problems.contains("agent_search"), field_error("agent_search", TeamForm.problems["agent_search"])
    )
    return card(
        card_head(t("teams.form.agents"), note=t("teams.form.agents_note")),
        card_body(
            rx.el.div(find, class_name="flex"),
            problem,
            rx.cond(
                TeamForm.choices.length() > 0,
                rx.el.ul(rx.foreach(TeamForm.choices, _choice), class_name="team-agents"),
                rx.el.p(t("teams.form.no_agents"), " ", _make_agent(), class_name="text-muted"),
            ),
            class_name="flex flex-col gap-3",
        ),
    )


def _make_agent() -> rx.Component:
    return rx.el.a(t("teams.form.make_agent"), href="/agents/new", class_name="link")


def _choice(agent: rx.Var[AgentChoice]) -> rx.Component:
    return rx.el.li(
        rx.el.span(agent.name, class_name="font-medium truncate min-w-0 flex-1"),
        backend_tag(agent.backend),
        rx.cond(agent.model != "", tag(agent.model, class_name="mono max-sm:hidden")),
        button(
            t("teams.form.add"),
            icon="add",
            size="small",
            aria_label=t("teams.form.add_name", name=agent.name),
            on_click=TeamForm.add_seat(agent.agent_id),
        ),
        key=agent.agent_id,
        class_name="flex items-center gap-2",
    )
