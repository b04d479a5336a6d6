"""/setup: the first administrator's account; there is nothing here once one exists."""

from __future__ import annotations

import reflex as rx

from renum_app.components.gate import gate, gate_error, sign_in_form
from renum_app.components.input import field, password_input, text_input
from renum_app.components.text import page_title, t
from renum_app.pages.not_found import nothing_here
from renum_app.state.gate import Gate


@rx.page(route="/setup", title=page_title("login.setup_title"), on_load=Gate.load)
def setup() -> rx.Component:
    return rx.cond(Gate.can_set_up, _form(), nothing_here())


def _form() -> rx.Component:
    name = text_input("name", auto_complete="name", max_length=200, class_name="input")
    email = text_input("email", type="email", auto_complete="username", required=True, class_name="input")
    password = password_input("password", auto_complete="new-password", required=True, min_length=12, max_length=128)
    return gate(
        t("login.setup_title"),
        gate_error(),
        rx.el.p(t("login.setup_text"), class_name="text-muted"),
        sign_in_form(
            field(name, name="name", label=t("login.name")),
            field(email, name="email", label=t("login.email")),
            field(password, name="password", label=t("login.password"), hint=t("login.password_rule")),
            action="/auth/setup",
            submit=t("login.setup_create"),
        ),
    )
