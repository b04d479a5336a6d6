"""/agents/[id]: one agent, to change or delete."""

from __future__ import annotations

import reflex as rx

from renum_app.components.agent.away import away_notice
from renum_app.components.agent.form import agent_form
from renum_app.components.badge import notice
from renum_app.components.button import button, button_link
from renum_app.components.card import card
from renum_app.components.dialog import confirm, opens
from renum_app.components.empty import empty
from renum_app.components.figures import ago
from renum_app.components.page import page
from renum_app.components.shell import page_head, shell
from renum_app.components.skeleton import skeleton_form
from renum_app.components.text import say, t
from renum_app.state.agent_form import AgentForm

_DELETE = "delete-agent"


@page("/agents/[agent]", "agents.single", AgentForm.load)
def agent() -> rx.Component:
    form = rx.cond(AgentForm.is_loaded & (AgentForm.editing != ""), _known(), skeleton_form())
    return shell(
        rx.cond(AgentForm.is_missing, card(_missing()), form),
        current="agents",
        title=rx.cond(AgentForm.is_missing, t("agents.missing"), AgentForm.name),
        crumbs=[(t("agents.title"), "/agents")],
    )


def _known() -> rx.Component:
    delete = button(t("common.delete"), icon="delete", variant="danger", custom_attrs=opens(_DELETE))
    return rx.fragment(
        page_head(AgentForm.name, delete, sub=_uses()),
        away_notice(
            place=rx.cond(AgentForm.trouble.key != "", AgentForm.backend, ""),
            is_away=AgentForm.is_away,
            trouble=AgentForm.trouble,
            seen_at=AgentForm.seen_at,
            on_retry=AgentForm.load,
        ),
        rx.cond(AgentForm.has_vanished, rx.el.div(_vanished(), class_name="mb-4")),
        rx.cond(AgentForm.refusal.key != "", rx.el.div(notice("error", say(AgentForm.refusal)), class_name="mb-4")),
        agent_form(),
        confirm(
            _DELETE,
            t("agents.delete_title"),
            t("agents.delete_text"),
            action=t("common.delete"),
            on_confirm=AgentForm.delete,
        ),
    )


def _vanished() -> rx.Component:
    return notice("error", t("agents.vanished_text"), " ", t("agents.last_seen"), " ", ago(AgentForm.seen_at))


def _uses() -> rx.Component:
    names = rx.foreach(
        AgentForm.used_by,
        lambda team, place: rx.fragment(
            rx.cond(place > 0, ", ", ""), rx.el.a(team[1], href=f"/teams/{team[0]}", class_name="link")
        ),
    )
    return rx.cond(AgentForm.used_by.length() > 0, rx.fragment(t("agents.used_by"), " ", names), t("agents.unused"))


def _missing() -> rx.Component:
    back = button_link(t("agents.to_list"), href="/agents", variant="primary")
    return empty(t("agents.missing"), t("agents.missing_text"), back)
