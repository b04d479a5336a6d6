"""What an execution is likely to cost and to take, and under which cap, beside the button that starts it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from renum_app.components.badge import notice
from renum_app.components.figures import duration, money
from renum_app.components.skeleton import bone
from renum_app.components.text import t
from renum_app.state.estimate import Estimate, Range


def estimate() -> rx.Component:
    facts = rx.el.dl(
        _fact(t("executions.estimate.cost"), _span(Estimate.cost, money), Estimate.cost),
        _fact(t("executions.estimate.time"), _span(Estimate.seconds, duration), Estimate.seconds),
        rx.cond(
            Estimate.cap_usd > 0,
            rx.el.div(
                rx.el.dt(t("executions.estimate.cap")),
                rx.el.dd(money(Estimate.cap_usd), class_name="run-estimate-value"),
                rx.el.dd(t("executions.estimate.cap_note"), class_name="run-estimate-basis"),
            ),
        ),
        aria_live="polite",
        class_name="run-estimate",
    )
    return rx.el.div(
        facts,
        rx.cond(Estimate.is_cap_low, notice("warning", t("executions.estimate.cap_low"))),
        class_name="flex flex-col gap-3",
    )


def _fact(label: rx.Var[str], value: rx.Component, found: rx.Var[Range]) -> rx.Component:
    basis = rx.match(
        found.basis,
        ("history", t("executions.estimate.history")),
        ("theory", t("executions.estimate.theory")),
        t("executions.estimate.unknown"),
    )
    return rx.el.div(
        rx.el.dt(label),
        rx.el.dd(rx.cond(Estimate.is_loaded, value, bone("9ch", "20px")), class_name="run-estimate-value"),
        rx.el.dd(rx.cond(Estimate.is_loaded, basis, ""), class_name="run-estimate-basis"),
    )


def _span(found: rx.Var[Range], written: Callable[[rx.Var[Any]], rx.Var[str]]) -> rx.Component:
    known = rx.cond(
        written(found.p50) == written(found.p90),
        written(found.p90),
        t("executions.estimate.span", low=written(found.p50), high=written(found.p90)),
    )
    return rx.cond(found.basis == "", "—", known)
