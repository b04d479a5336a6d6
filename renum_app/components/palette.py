"""CommandPalette: anywhere by keyboard, with the shortcut sheet; once per page, in the shell."""

from __future__ import annotations

import reflex as rx

from renum_app.state.palette import Found, Palette

_SCRIPTS = {
    name: rx.asset(name, shared=True)
    for name in ("palette.jsx", "palette_items.js", "palette_keys.js", "palette_sheet.jsx")
}


def _words(words: rx.Var[str]) -> tuple[rx.Var[str]]:
    """What was typed."""
    return (words,)


class CommandPalette(rx.Component):
    library = f"$/public{_SCRIPTS['palette.jsx']}"
    tag = "CommandPalette"

    places: rx.Var[list[dict[str, str]]]
    teams: rx.Var[list[Found]]
    agents: rx.Var[list[Found]]
    executions: rx.Var[list[Found]]
    on_find: rx.EventHandler[_words]


def palette(places: list[tuple[str, str]]) -> rx.Component:
    """`places` are texts' keys and where they lead."""
    return CommandPalette.create(
        places=[{"key": key, "href": href} for key, href in places],
        teams=Palette.teams,
        agents=Palette.agents,
        executions=Palette.executions,
        on_find=Palette.find,
    )
