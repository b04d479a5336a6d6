"""/: what needs the person, what runs now, and how the week went."""

from __future__ import annotations

import reflex as rx

from renum_app.components.button import button_link
from renum_app.components.card import card
from renum_app.components.dashboard.checklist import checklist
from renum_app.components.dashboard.days import days_chart
from renum_app.components.dashboard.figures import figures
from renum_app.components.dashboard.greeting import greeting, situation
from renum_app.components.dashboard.lists import activity, quick_teams, recent
from renum_app.components.dashboard.needs import needs_you
from renum_app.components.empty import failed
from renum_app.components.page import page
from renum_app.components.pulse import pulse
from renum_app.components.shell import page_head, shell
from renum_app.components.text import t
from renum_app.state.dashboard import Dashboard

_WHILE_RUNNING_MS = 1_500
_AT_REST_MS = 10_000


@page("/", "nav.dashboard", Dashboard.load)
def dashboard() -> rx.Component:
    return shell(
        page_head(greeting(), _new_team(), _run_team(), sub=situation()),
        rx.cond(Dashboard.failure.key != "", card(failed(Dashboard.failure, on_retry=Dashboard.load)), _content()),
        pulse(rx.cond(Dashboard.is_moving, _WHILE_RUNNING_MS, _AT_REST_MS), Dashboard.refresh),
        current="dashboard",
        title=t("nav.dashboard"),
    )


def _content() -> rx.Component:
    return rx.el.div(
        needs_you(),
        figures(),
        rx.el.div(
            rx.el.div(recent(), days_chart(), class_name="flex flex-col gap-4 min-w-0"),
            rx.el.div(checklist(), quick_teams(), activity(), class_name="flex flex-col gap-4 min-w-0"),
            class_name="grid items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]",
        ),
        class_name="flex flex-col gap-4",
    )


def _new_team() -> rx.Component:
    return button_link(t("dashboard.new_team"), href="/teams/new", icon="add")


def _run_team() -> rx.Component:
    return button_link(t("dashboard.run_team"), href="/teams", icon="run", variant="primary")
