"""/settings: the person's keys, and how the places do where they are used."""

from __future__ import annotations

import reflex as rx

from renum_app.components.page import page
from renum_app.components.settings.backend_list import backend_list
from renum_app.components.settings.frame import settings as frame
from renum_app.components.settings.key_form import key_form
from renum_app.components.settings.key_list import key_list
from renum_app.components.text import t
from renum_app.state.backends import Backends
from renum_app.state.credentials import Credentials


@page("/settings", "settings.keys", Credentials.load, Backends.load)
def settings() -> rx.Component:
    sealed = rx.el.p(t("settings.keys_text"), class_name="text-muted")
    return frame(sealed, backend_list(), key_list(), key_form(), section="keys")
