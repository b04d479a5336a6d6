"""Fields of forms: label, control, hint and error, tied together for screen readers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import reflex as rx
from reflex_components_core.el.element import Element

from renum_app.components.icons import icon
from renum_app.components.text import say, t
from renum_app.state.sentence import Sentence


class NativeForm(Element):
    """A form that the browser itself sends, before and without any script."""

    tag = "form"

    action: rx.Var[str]
    method: rx.Var[str]


def field(
    control: rx.Component,
    *,
    name: str,
    label: Any,
    hint: Any = None,
    problems: rx.Var[dict[str, Sentence]] | None = None,
) -> rx.Component:
    """A control under its label; the problem that `problems` holds under `name` replaces the hint."""
    below = rx.el.p(hint, id=f"{name}-hint", class_name="field-hint") if hint is not None else rx.fragment()
    if problems is not None:
        below = rx.cond(problems.contains(name), field_error(name, problems[name]), below)
    return rx.el.div(rx.el.label(label, html_for=name, class_name="field-label"), control, below, class_name="field")


def field_error(name: str, sentence: rx.Var[Sentence]) -> rx.Component:
    """The one sentence that says what is wrong with a field."""
    picture = icon("error", size=14, class_name="mt-0.5 flex-none")
    return rx.el.p(picture, say(sentence), id=f"{name}-error", role="alert", class_name="field-error")


def text_input(name: str, *, problems: rx.Var[dict[str, Sentence]] | None = None, **props: Any) -> rx.Component:
    """One line of text; uncontrolled, so typing costs no round trip."""
    return rx.el.input(**_control(name, problems), **{"type": "text", **props})


def text_area(name: str, *, problems: rx.Var[dict[str, Sentence]] | None = None, **props: Any) -> rx.Component:
    return rx.el.textarea(**_control(name, problems), **props)


def select(
    name: str, *options: rx.Component, problems: rx.Var[dict[str, Sentence]] | None = None, **props: Any
) -> rx.Component:
    """The browser's own list; `options` are `option(...)`."""
    return rx.el.select(*options, **_control(name, problems), **props)


def option(label: Any, value: Any, **props: Any) -> rx.Component:
    return rx.el.option(label, value=value, **props)


def password_input(name: str, **props: Any) -> rx.Component:
    """A secret, with a button that shows it while wanted."""
    reveal = rx.el.button(
        icon("show"),
        type="button",
        aria_label=t("common.show_password"),
        aria_pressed="false",
        title=t("common.show_password"),
        custom_attrs={"data-reveals": name},
        class_name="reveal",
    )
    control = rx.el.div(
        text_input(name, type="password", class_name="input pr-11", **props), reveal, class_name="relative"
    )
    return rx.fragment(control, rx.el.p(t("login.caps_lock"), class_name="field-hint caps-hint"))


def search_input(label: Any, **props: Any) -> rx.Component:
    """A filter of the list below it; a `default_value` shows until something is typed, a new `key` empties it."""
    control = rx.el.input(
        type="search", placeholder=label, aria_label=label, class_name="input input-small", auto_complete="off", **props
    )
    return rx.el.div(icon("search"), control, class_name="search")


def segmented(*segments: rx.Component, label: Any) -> rx.Component:
    """A choice of few; each is `segment(...)`."""
    return rx.el.div(*segments, role="group", aria_label=label, class_name="segmented")


def segmented_choice(options: Mapping[str, Any], *, chosen: rx.Var[str], on_choose: Any, label: Any) -> rx.Component:
    """One of a few words, each with what it shows; `on_choose` is given the word."""
    segments = [segment(shown, chosen=chosen == word, on_click=on_choose(word)) for word, shown in options.items()]
    return segmented(*segments, label=label)


def segment(content: Any, *, chosen: Any, **props: Any) -> rx.Component:
    return rx.el.button(
        content, type="button", aria_pressed=rx.cond(chosen, "true", "false"), class_name="segment", **props
    )


def _control(name: str, problems: rx.Var[dict[str, Sentence]] | None) -> dict[str, Any]:
    props: dict[str, Any] = {"id": name, "name": name}
    if problems is not None:
        props["aria_invalid"] = rx.cond(problems.contains(name), "true", "false")
        props["aria_describedby"] = rx.cond(problems.contains(name), f"{name}-error", f"{name}-hint")
    return props
