"""TeamForm: a team's words, whether it is on, and how far it may go; the flow is the designer's."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.badge import notice
from renum_app.components.button import button
from renum_app.components.card import card, card_body, card_head
from renum_app.components.figures import typed_number
from renum_app.components.input import field, text_area, text_input
from renum_app.components.text import say, t
from renum_app.state.team_settings import TeamSettings
from renum_app.state.wizard_view import LIMITS


def team_form() -> rx.Component:
    """Saving makes a new version, unless somebody saved one meanwhile."""
    outdated = notice("warning", t("teams.outdated"))
    other = notice("error", say(TeamSettings.problems[""]))
    return rx.el.form(
        rx.cond(TeamSettings.is_outdated, outdated),
        rx.cond(TeamSettings.problems.contains(""), other),
        _about(),
        _limits(),
        rx.el.div(button(t("common.save"), type="submit", variant="primary"), class_name="flex justify-end"),
        key=f"{TeamSettings.shown_id}-{TeamSettings.version}",
        on_submit=TeamSettings.save,
        reset_on_submit=False,
        no_validate=True,
        class_name="flex flex-col gap-4 max-w-[720px]",
    )


def _about() -> rx.Component:
    name = text_input("name", problems=TeamSettings.problems, default_value=TeamSettings.name, class_name="input")
    description = text_area(
        "description",
        problems=TeamSettings.problems,
        default_value=TeamSettings.description,
        class_name="input min-h-20!",
    )
    switch = rx.el.label(
        rx.el.input(type="checkbox", role="switch", name="is_active", default_checked=TeamSettings.is_active),
        rx.el.span(
            rx.el.span(t("teams.is_active"), class_name="block font-semibold"),
            rx.el.span(t("teams.is_active_hint"), class_name="field-hint"),
        ),
        class_name="run-switch-row",
    )
    return card(
        card_head(t("teams.about")),
        card_body(
            field(name, name="name", label=t("teams.form.name"), problems=TeamSettings.problems),
            field(description, name="description", label=t("teams.form.description"), problems=TeamSettings.problems),
            switch,
            class_name="flex flex-col gap-4",
        ),
    )


def _limits() -> rx.Component:
    return card(
        card_head(t("teams.limits_and_budget"), note=t("teams.form.limits_note")),
        card_body(*(_limit(name) for name in LIMITS), class_name="grid gap-4 sm:grid-cols-2"),
    )


def _limit(name: str) -> rx.Component:
    control = text_input(
        name,
        problems=TeamSettings.problems,
        default_value=typed_number(TeamSettings.limits[name]),
        input_mode="decimal",
        placeholder=t("teams.no_limit"),
        class_name="input input-small",
    )
    hint: Any = t("teams.form.monthly_hint") if name == "monthly_budget_usd" else None
    return field(control, name=name, label=t(f"teams.limit.{name}"), hint=hint, problems=TeamSettings.problems)
