"""/settings/data: everything of one's own, to take along or to delete with the account."""

from __future__ import annotations

import reflex as rx

from renum_app.components.card import card
from renum_app.components.empty import failed
from renum_app.components.gate import gate_error
from renum_app.components.page import page
from renum_app.components.settings.frame import settings
from renum_app.components.settings.own_data import deletion_card, export_card
from renum_app.state.own_data import OwnData


@page("/settings/data", "settings.data", OwnData.load)
def settings_data() -> rx.Component:
    known = rx.fragment(gate_error(), export_card(), deletion_card())
    broken = card(failed(OwnData.failure, on_retry=OwnData.load))
    return settings(rx.cond(OwnData.failure.key != "", broken, known), section="data")
