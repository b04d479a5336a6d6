"""/settings/account: who is signed in, and the way out."""

from __future__ import annotations

import reflex as rx

from renum_app.components.button import button
from renum_app.components.card import card, card_head
from renum_app.components.input import NativeForm
from renum_app.components.page import page
from renum_app.components.settings.frame import settings
from renum_app.components.text import t
from renum_app.state.session import Session


@page("/settings/account", "settings.account")
def settings_account() -> rx.Component:
    name = rx.cond(Session.is_demo, t("shell.demo_account"), Session.name)
    facts = rx.el.div(
        rx.el.span(Session.initials, class_name="avatar w-10! h-10! text-sm!"),
        rx.el.div(
            rx.el.p(name, class_name="font-semibold truncate"),
            rx.el.p(Session.email, class_name="text-muted truncate"),
            class_name="flex-1 min-w-0",
        ),
        class_name="row",
    )
    leave = NativeForm.create(
        rx.el.p(t("settings.sign_out_text"), class_name="text-muted"),
        button(t("settings.sign_out"), type="submit", icon="sign_out"),
        action="/auth/logout",
        method="post",
        class_name="preference",
    )
    return settings(
        card(card_head(t("settings.account")), rx.el.div(facts, leave, class_name="rows")), section="account"
    )
