"""The wizard's Step5_Review: what was looked at, what a run would cost, and a rehearsal before the real one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from renum_app.components.button import button
from renum_app.components.card import card, card_body, card_head
from renum_app.components.figures import duration, money
from renum_app.components.icons import icon
from renum_app.components.team.graph import visualizer
from renum_app.components.team.wizard.parts import typed
from renum_app.components.text import say, t
from renum_app.state.estimate import Range
from renum_app.state.team_wizard import TeamWizard
from renum_app.state.wizard_view import Check


def review() -> rx.Component:
    return rx.el.div(
        card(card_head(t("teams.workflow"), _change(3)), visualizer(TeamWizard.graph)),
        rx.el.div(
            _checklist(), rx.el.div(_estimate(), _rehearsal(), class_name="wizard-stack"), class_name="wizard-split"
        ),
        class_name="wizard-wide",
    )


def _change(step: int) -> rx.Component:
    return button(t("teams.wizard.change"), variant="quiet", size="small", on_click=TeamWizard.go(step))


def _checklist() -> rx.Component:
    about = rx.el.div(
        rx.el.p(TeamWizard.name, class_name="font-semibold text-[15px]"),
        rx.cond(TeamWizard.description != "", rx.el.p(TeamWizard.description, class_name="text-muted")),
        class_name="card-body border-b border-line",
    )
    return card(
        card_head(t("teams.wizard.checklist"), _change(1)),
        about,
        rx.el.ul(rx.foreach(TeamWizard.checks, _check), class_name="rows"),
    )


def _check(check: rx.Var[Check]) -> rx.Component:
    picture = rx.match(check.tone, ("success", icon("success")), ("warning", icon("warning")), icon("info"))
    change = button(t("teams.wizard.change"), variant="quiet", size="small", on_click=TeamWizard.go(check.step))
    return rx.el.li(
        picture,
        rx.el.span(say(check.sentence), class_name="flex-1 min-w-0"),
        rx.cond(check.tone == "warning", change),
        custom_attrs={"data-tone": check.tone},
        class_name="wizard-check",
    )


def _estimate() -> rx.Component:
    cap = TeamWizard.limits["max_cost_usd"]
    return card(
        card_head(t("teams.wizard.estimate")),
        rx.el.dl(
            _fact(t("executions.estimate.cost"), TeamWizard.cost, money),
            _fact(t("executions.estimate.time"), TeamWizard.seconds, duration),
            rx.el.div(
                rx.el.dt(t("executions.estimate.cap")),
                rx.el.dd(
                    rx.cond(cap != "", money(TeamWizard.cap_usd), t("teams.no_limit")), class_name="run-estimate-value"
                ),
                rx.el.dd(_change(4), class_name="run-estimate-basis"),
            ),
            class_name="run-estimate card-body",
        ),
    )


def _fact(label: rx.Var[str], found: rx.Var[Range], written: Callable[[Any], rx.Var[str]]) -> rx.Component:
    basis = rx.cond(found.basis == "theory", t("executions.estimate.theory"), t("executions.estimate.unknown"))
    return rx.el.div(
        rx.el.dt(label),
        rx.el.dd(rx.cond(found.basis == "", "—", written(found.p90)), class_name="run-estimate-value"),
        rx.el.dd(basis, class_name="run-estimate-basis"),
    )


def _rehearsal() -> rx.Component:
    ask = typed(
        "prompt",
        TeamWizard.prompt,
        t("teams.wizard.rehearsal_prompt"),
        TeamWizard.set_prompt,
        hint=t("teams.wizard.rehearsal_hint"),
        is_long=True,
        class_name="input min-h-20!",
        placeholder=t("executions.form.prompt_placeholder"),
    )
    run = button(
        t("teams.wizard.create_and_rehearse"),
        icon="rehearsal",
        disabled=TeamWizard.is_creating | (TeamWizard.prompt == ""),
        on_click=TeamWizard.create("rehearse"),
    )
    return card(
        card_head(t("teams.wizard.rehearsal")), card_body(ask, rx.el.div(run), class_name="flex flex-col gap-3")
    )
