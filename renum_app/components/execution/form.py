"""ExecutionForm: say what the team should do, under which limits, and run it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.badge import notice
from renum_app.components.button import button, button_link, icon_button
from renum_app.components.card import card, card_body, card_head
from renum_app.components.execution.estimate import estimate
from renum_app.components.execution.live import script
from renum_app.components.icons import icon
from renum_app.components.input import field, field_error, text_area, text_input
from renum_app.components.text import say, t, word
from renum_app.state.estimate import Estimate
from renum_app.state.team_execute import ExecuteForm, MemberRow, VariableRow

_PAUSE_MS = 600
"""Typing is over when nothing came for this long."""


class SendShortcut(rx.Component):
    """Ctrl or ⌘ with Enter sends the form around it."""

    library = script("form.jsx")
    tag = "SendShortcut"


class ApiSnippet(rx.Component):
    """The form around it as a curl command, as it is filled."""

    library = script("form.jsx")
    tag = "ApiSnippet"

    team_id: rx.Var[str]


def execution_form() -> rx.Component:
    return rx.el.form(
        SendShortcut.create(),
        rx.el.div(_trouble(), _prompt(), _variables(), _api(), class_name="run-form-main"),
        rx.el.div(_members(), _limits(), class_name="run-form-side"),
        on_submit=ExecuteForm.run,
        reset_on_submit=False,
        no_validate=True,
        class_name="run-form",
    )


def _trouble() -> rx.Component:
    """What is wrong with no field in particular."""
    problem = ExecuteForm.problems[""]
    return rx.cond(ExecuteForm.problems.contains(""), notice("error", say(problem)))


def _prompt() -> rx.Component:
    control = text_area(
        "initial_prompt",
        problems=ExecuteForm.problems,
        default_value=ExecuteForm.prompt,
        placeholder=t("executions.form.prompt_placeholder"),
        auto_focus=True,
        on_change=Estimate.take_prompt.debounce(_PAUSE_MS),
        class_name="input run-form-prompt",
    )
    label, hint = t("executions.form.prompt"), t("executions.form.prompt_hint")
    return card(
        card_body(
            field(control, name="initial_prompt", label=label, hint=hint, problems=ExecuteForm.problems),
            estimate(),
            rx.el.div(_rehearsal(), _run(), class_name="run-form-foot"),
            class_name="flex flex-col gap-4",
        )
    )


def _run() -> rx.Component:
    is_rehearsal = ExecuteForm.is_rehearsal | ExecuteForm.is_rehearsal_only
    return button(
        rx.cond(is_rehearsal, t("executions.form.run_rehearsal"), t("executions.form.run")),
        type="submit",
        variant="primary",
        size="large",
        icon="run",
        disabled=ExecuteForm.is_sending,
    )


def _rehearsal() -> rx.Component:
    switch = rx.el.input(
        type="checkbox",
        role="switch",
        name="rehearsal",
        default_checked=ExecuteForm.is_rehearsal,
        on_change=[ExecuteForm.set_rehearsal, Estimate.again],
    )
    words = rx.el.span(
        rx.el.span(t("executions.form.rehearsal"), class_name="block font-semibold"),
        rx.el.span(t("executions.form.rehearsal_hint"), class_name="field-hint"),
    )
    only = rx.el.p(t("executions.form.rehearsal_only"), class_name="field-hint")
    return rx.cond(ExecuteForm.is_rehearsal_only, only, rx.el.label(switch, words, class_name="run-switch-row"))


def _variables() -> rx.Component:
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
    name, value = t("executions.form.variable_name"), t("executions.form.variable_value")
    return rx.el.div(
        rx.el.input(
            name=f"variable_name_{row.number}",
            default_value=row.name,
            placeholder=name,
            aria_label=name,
            class_name=looks,
        ),
        rx.el.input(
            name=f"variable_value_{row.number}",
            default_value=row.value,
            placeholder=value,
            aria_label=value,
            class_name=looks,
        ),
        icon_button("close", t("executions.form.remove_variable"), on_click=ExecuteForm.remove_variable(row.number)),
        key=row.number,
        class_name="run-variable",
    )


def _members() -> rx.Component:
    missing = rx.el.div(
        notice("warning", t("executions.form.no_key_text")),
        button_link(t("executions.form.open_keys"), href="/settings", size="small", icon="key"),
        class_name="flex flex-col items-start gap-2 p-4 border-t border-line",
    )
    return card(
        card_head(t("executions.form.members")),
        rx.el.ol(rx.foreach(ExecuteForm.members, _member), class_name="rows"),
        rx.cond(ExecuteForm.lacks_keys & ~ExecuteForm.is_rehearsal, missing),
    )


def _member(row: rx.Var[MemberRow]) -> rx.Component:
    about = rx.el.span(
        word("executions.role", row.role),
        rx.cond(row.model != "", rx.fragment(" · ", row.model)),
        class_name="block truncate text-muted text-[13px]",
    )
    return rx.el.li(
        rx.el.span(row.order, class_name="run-member-order"),
        rx.el.span(rx.el.span(row.name, class_name="block truncate font-semibold"), about, class_name="min-w-0"),
        rx.match(
            row.trouble,
            ("no_key", _mark("waiting", "key", t("executions.form.no_key", service=row.service))),
            ("gone", _mark("failed", "error", t("executions.form.gone"))),
            _mark("completed", "completed", t("executions.form.ready")),
        ),
        key=row.step_id,
        class_name="run-member",
    )


def _mark(tone: str, picture: str, label: rx.Var[str]) -> rx.Component:
    return rx.el.span(icon(picture, size=12), label, custom_attrs={"data-tone": tone}, class_name="run-step-status")


def _limits() -> rx.Component:
    return card(
        card_head(t("executions.form.limits")),
        card_body(
            _limit(
                "max_cost_usd",
                ExecuteForm.cap,
                t("executions.form.cap"),
                t("executions.form.cap_hint"),
                on_change=Estimate.take_cap.debounce(_PAUSE_MS),
            ),
            _limit("timeout", ExecuteForm.timeout, t("executions.form.timeout"), t("executions.form.timeout_hint")),
            class_name="flex flex-col gap-4",
        ),
    )


def _limit(name: str, value: rx.Var[str], label: rx.Var[str], hint: rx.Var[str], **props: Any) -> rx.Component:
    control = text_input(
        name,
        problems=ExecuteForm.problems,
        default_value=value,
        input_mode="decimal",
        class_name="input input-small",
        **props,
    )
    return field(control, name=name, label=label, hint=hint, problems=ExecuteForm.problems)


def _api() -> rx.Component:
    return rx.el.details(
        rx.el.summary(t("executions.form.api"), class_name="card-head font-semibold"),
        card_body(
            rx.el.p(t("executions.form.api_hint"), class_name="field-hint mb-2"),
            ApiSnippet.create(team_id=ExecuteForm.shown_id),
        ),
        class_name="card run-fold",
    )
