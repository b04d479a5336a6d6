"""/settings/security: the password, the second step, and where one is signed in."""

from __future__ import annotations

import reflex as rx

from renum_app.components.gate import gate_error, gate_notice
from renum_app.components.page import page
from renum_app.components.settings.frame import settings
from renum_app.components.settings.password import password_form
from renum_app.components.settings.session_list import session_list
from renum_app.components.settings.two_steps import two_steps
from renum_app.components.text import t
from renum_app.state.gate import Gate
from renum_app.state.session import Session
from renum_app.state.sign_ins import SignIns


@page("/settings/security", "settings.security", Gate.load, SignIns.load)
def settings_security() -> rx.Component:
    own = rx.cond(Gate.is_local, rx.fragment(password_form(), two_steps()), _said("login.elsewhere"))
    proofs = rx.cond(Session.is_demo, _said("account.demo_text"), own)
    return settings(gate_notice(), gate_error(), rx.cond(Gate.is_known, proofs), session_list(), section="security")


def _said(key: str) -> rx.Component:
    return rx.el.p(t(key), class_name="text-muted")
