"""A team that is not there, or not the person's."""

from __future__ import annotations

import reflex as rx

from renum_app.components.button import button_link
from renum_app.components.empty import empty
from renum_app.components.text import t


def missing_team() -> rx.Component:
    back = button_link(t("teams.to_list"), href="/teams", variant="primary")
    return empty(t("teams.missing"), t("teams.missing_text"), back)
