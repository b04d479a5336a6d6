"""Every State of the pages, and so every event that a browser may send."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import reflex as rx

from renum_app import state as package


def page_states() -> list[type[rx.State]]:
    """In one order, so that several processes find the same tests."""
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    return sorted(_all(rx.State), key=lambda state: state.get_full_name())


def _all(state: type[rx.State]) -> list[type[rx.State]]:
    found = [each for child in state.get_substates() for each in (child, *_all(child))]
    return [each for each in found if each.__module__.startswith(package.__name__)]
