"""/teams/[id]/execute: give a team something to do."""

from __future__ import annotations

import reflex as rx

from renum_app.components.button import button_link
from renum_app.components.empty import empty
from renum_app.components.execution.form import execution_form
from renum_app.components.page import page
from renum_app.components.shell import page_head, shell
from renum_app.components.skeleton import bone
from renum_app.components.text import t
from renum_app.state.estimate import Estimate
from renum_app.state.team_execute import ExecuteForm


@page("/teams/[team_id]/execute", "executions.form.heading", ExecuteForm.load, Estimate.load)
def team_execute() -> rx.Component:
    return shell(
        rx.cond(
            ExecuteForm.is_missing,
            _missing(),
            rx.el.div(
                page_head(t("executions.form.title", team=ExecuteForm.team_name)),
                rx.cond(ExecuteForm.is_loaded, execution_form(), _skeleton()),
            ),
        ),
        current="teams",
        title=t("executions.form.heading"),
        crumbs=[(t("nav.teams"), "/teams"), (ExecuteForm.team_name, f"/teams/{ExecuteForm.shown_id}")],
    )


def _skeleton() -> rx.Component:
    return rx.el.div(
        rx.el.div(bone("100%", "320px"), bone("100%", "110px"), class_name="run-form-main"),
        rx.el.div(bone("100%", "210px"), bone("100%", "210px"), class_name="run-form-side"),
        aria_hidden="true",
        class_name="run-form",
    )


def _missing() -> rx.Component:
    return empty(
        t("executions.form.not_found"),
        t("executions.form.not_found_text"),
        button_link(t("executions.form.see_teams"), href="/teams"),
    )
