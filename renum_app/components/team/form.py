"""The form of a team: what it is for, how it works, who sits in it, and how far it may go."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import VarData

from renum_app.components.badge import backend_tag, tag
from renum_app.components.button import button, button_link
from renum_app.components.card import card, card_body, card_head
from renum_app.components.icons import icon
from renum_app.components.input import field, field_error, option, search_input, select, text_area, text_input
from renum_app.components.team.graph import mini_graph, reading
from renum_app.components.team.seat import seat_card
from renum_app.components.team.strategies import strategy_choice
from renum_app.components.text import say, t
from renum_app.state.team_graph import Node
from renum_app.state.team_new import JOINS, AgentChoice, TeamForm
from renum_app.state.team_seats import Trouble

_SHOW = f"$/public{rx.asset('field.js', shared=True)}"


def team_form() -> rx.Component:
    """One page; the picture at the side follows what is filled in."""
    return rx.el.form(
        rx.el.div(_summary(), _about(), _agents(), _members(), _limits(), class_name="team-form-main"),
        rx.el.aside(_preview(), aria_label=t("teams.form.preview"), class_name="team-form-side"),
        _actions(),
        on_submit=TeamForm.save,
        reset_on_submit=False,
        no_validate=True,
        class_name="team-form",
    )


def _summary() -> rx.Component:
    """Everything that is wrong at once, each line leading to its field."""
    return rx.cond(
        TeamForm.troubles.length() > 0,
        rx.el.div(
            icon("error"),
            rx.el.div(
                rx.el.p(t("teams.form.troubles", n=TeamForm.troubles.length())),
                rx.el.ul(rx.foreach(TeamForm.troubles, _trouble), class_name="mt-1"),
                class_name="min-w-0",
            ),
            role="alert",
            custom_attrs={"data-tone": "error"},
            class_name="notice",
        ),
    )


def _trouble(trouble: rx.Var[Trouble]) -> rx.Component:
    show = rx.Var(
        f"showField({trouble.target!s})",
        _var_data=VarData.merge(
            VarData(imports={_SHOW: [ImportVar(tag="showField")]}),
            trouble.target._get_all_var_data(),  # noqa: SLF001 (Reflex has no public name for it)
        ),
    )
    return rx.el.li(
        rx.el.button(
            rx.cond(trouble.who != "", f"{trouble.who} · ", ""),
            rx.cond(trouble.label.key != "", rx.fragment(say(trouble.label), ": "), ""),
            say(trouble.sentence),
            type="button",
            on_click=rx.run_script(show),
            class_name="text-left underline underline-offset-3",
        ),
        key=trouble.target,
    )


def _about() -> rx.Component:
    name = text_input(
        "name", problems=TeamForm.problems, default_value=TeamForm.name, class_name="input", max_length=200
    )
    description = text_area(
        "description",
        problems=TeamForm.problems,
        default_value=TeamForm.description,
        class_name="input min-h-20!",
    )
    return card(
        card_body(
            field(name, name="name", label=t("teams.form.name"), problems=TeamForm.problems),
            field(
                description,
                name="description",
                label=t("teams.form.description"),
                hint=t("teams.form.description_hint"),
                problems=TeamForm.problems,
            ),
            strategy_choice(),
            class_name="flex flex-col gap-5",
        )
    )


def _agents() -> rx.Component:
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


def _members() -> rx.Component:
    return rx.cond(
        TeamForm.seats.length() > 0,
        rx.el.section(
            rx.el.h2(t("teams.form.members", n=TeamForm.seats.length()), class_name="mb-2"),
            rx.el.ol(rx.foreach(TeamForm.seats, seat_card), class_name="flex flex-col gap-3"),
        ),
    )


def _limits() -> rx.Component:
    return card(
        card_head(t("teams.form.limits"), note=t("teams.form.limits_note")),
        card_body(
            _limit("max_cost_usd", placeholder="0,50"),
            _limit("max_tokens"),
            _limit("timeout"),
            _limit("max_concurrency"),
            rx.cond(TeamForm.strategy == "parallel", _join()),
            class_name="grid gap-4 sm:grid-cols-2",
        ),
    )


def _limit(name: str, **props: Any) -> rx.Component:
    control = text_input(
        name,
        problems=TeamForm.problems,
        default_value=TeamForm.limits[name],
        input_mode="decimal",
        class_name="input input-small",
        **props,
    )
    return field(control, name=name, label=t(f"teams.limit.{name}"), problems=TeamForm.problems)


def _join() -> rx.Component:
    how = select(
        "join",
        *(option(t(f"teams.join.{each}"), each) for each in JOINS),
        problems=TeamForm.problems,
        value=TeamForm.join,
        on_change=TeamForm.choose_join,
        class_name="input input-small",
    )
    wanted = text_input(
        "join_k",
        problems=TeamForm.problems,
        default_value=TeamForm.join_k,
        input_mode="numeric",
        class_name="input input-small",
    )
    return rx.fragment(
        field(how, name="join", label=t("teams.form.join"), problems=TeamForm.problems),
        rx.cond(
            TeamForm.join == "k",
            field(wanted, name="join_k", label=t("teams.form.join_k"), problems=TeamForm.problems),
        ),
    )


def _preview() -> rx.Component:
    return card(
        card_head(t("teams.form.preview")),
        rx.cond(
            TeamForm.seats.length() > 0,
            card_body(
                mini_graph(TeamForm.graph, t("teams.graph.label"), "team-mini-tall"),
                rx.el.ol(rx.foreach(TeamForm.graph.nodes, _voice), class_name="mt-3 flex flex-col gap-2"),
            ),
            rx.el.p(t("teams.form.preview_empty"), class_name="card-body text-muted"),
        ),
    )


def _voice(node: rx.Var[Node]) -> rx.Component:
    """One member in words: when, who, and what it is given."""
    what = rx.cond(
        node.condition != "",
        rx.fragment(t("teams.graph.if"), " ", rx.el.span(node.condition, class_name="mono text-xs!")),
        reading(node),
    )
    return rx.el.li(
        rx.el.span(node.number, class_name="mono text-muted"),
        rx.el.span(
            rx.el.span(node.name, class_name="block truncate font-medium"),
            rx.el.span(what, class_name="block truncate text-xs text-muted"),
            class_name="min-w-0",
        ),
        key=node.step_id,
        class_name="flex gap-2.5",
    )


def _actions() -> rx.Component:
    save = rx.cond(TeamForm.editing != "", t("common.save"), t("teams.form.create"))
    save_and_run = rx.cond(TeamForm.editing != "", t("teams.form.save_and_run"), t("teams.form.create_and_run"))
    back = rx.cond(TeamForm.editing != "", f"/teams/{TeamForm.editing}", "/teams")
    return rx.el.div(
        button_link(t("common.cancel"), href=back, variant="quiet"),
        button(save, type="submit", variant="primary", on_click=TeamForm.plan_to("look"), class_name="order-2"),
        button(save_and_run, type="submit", icon="run", on_click=TeamForm.plan_to("run")),
        class_name="team-form-actions",
    )
