"""/login: into one's account, or into the demo without one."""

from __future__ import annotations

import reflex as rx

from renum_app.components.gate import demo_form, gate, gate_error, gate_notice, sign_in_form
from renum_app.components.input import field, password_input, text_input
from renum_app.components.text import page_title, t
from renum_app.state.gate import Gate


@rx.page(route="/login", title=page_title("login.title"), on_load=Gate.load)
def login() -> rx.Component:
    demo = rx.fragment(demo_form(), rx.el.div(t("login.or"), class_name="or"))
    return gate(
        t("login.title"),
        gate_notice(),
        gate_error(),
        rx.cond(Gate.has_demo, demo),
        sign_in_form(_email(), _password(), action="/auth/login", submit=t("login.enter")),
        rx.el.div(
            rx.el.a(t("login.forgot"), href="/forgot", class_name="link"),
            rx.cond(Gate.can_register, _register()),
            class_name="flex flex-col gap-2 text-muted text-center",
        ),
    )


def _register() -> rx.Component:
    link = rx.el.a(t("login.to_register"), href="/register", class_name="link")
    return rx.el.p(t("login.no_account"), " ", link)


def _email() -> rx.Component:
    control = text_input("email", type="email", auto_complete="username", required=True, class_name="input")
    return field(control, name="email", label=t("login.email"))


def _password() -> rx.Component:
    return field(
        password_input("password", auto_complete="current-password", required=True),
        name="password",
        label=t("login.password"),
    )
