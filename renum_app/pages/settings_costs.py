"""/settings/costs: what this month has cost, its budget, and prices of one's own."""

from __future__ import annotations

import reflex as rx

from renum_app.components.card import card
from renum_app.components.empty import failed
from renum_app.components.page import page
from renum_app.components.settings.budget import month_budget
from renum_app.components.settings.frame import settings
from renum_app.components.settings.prices import price_form, price_list
from renum_app.components.settings.usage import usage_view
from renum_app.state.costs import Costs
from renum_app.state.usage import Usage


@page("/settings/costs", "settings.costs", Costs.load, Usage.load)
def settings_costs() -> rx.Component:
    known = rx.fragment(month_budget(), usage_view(), price_list(), price_form())
    broken = card(failed(Costs.failure, on_retry=Costs.load))
    return settings(rx.cond(Costs.failure.key != "", broken, known), section="costs")
