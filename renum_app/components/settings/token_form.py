"""The form that makes an API token; React alone, so that the token never enters a State."""

from __future__ import annotations

import reflex as rx

from renum_app.components.card import card, card_body, card_head
from renum_app.components.text import t
from renum_app.state.api_tokens import ApiTokens

_SCRIPT = rx.asset("token_form.jsx", shared=True)


class TokenForm(rx.Component):
    library = f"$/public{_SCRIPT}"
    tag = "TokenForm"

    scopes: rx.Var[list[str]]
    """Those the person may give."""
    on_made: rx.EventHandler[rx.event.no_args_event_spec]


def token_form() -> rx.Component:
    form = TokenForm.create(scopes=ApiTokens.scopes, on_made=ApiTokens.load)
    return card(card_head(t("tokens.new")), card_body(rx.cond(ApiTokens.is_demo, _not_for_the_demo(), form)))


def _not_for_the_demo() -> rx.Component:
    return rx.el.p(t("errors.not_for_the_demo"), class_name="text-muted")
