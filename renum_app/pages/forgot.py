"""/forgot: the way to a new password, with mail or without."""

from __future__ import annotations

import reflex as rx

from renum_app.components.gate import gate, gate_error, gate_notice, sign_in_form, way_back
from renum_app.components.input import field, text_input
from renum_app.components.text import page_title, t
from renum_app.state.gate import Gate


@rx.page(route="/forgot", title=page_title("login.forgot_title"), on_load=Gate.load)
def forgot() -> rx.Component:
    local = rx.cond(Gate.has_mail, _by_mail(), _by_hand())
    elsewhere = rx.el.p(t("login.elsewhere"), class_name="text-muted")
    known = rx.cond(Gate.is_local, local, elsewhere)
    return gate(t("login.forgot_title"), gate_error(), rx.cond(Gate.is_known, known), way_back())


def _by_mail() -> rx.Component:
    email = text_input("email", type="email", auto_complete="username", required=True, class_name="input")
    return rx.fragment(
        gate_notice(),
        rx.el.p(t("login.forgot_text"), class_name="text-muted"),
        sign_in_form(
            field(email, name="email", label=t("login.email")), action="/auth/forgot", submit=t("login.forgot_send")
        ),
    )


def _by_hand() -> rx.Component:
    return rx.el.div(
        rx.el.h2(t("login.forgot_ask_title"), class_name="text-base! leading-6!"),
        rx.el.p(t("login.forgot_ask"), class_name="text-muted"),
        rx.el.pre(rx.el.code("renum admin reset-link EMAIL"), class_name="command"),
        rx.el.p(t("login.forgot_after"), class_name="text-muted"),
        class_name="flex flex-col gap-3",
    )
