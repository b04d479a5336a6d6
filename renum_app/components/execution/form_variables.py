"""What the team is given beside the prompt: fields for what it asks for, and lines for anything else."""

from __future__ import annotations

import reflex as rx

from renum_app.components.button import button, icon_button
from renum_app.components.card import card, card_body, card_head
from renum_app.components.input import field_error
from renum_app.components.text import t
from renum_app.state.team_execute import ExecuteForm, VariableRow


def variables() -> rx.Component:
    add = button(t("executions.form.add_variable"), size="small", icon="add", on_click=ExecuteForm.add_variable)
    problem = field_error("variables", ExecuteForm.problems["variables"])
    return card(
        card_head(t("executions.form.variables"), add),
        card_body(
            rx.foreach(ExecuteForm.variables, _variable),
            rx.cond(ExecuteForm.problems.contains("variables"), problem),
            rx.el.p(t("executions.form.variables_hint"), class_name="field-hint"),
            class_name="flex flex-col gap-2.5",
        ),
    )


def _variable(row: rx.Var[VariableRow]) -> rx.Component:
    looks = "input input-small font-mono"
    value = t("executions.form.variable_value")
    given = rx.el.input(
        name=f"variable_value_{row.number}",
        id=f"variable_value_{row.number}",
        default_value=row.value,
        placeholder=rx.cond(row.is_declared, "", value),
        aria_label=rx.cond(row.is_declared, row.name, value),
        class_name=looks,
    )
    return rx.cond(row.is_declared, _declared(row, given), _free(row, given))


def _declared(row: rx.Var[VariableRow], given: rx.Component) -> rx.Component:
    """One that the team asks for: a field like any other."""
    return rx.el.div(
        rx.el.label(row.name, html_for=f"variable_value_{row.number}", class_name="field-label mono"),
        rx.el.input(type="hidden", name=f"variable_name_{row.number}", value=row.name),
        given,
        rx.cond(row.hint != "", rx.el.p(row.hint, class_name="field-hint")),
        key=row.number,
        class_name="field",
    )


def _free(row: rx.Var[VariableRow], given: rx.Component) -> rx.Component:
    name = t("executions.form.variable_name")
    return rx.el.div(
        rx.el.input(
            name=f"variable_name_{row.number}",
            default_value=row.name,
            placeholder=name,
            aria_label=name,
            class_name="input input-small font-mono",
        ),
        given,
        icon_button("close", t("executions.form.remove_variable"), on_click=ExecuteForm.remove_variable(row.number)),
        key=row.number,
        class_name="run-variable",
    )
