"""/login/code: the second step, after the password."""

from __future__ import annotations

import reflex as rx

from renum_app.components.gate import gate, gate_error, sign_in_form, way_back
from renum_app.components.input import field, text_input
from renum_app.components.text import page_title, t


@rx.page(route="/login/code", title=page_title("login.code_title"))
def login_code() -> rx.Component:
    code = text_input(
        "code",
        auto_complete="one-time-code",
        auto_capitalize="none",
        spell_check=False,
        auto_focus=True,
        required=True,
        max_length=40,
        class_name="input mono text-center text-lg! tracking-[0.2em]",
    )
    return gate(
        t("login.code_title"),
        gate_error(),
        rx.el.p(t("login.code_text"), class_name="text-muted"),
        sign_in_form(
            field(code, name="code", label=t("login.code")), action="/auth/login/code", submit=t("login.enter")
        ),
        way_back(),
    )
