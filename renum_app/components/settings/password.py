"""The form that changes the password; the browser sends it itself, and stays signed in under a new cookie."""

from __future__ import annotations

import reflex as rx

from renum_app.components.button import button
from renum_app.components.card import card, card_body, card_head
from renum_app.components.input import NativeForm, field, password_input
from renum_app.components.text import t


def password_form() -> rx.Component:
    current = password_input("current_password", auto_complete="current-password", required=True)
    new = password_input("new_password", auto_complete="new-password", required=True, min_length=12, max_length=128)
    return card(
        card_head(t("account.password")),
        card_body(
            NativeForm.create(
                rx.el.div(
                    field(current, name="current_password", label=t("account.current_password")),
                    field(new, name="new_password", label=t("account.new_password"), hint=t("login.password_rule")),
                    class_name="grid gap-4 sm:grid-cols-2",
                ),
                rx.el.div(
                    rx.el.p(t("account.change_password_text"), class_name="text-muted text-[13px]"),
                    button(t("account.change_password"), type="submit", variant="primary", class_name="flex-none"),
                    class_name="flex flex-wrap items-center justify-between gap-3",
                ),
                action="/auth/password",
                method="post",
                class_name="flex flex-col gap-4",
            )
        ),
    )
