"""Four figures of the last seven days, each beside the seven before."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.figures import duration, money, number, percent
from renum_app.components.skeleton import bone
from renum_app.components.stat import stat, stats
from renum_app.components.text import t
from renum_app.state.dashboard import Dashboard

_FIGURES = Dashboard.figures


def figures() -> rx.Component:
    return stats(
        stat(t("dashboard.executions"), _known(number(_FIGURES.executions)), note=_growth()),
        stat(t("dashboard.success"), _known(percent(_FIGURES.success_rate)), note=_share()),
        stat(t("dashboard.cost"), _known(money(_FIGURES.cost_usd)), note=_before(money(_FIGURES.cost_before))),
        stat(
            t("dashboard.median"),
            _known(duration(_FIGURES.median_seconds)),
            note=_before(duration(_FIGURES.median_before)),
        ),
    )


def _known(value: Any) -> rx.Component:
    return rx.cond(Dashboard.is_loaded, value, bone("88px", "22px", "mt-1"))


def _growth() -> rx.Component:
    more = rx.cond(_FIGURES.more > 0, t("dashboard.more", n=_FIGURES.more), t("dashboard.fewer", n=-_FIGURES.more))
    return rx.cond(_FIGURES.more == 0, t("dashboard.as_many"), more)


def _share() -> rx.Component:
    share = t("dashboard.completed_of", done=_FIGURES.completed, n=_FIGURES.ended)
    return rx.cond(_FIGURES.ended > 0, share, t("dashboard.none_ended"))


def _before(value: rx.Var[str]) -> rx.Var[str]:
    return t("dashboard.before", value=value)
