"""How far the team may go: cost, tokens, time, and how branches come together."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.card import card, card_body, card_head
from renum_app.components.input import field, option, select, text_input
from renum_app.components.text import t
from renum_app.state.team_new import JOINS, TeamForm


def limits() -> rx.Component:
    return card(
        card_head(t("teams.form.limits"), note=t("teams.form.limits_note")),
        card_body(
            _limit("max_cost_usd", placeholder="0,50"),
            _limit("max_tokens"),
            _limit("timeout"),
            _limit("max_concurrency"),
            _limit("monthly_budget_usd", hint=t("teams.form.monthly_hint")),
            rx.cond(TeamForm.strategy == "parallel", _join()),
            class_name="grid gap-4 sm:grid-cols-2",
        ),
    )


def _limit(name: str, *, hint: Any = None, **props: Any) -> rx.Component:
    control = text_input(
        name,
        problems=TeamForm.problems,
        default_value=TeamForm.limits[name],
        input_mode="decimal",
        class_name="input input-small",
        **props,
    )
    return field(control, name=name, label=t(f"teams.limit.{name}"), hint=hint, problems=TeamForm.problems)


def _join() -> rx.Component:
    how = select(
        "join",
        *(option(t(f"teams.join.{each}"), each) for each in JOINS),
        problems=TeamForm.problems,
        value=TeamForm.join,
        on_change=TeamForm.choose_join,
        class_name="input input-small",
    )
    wanted = text_input(
        "join_k",
        problems=TeamForm.problems,
        default_value=TeamForm.join_k,
        input_mode="numeric",
        class_name="input input-small",
    )
    return rx.fragment(
        field(how, name="join", label=t("teams.form.join"), problems=TeamForm.problems),
        rx.cond(
            TeamForm.join == "k",
            field(wanted, name="join_k", label=t("teams.form.join_k"), problems=TeamForm.problems),
        ),
    )
