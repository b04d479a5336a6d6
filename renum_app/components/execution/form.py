"""ExecutionForm, the spec's TeamExecutionPanel: say what the team should do, under which limits, and run it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.badge import notice
from renum_app.components.button import button
from renum_app.components.card import card, card_body, card_head
from renum_app.components.execution.estimate import estimate
from renum_app.components.execution.form_members import key_dialog, members
from renum_app.components.execution.form_variables import variables
from renum_app.components.execution.live import script
from renum_app.components.figures import typed_number
from renum_app.components.input import field, text_area, text_input
from renum_app.components.text import say, t
from renum_app.state.estimate import Estimate
from renum_app.state.team_execute import ExecuteForm

_PAUSE_MS = 600
"""Typing is over when nothing came for this long."""


class SendShortcut(rx.Component):
    """Ctrl or ⌘ with Enter sends the form around it."""

    library = script("form.jsx")
    tag = "SendShortcut"


class PastPrompts(rx.Component):
    """What the team was asked before: a list, and arrow up in the prompt."""

    library = script("history.jsx")
    tag = "PastPrompts"

    prompts: rx.Var[list[str]]


class ApiSnippet(rx.Component):
    """The form around it as a call of the API, as it is filled: curl or Python, and no key."""

    library = script("snippet.jsx")
    tag = "ApiSnippet"

    team_id: rx.Var[str]


def execution_form() -> rx.Component:
    return rx.el.div(_form(), key_dialog())


def _form() -> rx.Component:
    return rx.el.form(
        SendShortcut.create(),
        rx.el.div(_trouble(), _prompt(), variables(), _api(), class_name="run-form-main"),
        rx.el.div(members(), _limits(), class_name="run-form-side"),
        key=ExecuteForm.fills,
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
            PastPrompts.create(prompts=ExecuteForm.past),
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
            _limit("max_tokens", ExecuteForm.tokens, t("executions.form.tokens"), t("executions.form.tokens_hint")),
            _limit("timeout", ExecuteForm.timeout, t("executions.form.timeout"), t("executions.form.timeout_hint")),
            class_name="flex flex-col gap-4",
        ),
    )


def _limit(name: str, value: rx.Var[str], label: rx.Var[str], hint: rx.Var[str], **props: Any) -> rx.Component:
    control = text_input(
        name,
        problems=ExecuteForm.problems,
        default_value=typed_number(value),
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
