"""/settings/appearance: language, theme and density of a person, in every browser of theirs."""

from __future__ import annotations

import reflex as rx

from renum_app.components.card import card
from renum_app.components.page import page
from renum_app.components.preferences import density_switch, language_switch, theme_switch
from renum_app.components.settings.frame import settings
from renum_app.components.text import t


@page("/settings/appearance", "settings.appearance")
def settings_appearance() -> rx.Component:
    rows = [
        _preference("language", language_switch()),
        _preference("theme", theme_switch()),
        _preference("density", density_switch()),
    ]
    kept = rx.el.p(t("settings.follows_you"), class_name="text-muted")
    return settings(kept, card(rx.el.div(*rows, class_name="rows")), section="appearance")


def _preference(name: str, control: rx.Component) -> rx.Component:
    words = rx.el.div(rx.el.h2(t(f"settings.{name}")), rx.el.p(t(f"settings.{name}_text"), class_name="text-muted"))
    return rx.el.div(words, control, class_name="preference")
