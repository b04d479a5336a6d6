"""What a person has chosen goes with them to another browser."""

from __future__ import annotations

import reflex as rx

from renum_app.state.preferences import Kept, Preferences

Text = rx.Var[str]


def _chosen(language: Text, theme: Text, density: Text) -> tuple[Text, Text, Text]:
    """All three, as they are now."""
    return language, theme, density


class FollowPerson(rx.Component):
    """Applies what the account keeps when a page is opened, and tells of what is changed here."""

    library = f"$/public{rx.asset('follow.jsx', shared=True)}"
    tag = "FollowPerson"

    kept: rx.Var[Kept]
    on_begin: rx.EventHandler[rx.event.no_args_event_spec]
    on_change: rx.EventHandler[_chosen]


def follow_person() -> rx.Component:
    return FollowPerson.create(kept=Preferences.kept, on_begin=Preferences.load, on_change=Preferences.keep)
