"""A clock in the page: it asks for fresh facts while someone looks, and for nothing when nobody does."""

from __future__ import annotations

from typing import Any

import reflex as rx

_SCRIPT = rx.asset("pulse.jsx", shared=True)


class Pulse(rx.Component):
    library = f"$/public{_SCRIPT}"
    tag = "Pulse"

    milliseconds: rx.Var[int]
    on_beat: rx.EventHandler[rx.event.no_args_event_spec]


def pulse(milliseconds: Any, on_beat: Any) -> rx.Component:
    """Ask every so many milliseconds."""
    return Pulse.create(milliseconds=milliseconds, on_beat=on_beat)
