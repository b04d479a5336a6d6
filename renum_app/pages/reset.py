"""/reset: a new password, for whoever came by a link."""

from __future__ import annotations

import reflex as rx

from renum_app.components.gate import gate, gate_error, sign_in_form, way_back
from renum_app.components.input import field, password_input
from renum_app.components.text import page_title, t


@rx.page(route="/reset", title=page_title("login.reset_title"))
def reset() -> rx.Component:
    password = password_input("password", auto_complete="new-password", required=True, min_length=12, max_length=128)
    return gate(
        t("login.reset_title"),
        gate_error(),
        rx.el.p(t("login.reset_text"), class_name="text-muted"),
        sign_in_form(
            field(password, name="password", label=t("account.new_password"), hint=t("login.password_rule")),
            action="/auth/reset",
            submit=t("login.reset_save"),
        ),
        way_back(),
    )
