"""What the steps are made of: the scripts of the wizard, and fields that tell the draft what is typed."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.icons import icon
from renum_app.components.input import field, select, text_area, text_input
from renum_app.components.text import say, t
from renum_app.state.team_wizard import TeamWizard
from renum_app.state.wizard_troubles import StepTrouble

_PAUSE_MS = 500
"""Typing is over when nothing came for this long."""


class WizardKeys(rx.Component):
    """Ctrl+Enter and Ctrl+Backspace; the draft in the address; the eye at the new step."""

    library = f"$/public{rx.asset('keys.jsx', shared=True)}"
    tag = "WizardKeys"

    step: rx.Var[int]
    draft_id: rx.Var[str]


def _moved(row: rx.Var[str], to: rx.Var[int]) -> tuple[rx.Var[str], rx.Var[int]]:
    """A row, and the place it was put to, from 0."""
    return row, to


class Sorter(rx.Component):
    """A list in an order of one's own, by mouse and by keyboard; rows have `data-row`, their handle `data-handle`."""

    library = f"$/public{rx.asset('sorter.jsx', shared=True)}"
    tag = "Sorter"

    label: rx.Var[str]
    hint: rx.Var[str]
    on_move: rx.EventHandler[_moved]


def typed(
    name: Any, value: Any, label: Any, tell: Any, *, hint: Any = None, is_long: bool = False, **props: Any
) -> rx.Component:
    """A field whose text reaches the draft after a pause, and at the latest when it is left."""
    make = text_area if is_long else text_input
    props.setdefault("class_name", "input input-small")
    control = make(
        name,
        problems=TeamWizard.problems,
        key=f"{name}-{TeamWizard.fills}",
        default_value=value,
        on_change=tell.debounce(_PAUSE_MS),
        on_blur=tell,
        auto_complete="off",
        **props,
    )
    return field(control, name=name, label=label, hint=hint, problems=TeamWizard.problems)


def chosen(name: Any, value: Any, label: Any, tell: Any, *options: rx.Component) -> rx.Component:
    control = select(
        name, *options, problems=TeamWizard.problems, value=value, on_change=tell, class_name="input input-small"
    )
    return field(control, name=name, label=label, problems=TeamWizard.problems)


def summary() -> rx.Component:
    """What is wrong in this step, each line leading to its field."""
    return rx.cond(
        TeamWizard.here.length() > 0,
        rx.el.div(
            icon("error"),
            rx.el.div(
                rx.el.p(t("teams.form.troubles", n=TeamWizard.here.length())),
                rx.el.ul(rx.foreach(TeamWizard.here, _trouble), class_name="mt-1"),
                class_name="min-w-0",
            ),
            role="alert",
            custom_attrs={"data-tone": "error"},
            class_name="notice",
        ),
    )


def _trouble(trouble: rx.Var[StepTrouble]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.cond(trouble.who != "", f"{trouble.who} · ", ""),
            rx.cond(trouble.label.key != "", rx.fragment(say(trouble.label), ": "), ""),
            say(trouble.sentence),
            type="button",
            custom_attrs={"data-shows": trouble.target},
            class_name="text-left underline underline-offset-3",
        ),
        key=trouble.target,
    )
