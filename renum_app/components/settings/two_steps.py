"""The second step of the sign-in, turned on and off; React alone, so that no secret enters a State."""

from __future__ import annotations

import reflex as rx

from renum_app.components.card import card, card_body, card_head
from renum_app.components.text import t
from renum_app.state.sign_ins import SignIns


class TwoSteps(rx.Component):
    library = f"$/public{rx.asset('two_steps.jsx', shared=True)}"
    tag = "TwoSteps"

    on_changed: rx.EventHandler[rx.event.no_args_event_spec]


def two_steps() -> rx.Component:
    """Turning it on ends other sessions, so their list is read again."""
    return card(card_head(t("account.two_steps")), card_body(TwoSteps.create(on_changed=SignIns.load)))
