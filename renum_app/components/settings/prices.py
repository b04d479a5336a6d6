"""Prices of models that the person sets in the place of the public lists."""

from __future__ import annotations

import reflex as rx

from renum_app.components.button import button, icon_button
from renum_app.components.card import card, card_body, card_head
from renum_app.components.dialog import confirm, opens
from renum_app.components.empty import empty
from renum_app.components.figures import money
from renum_app.components.input import field, text_input
from renum_app.components.skeleton import skeleton_rows
from renum_app.components.text import t
from renum_app.state.costs import Costs, PriceRow

_REMOVE = "remove-price"


def price_list() -> rx.Component:
    known = rx.cond(
        Costs.rows.length() > 0,
        rx.el.div(rx.foreach(Costs.rows, _row), class_name="rows"),
        empty(t("settings.no_prices"), t("settings.no_prices_text")),
    )
    return rx.fragment(
        card(card_head(t("settings.prices")), rx.cond(Costs.is_loaded, known, skeleton_rows(2))),
        confirm(
            _REMOVE,
            t("settings.price_remove_title", model=Costs.removing),
            t("settings.price_remove_text"),
            action=t("settings.remove"),
            on_confirm=Costs.remove,
        ),
    )


def price_form() -> rx.Component:
    return card(
        card_head(t("settings.add_price")),
        card_body(
            rx.el.form(
                _field("model", placeholder="openai:gpt-5-mini", hint="settings.price_model_hint"),
                rx.el.div(
                    _field("input_usd_per_million", placeholder="0,25", input_mode="decimal"),
                    _field("output_usd_per_million", placeholder="2,00", input_mode="decimal"),
                    class_name="grid gap-4 sm:grid-cols-2",
                ),
                rx.el.div(button(t("settings.save_price"), type="submit"), class_name="flex justify-end"),
                on_submit=Costs.save_price,
                reset_on_submit=False,
                no_validate=True,
                key=Costs.saves,
                class_name="flex flex-col gap-4",
            )
        ),
    )


def _row(row: rx.Var[PriceRow]) -> rx.Component:
    costs = t("settings.price_of", input=money(row.input_usd), output=money(row.output_usd))
    return rx.el.div(
        rx.el.div(
            rx.el.p(row.model, class_name="mono font-semibold truncate"),
            rx.el.p(costs, class_name="text-[13px] text-muted"),
            class_name="flex-1 min-w-0",
        ),
        icon_button(
            "delete",
            t("settings.price_remove_name", model=row.model),
            size="small",
            on_click=Costs.ask_removal(row.model),
            custom_attrs=opens(_REMOVE),
        ),
        key=row.model,
        class_name="row gap-2!",
    )


def _field(name: str, *, placeholder: str, input_mode: str = "text", hint: str = "") -> rx.Component:
    control = text_input(
        name,
        problems=Costs.problems,
        placeholder=placeholder,
        input_mode=input_mode,
        auto_complete="off",
        spell_check=False,
        class_name="input",
    )
    label = t(f"settings.price.{name}")
    return field(control, name=name, label=label, hint=t(hint) if hint else None, problems=Costs.problems)
