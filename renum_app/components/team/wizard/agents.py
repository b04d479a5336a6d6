"""AgentSelector and TeamMemberSelector, the wizard's Step2_AgentSelection: who there is, who is in, in which order."""

from __future__ import annotations

import reflex as rx

from renum_app.components.badge import backend_tag, tag
from renum_app.components.button import button, icon_button
from renum_app.components.card import card, card_body, card_head
from renum_app.components.icons import icon
from renum_app.components.input import field_error, search_input
from renum_app.components.team.graph import mini_graph
from renum_app.components.team.wizard.parts import Sorter
from renum_app.components.text import t
from renum_app.state.team_wizard import TeamWizard
from renum_app.state.wizard_view import KnownAgent, MemberRow


def team_member_selector() -> rx.Component:
    """Agents to pick on one side, the members in their order on the other."""
    return rx.el.div(agent_selector(), _members(), class_name="wizard-split")


def agent_selector() -> rx.Component:
    find = search_input(t("teams.form.find_agent"), id="agent_search", on_change=TeamWizard.find_agents.debounce(250))
    problem = rx.cond(
        TeamWizard.problems.contains("agent_search"), field_error("agent_search", TeamWizard.problems["agent_search"])
    )
    nobody = rx.cond(
        TeamWizard.has_agents,
        rx.el.p(t("teams.form.no_agents"), class_name="text-muted"),
        rx.el.p(t("teams.wizard.no_agents_yet"), class_name="text-muted"),
    )
    make = rx.el.a(icon("add"), t("teams.form.make_agent"), href="/agents/new", class_name="btn btn-quiet btn-small")
    return card(
        card_head(t("teams.form.agents"), make),
        card_body(
            rx.el.div(find, class_name="flex"),
            problem,
            rx.cond(
                TeamWizard.choices.length() > 0,
                rx.el.ul(rx.foreach(TeamWizard.choices, _choice), class_name="wizard-agents"),
                nobody,
            ),
            class_name="flex flex-col gap-3",
        ),
    )


def _choice(agent: rx.Var[KnownAgent]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(agent.name, class_name="block truncate font-medium"),
            rx.el.span(
                backend_tag(agent.backend),
                rx.cond(agent.model != "", rx.el.span(agent.model, class_name="mono truncate")),
                class_name="flex items-center gap-2 text-xs text-muted",
            ),
            _warning(agent),
            class_name="min-w-0 flex-1 flex flex-col gap-0.5",
        ),
        button(
            t("teams.form.add"),
            icon="add",
            size="small",
            aria_label=t("teams.form.add_name", name=agent.name),
            on_click=TeamWizard.add_agent(agent.agent_id),
        ),
        key=agent.agent_id,
    )


def _warning(agent: rx.Var[KnownAgent] | rx.Var[MemberRow]) -> rx.Component:
    """What would keep the agent from running, and the way to mend it."""
    mend = rx.el.a(t("teams.wizard.add_key"), href="/settings", class_name="underline underline-offset-3")
    lacking = rx.el.span(
        icon("key", size=12), t("teams.wizard.lacks_key", service=agent.service), " ", mend, class_name="wizard-warning"
    )
    gone = rx.el.span(
        icon("warning", size=12),
        t("teams.agent_gone"),
        class_name="wizard-warning",
        custom_attrs={"data-tone": "error"},
    )
    return rx.cond(agent.is_missing, gone, rx.cond(agent.lacks_key, lacking))


def _members() -> rx.Component:
    order = Sorter.create(
        rx.foreach(TeamWizard.members, _member),
        label=t("teams.wizard.order"),
        hint=t("teams.wizard.order_hint"),
        on_move=TeamWizard.move_member,
    )
    return card(
        card_head(t("teams.wizard.in_team"), tag(t("teams.size", n=TeamWizard.members.length()))),
        rx.cond(
            TeamWizard.members.length() > 0,
            card_body(
                order,
                rx.el.p(t("teams.wizard.order_hint"), class_name="field-hint max-sm:hidden"),
                mini_graph(TeamWizard.graph, t("teams.graph.label"), "mt-1"),
                class_name="flex flex-col gap-3",
            ),
            rx.el.p(t("teams.wizard.nobody"), class_name="card-body text-muted"),
        ),
    )


def _member(row: rx.Var[MemberRow], place: rx.Var[int]) -> rx.Component:
    handle = rx.el.button(
        icon("grip", size=15),
        type="button",
        draggable=True,
        aria_label=t("teams.wizard.handle", name=row.name, place=place + 1),
        custom_attrs={"data-handle": ""},
        class_name="sorter-handle",
    )
    moves = [
        icon_button(which, t(f"teams.form.{which}", name=row.name), size="small", disabled=stuck, on_click=move)
        for which, stuck, move in (
            ("up", place == 0, TeamWizard.move_member(row.step_id, place - 1)),
            ("down", place == TeamWizard.members.length() - 1, TeamWizard.move_member(row.step_id, place + 1)),
        )
    ]
    together = rx.cond(row.is_together, rx.el.span(t("teams.wizard.together"), class_name="text-xs text-muted"))
    return rx.el.li(
        handle,
        rx.el.span(place + 1, class_name="team-place"),
        rx.el.div(
            rx.el.h3(row.name, class_name="truncate"),
            together,
            _warning(row),
            class_name="min-w-0 flex-1 flex flex-col",
        ),
        *moves,
        icon_button(
            "close",
            t("teams.form.remove", name=row.name),
            size="small",
            on_click=TeamWizard.remove_member(row.step_id),
        ),
        key=row.step_id,
        custom_attrs={"data-row": row.step_id},
        class_name="sorter-row",
    )
