"""/register: an account of one's own."""

from __future__ import annotations

import reflex as rx

from renum_app.components.gate import gate, gate_error, sign_in_form
from renum_app.components.input import field, password_input, text_input
from renum_app.components.text import page_title, t


@rx.page(route="/register", title=page_title("login.register_title"))
def register() -> rx.Component:
    name = text_input("name", auto_complete="name", max_length=200, class_name="input")
    email = text_input("email", type="email", auto_complete="username", required=True, class_name="input")
    password = password_input("password", auto_complete="new-password", required=True, min_length=12, max_length=128)
    return gate(
        t("login.register_title"),
        gate_error(),
        sign_in_form(
            field(name, name="name", label=t("login.name")),
            field(email, name="email", label=t("login.email")),
            field(password, name="password", label=t("login.password"), hint=t("login.password_rule")),
            action="/auth/register",
            submit=t("login.register"),
        ),
        rx.el.p(
            t("login.have_account"),
            " ",
            rx.el.a(t("login.to_login"), href="/login", class_name="link"),
            class_name="text-muted text-center",
        ),
    )
