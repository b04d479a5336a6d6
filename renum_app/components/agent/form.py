"""The form of an agent, in four short sections; what a section does not apply to is not shown."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.badge import notice
from renum_app.components.button import button, button_link
from renum_app.components.card import card
from renum_app.components.icons import icon
from renum_app.components.input import field, field_error, option, select, text_area, text_input
from renum_app.components.text import say, t
from renum_app.state.agent_form import FAULTS, AgentForm

_PROBLEMS = AgentForm.problems


def agent_form() -> rx.Component:
    """Filled from and saved through `AgentForm`."""
    return rx.el.form(
        rx.cond(_PROBLEMS.contains(""), notice("error", say(_PROBLEMS[""]))),
        _section("identity", _identity()),
        _section("place", _place()),
        _section("instructions", _instructions()),
        _section("model", _model(), class_name="only-local"),
        _section("rehearsal", _rehearsal(), class_name="only-rehearsal"),
        rx.el.div(
            button_link(t("common.cancel"), href="/agents"),
            button(t("common.save"), type="submit", variant="primary"),
            class_name="flex justify-end gap-2",
        ),
        on_submit=AgentForm.save,
        reset_on_submit=False,
        key=AgentForm.editing,
        no_validate=True,
        class_name="column agent-form flex flex-col gap-4",
    )


def _section(name: str, *fields: Any, class_name: str = "") -> rx.Component:
    head = rx.el.div(
        rx.el.h2(t(f"agents.section_{name}")), rx.el.p(t(f"agents.section_{name}_text"), class_name="text-muted mt-0.5")
    )
    return card(head, *fields, class_name=f"card-body flex flex-col gap-4 {class_name}")


def _identity() -> rx.Component:
    name = text_input(
        "name", problems=_PROBLEMS, default_value=AgentForm.name, max_length=200, auto_focus=True, class_name="input"
    )
    description = text_input(
        "description", problems=_PROBLEMS, default_value=AgentForm.description, max_length=2000, class_name="input"
    )
    return rx.fragment(
        field(name, name="name", label=t("agents.name"), problems=_PROBLEMS),
        field(description, name="description", label=t("agents.description"), problems=_PROBLEMS),
    )


def _place() -> rx.Component:
    choices = [_choice(backend, picture) for backend, picture in (("local", "local"), ("rehearsal", "rehearsal"))]
    choices.append(rx.cond(AgentForm.has_suna, _choice("suna", "link")))
    return rx.el.fieldset(
        rx.el.legend(t("agents.backend"), class_name="sr-only"),
        rx.el.div(*choices, class_name="grid gap-3 sm:grid-cols-2"),
        rx.cond(_PROBLEMS.contains("backend"), field_error("backend", _PROBLEMS["backend"])),
    )


def _choice(backend: str, picture: str) -> rx.Component:
    name = f"backend-{backend}"
    radio = rx.el.input(
        type="radio",
        name="backend",
        id=name,
        value=backend,
        default_checked=AgentForm.backend == backend,
        class_name="sr-only",
    )
    words = rx.el.span(
        rx.el.span(t(f"backend.{backend}"), class_name="block font-semibold"),
        rx.el.span(t(f"agents.backend_{backend}"), class_name="block text-[13px] leading-[18px] text-muted mt-0.5"),
    )
    return rx.el.label(
        radio, icon(picture, size=18, class_name="flex-none mt-0.5"), words, html_for=name, class_name="choice"
    )


def _instructions() -> rx.Component:
    control = text_area(
        "instructions",
        problems=_PROBLEMS,
        default_value=AgentForm.instructions,
        placeholder=t("agents.instructions_example"),
        rows="8",
        class_name="input",
    )
    return field(control, name="instructions", label=t("agents.instructions"), problems=_PROBLEMS)


def _model() -> rx.Component:
    control = text_input(
        "model",
        problems=_PROBLEMS,
        default_value=AgentForm.model,
        list="model-names",
        placeholder="openai:gpt-5-mini",
        auto_complete="off",
        spell_check=False,
        class_name="input mono",
    )
    names = rx.el.datalist(rx.foreach(AgentForm.model_names, lambda name: rx.el.option(value=name)), id="model-names")
    hint = rx.fragment(t("agents.model_hint"), " ", rx.el.a(t("agents.to_keys"), href="/settings", class_name="link"))
    return rx.fragment(field(control, name="model", label=t("agents.model"), hint=hint, problems=_PROBLEMS), names)


def _rehearsal() -> rx.Component:
    reply = text_area("reply", default_value=AgentForm.reply, rows="5", class_name="input")
    seconds = text_input(
        "seconds", default_value=AgentForm.seconds, input_mode="decimal", class_name="input", problems=_PROBLEMS
    )
    faults = [option(t("agents.fault_none"), ""), *(option(t(f"agents.fault_{kind}"), kind) for kind in FAULTS)]
    fault = select("fault", *faults, default_value=AgentForm.fault, class_name="input")
    attempts = text_input("fault_attempts", default_value=AgentForm.fault_attempts, class_name="input")
    return rx.fragment(
        field(reply, name="reply", label=t("agents.reply"), hint=t("agents.reply_hint")),
        rx.el.div(
            field(seconds, name="seconds", label=t("agents.seconds")),
            field(fault, name="fault", label=t("agents.fault")),
            field(attempts, name="fault_attempts", label=t("agents.fault_attempts")),
            class_name="grid gap-4 sm:grid-cols-3",
        ),
        rx.el.p(t("agents.fault_hint"), class_name="field-hint"),
        rx.foreach(
            _PROBLEMS, lambda entry: rx.cond(entry[0].startswith("rehearsal"), field_error("rehearsal", entry[1]))
        ),
    )
