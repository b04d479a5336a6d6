"""TeamConfiguration, the wizard's Step4_Configuration: limits, budget, approvals, failures and variables."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.button import button, icon_button
from renum_app.components.card import card, card_body, card_head
from renum_app.components.figures import typed_number
from renum_app.components.input import option, segment, segmented
from renum_app.components.team.wizard.parts import chosen, typed
from renum_app.components.text import t
from renum_app.state.team_wizard import TeamWizard
from renum_app.state.wizard_setting import APPROVALS, FAILURES, JOINS, OUTCOMES
from renum_app.state.wizard_view import KnownAgent, MemberRow, VariableRow

_LIMITS = ("max_cost_usd", "max_tokens", "timeout", "max_concurrency")


def team_configuration() -> rx.Component:
    return rx.el.div(
        rx.el.div(_limits(), _budget(), _variables(), class_name="wizard-stack"),
        _rules(),
        class_name="wizard-split",
    )


def _limit(name: str, *, hint: Any = None) -> rx.Component:
    return typed(
        name,
        typed_number(TeamWizard.limits[name]),
        t(f"teams.limit.{name}"),
        TeamWizard.set_limit(name),
        hint=hint,
        input_mode="decimal",
        placeholder=t("teams.no_limit"),
    )


def _limits() -> rx.Component:
    return card(
        card_head(t("teams.form.limits"), note=t("teams.form.limits_note")),
        card_body(
            *(_limit(name) for name in _LIMITS),
            rx.cond(TeamWizard.strategy == "parallel", _join()),
            class_name="grid gap-4 sm:grid-cols-2",
        ),
    )


def _join() -> rx.Component:
    options = [option(t(f"teams.join.{each}"), each) for each in JOINS]
    wanted = typed("join_k", TeamWizard.join_k, t("teams.form.join_k"), TeamWizard.set_limit("join_k"))
    return rx.fragment(
        chosen("join", TeamWizard.join, t("teams.form.join"), TeamWizard.choose_join, *options),
        rx.cond(TeamWizard.join == "k", wanted),
    )


def _budget() -> rx.Component:
    return card(
        card_head(t("teams.wizard.budget")),
        card_body(_limit("monthly_budget_usd", hint=t("teams.form.monthly_hint"))),
    )


def _variables() -> rx.Component:
    add = button(t("executions.form.add_variable"), size="small", icon="add", on_click=TeamWizard.add_variable)
    return card(
        card_head(t("executions.form.variables"), add),
        card_body(
            rx.el.p(t("teams.wizard.variables_hint"), class_name="field-hint"),
            rx.foreach(TeamWizard.variables, _variable),
            class_name="flex flex-col gap-3",
        ),
    )


def _variable(row: rx.Var[VariableRow], place: rx.Var[int]) -> rx.Component:
    def part(name: str, value: rx.Var[str], **props: Any) -> rx.Component:
        label = t(f"teams.variable.{name}")
        return typed(f"variable_{name}_{place}", value, label, TeamWizard.set_variable(place, name), **props)

    return rx.el.div(
        part("name", row.name, placeholder="region"),
        part("default", row.default),
        part("description", row.description),
        icon_button("close", t("executions.form.remove_variable"), on_click=TeamWizard.remove_variable(place)),
        key=f"{place}-{TeamWizard.fills}",
        class_name="wizard-variable",
    )


def _rules() -> rx.Component:
    all_the_same = segmented(
        *(
            segment(t(f"teams.on_failure.{each}"), chosen=_all_are(each), on_click=TeamWizard.set_rule_for_all(each))
            for each in ("stop", "continue")
        ),
        label=t("teams.wizard.failure_for_all"),
    )
    return card(
        card_head(t("teams.wizard.rules"), note=t("teams.wizard.rules_note")),
        card_body(
            rx.el.div(
                rx.el.span(t("teams.wizard.failure_for_all"), class_name="field-label"),
                all_the_same,
                class_name="field",
            ),
            rx.el.ul(rx.foreach(TeamWizard.members, _rule), class_name="wizard-rules"),
            class_name="flex flex-col gap-4",
        ),
    )


def _all_are(on_failure: str) -> rx.Var[bool]:
    return TeamWizard.one_failure_rule == on_failure


def _rule(row: rx.Var[MemberRow], place: rx.Var[int]) -> rx.Component:
    def tell(name: str) -> Any:
        return TeamWizard.set_rule(row.step_id, name)

    approvals = [option(t(f"teams.approval.{each}"), each) for each in APPROVALS]
    failures = [option(t(f"teams.on_failure.{each}"), each) for each in FAILURES]
    return rx.el.li(
        rx.el.h3(rx.el.span(place + 1, class_name="team-place"), rx.el.span(row.name, class_name="truncate")),
        rx.el.div(
            chosen(f"approval-{row.step_id}", row.approval, t("teams.form.approval"), tell("approval"), *approvals),
            rx.cond(row.approval != "none", _deadline(row, tell)),
            chosen(
                f"on_failure-{row.step_id}", row.on_failure, t("teams.form.on_failure"), tell("on_failure"), *failures
            ),
            rx.cond(row.on_failure == "fallback", _fallback(row, tell)),
            typed(
                f"attempts-{row.step_id}",
                row.attempts,
                t("teams.form.attempts"),
                tell("attempts"),
                input_mode="numeric",
                placeholder="3",
            ),
            class_name="grid gap-3 sm:grid-cols-3",
        ),
        key=row.step_id,
    )


def _deadline(row: rx.Var[MemberRow], tell: Any) -> rx.Component:
    outcomes = [option(t(f"teams.on_deadline.{each}"), each) for each in OUTCOMES]
    deadline = typed(
        f"deadline-{row.step_id}",
        typed_number(row.deadline),
        t("teams.form.deadline"),
        tell("deadline"),
        input_mode="decimal",
        placeholder=t("teams.form.no_deadline"),
    )
    on_deadline = chosen(
        f"on_deadline-{row.step_id}", row.on_deadline, t("teams.form.on_deadline"), tell("on_deadline"), *outcomes
    )
    return rx.fragment(deadline, on_deadline)


def _fallback(row: rx.Var[MemberRow], tell: Any) -> rx.Component:
    def choice(agent: rx.Var[KnownAgent]) -> rx.Component:
        return option(agent.name, agent.agent_id, key=agent.agent_id)

    nobody = option(t("teams.form.choose_agent"), "")
    choices = rx.foreach(TeamWizard.choices, choice)
    return chosen(f"fallback-{row.step_id}", row.fallback, t("teams.form.fallback"), tell("fallback"), nobody, choices)
