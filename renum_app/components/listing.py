"""What the pages of lists share: the search field, and the slice or why there is none."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.card import card
from renum_app.components.empty import empty_filtered, failed
from renum_app.components.input import search_input
from renum_app.components.pager import pager
from renum_app.state.listing import Listing

_PAUSE_MS = 400
"""Typing is over when nothing came for this long."""


def search_of(listing: type[Listing], label: Any) -> rx.Component:
    return search_input(
        label, key=listing.searches, default_value=listing.search, on_change=listing.find.debounce(_PAUSE_MS)
    )


def pager_of(listing: type[Listing]) -> rx.Component:
    return pager(listing.page, listing.pages, on_turn=listing.turn_to)


def slice_of(listing: type[Listing], *shown: rx.Component, first_time: rx.Component) -> rx.Component:
    """The slice as `shown`; or that loading failed, the filters leave nothing, or nothing was made yet."""
    nothing = card(rx.cond(listing.is_filtered, empty_filtered(listing.clear), first_time))
    return rx.cond(
        listing.failure.key != "",
        card(failed(listing.failure, on_retry=listing.load)),
        rx.cond(listing.total > 0, rx.el.div(*shown), nothing),
    )
