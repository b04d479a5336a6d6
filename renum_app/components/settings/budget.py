"""The month: what was spent of what, and the form of its budget."""

from __future__ import annotations

import reflex as rx

from renum_app.components.button import button
from renum_app.components.card import card, card_body, card_head
from renum_app.components.figures import day, money
from renum_app.components.input import field, text_input
from renum_app.components.skeleton import bone
from renum_app.components.text import t
from renum_app.state.costs import Costs

_MONTH = Costs.month
_HIGH = 80
"""Per cent of the budget from which on it is shown as a warning."""


def month_budget() -> rx.Component:
    return card(
        card_head(t("settings.month")),
        card_body(rx.cond(Costs.is_loaded, _spent(), bone("60%", "52px")), _form(), class_name="flex flex-col gap-5"),
    )


def _spent() -> rx.Component:
    of = rx.cond(_MONTH.has_budget, t("settings.month_of", budget=money(_MONTH.budget_usd)), t("settings.month_free"))
    tone = rx.cond(_MONTH.share >= _HIGH, "waiting", "completed")
    bar = rx.el.div(
        rx.el.div(style={"width": f"{_MONTH.share}%"}, custom_attrs={"data-tone": tone}),
        role="progressbar",
        aria_label=t("settings.month_share"),
        aria_valuemin=0,
        aria_valuemax=100,
        aria_valuenow=_MONTH.share,
        class_name="meter mt-2",
    )
    return rx.el.div(
        rx.el.p(
            rx.el.span(money(_MONTH.spent_usd), class_name="text-[22px] leading-7 font-semibold tabular-nums"),
            " ",
            rx.el.span(of, class_name="text-muted"),
        ),
        rx.cond(_MONTH.has_budget, bar),
        rx.el.p(
            t("settings.month_renews", day=day(_MONTH.renews_on)),
            rx.cond(
                _MONTH.reserved_usd > 0,
                rx.fragment(" · ", t("settings.month_reserved", cost=money(_MONTH.reserved_usd))),
            ),
            rx.cond(_MONTH.unknown_steps > 0, rx.fragment(" · ", t("settings.month_unknown", n=_MONTH.unknown_steps))),
            class_name="text-muted text-[13px] mt-2",
        ),
    )


def _form() -> rx.Component:
    control = text_input(
        "monthly_budget_usd",
        problems=Costs.problems,
        default_value=Costs.budget,
        input_mode="decimal",
        placeholder=t("settings.no_budget"),
        auto_complete="off",
        class_name="input",
    )
    return rx.el.form(
        rx.el.div(
            field(
                control,
                name="monthly_budget_usd",
                label=t("settings.budget"),
                hint=t("settings.budget_hint"),
                problems=Costs.problems,
            ),
            class_name="flex-1 min-w-0",
        ),
        button(t("common.save"), type="submit", variant="primary", size="large", class_name="mt-[26px]"),
        on_submit=Costs.save_budget,
        reset_on_submit=False,
        no_validate=True,
        key=Costs.budget,
        class_name="flex items-start gap-3",
    )
