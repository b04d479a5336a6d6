"""/settings/tokens: what programs show to the API in the person's place."""

from __future__ import annotations

import reflex as rx

from renum_app.components.page import page
from renum_app.components.settings.frame import settings
from renum_app.components.settings.token_form import token_form
from renum_app.components.settings.token_list import token_list
from renum_app.components.text import t
from renum_app.state.api_tokens import ApiTokens


@page("/settings/tokens", "settings.tokens", ApiTokens.load)
def settings_tokens() -> rx.Component:
    docs = rx.el.a(t("tokens.docs"), href="/api/v1/docs", class_name="link whitespace-nowrap", target="_blank")
    words = rx.el.p(t("tokens.text"), " ", docs, class_name="text-muted")
    return settings(words, token_list(), token_form(), section="tokens")
