"""/agents/new: a new agent."""

from __future__ import annotations

import reflex as rx

from renum_app.components.agent.form import agent_form
from renum_app.components.page import page
from renum_app.components.shell import page_head, shell
from renum_app.components.skeleton import skeleton_form
from renum_app.components.text import t
from renum_app.state.agent_form import AgentForm


@page("/agents/new", "agents.new", AgentForm.load_new)
def agent_new() -> rx.Component:
    return shell(
        page_head(t("agents.new")),
        rx.cond(AgentForm.is_loaded & (AgentForm.editing == ""), agent_form(), skeleton_form()),
        current="agents",
        title=t("agents.new"),
        crumbs=[(t("agents.title"), "/agents")],
    )
