"""What a page shows before its facts are there: the shape of what will come."""

from __future__ import annotations

import reflex as rx


def bone(width: str = "100%", height: str = "14px", class_name: str = "") -> rx.Component:
    """One shimmering line or block."""
    return rx.el.span(class_name=f"skeleton {class_name}", style={"width": width, "height": height})


def skeleton_rows(count: int = 4) -> rx.Component:
    """The rows of a list that is on its way."""
    return rx.el.div(*(_row() for _ in range(count)), aria_hidden="true", class_name="rows")


def skeleton_cards(count: int = 3) -> rx.Component:
    """The cards of a grid that is on its way."""
    return rx.el.div(
        *(_card() for _ in range(count)), aria_hidden="true", class_name="grid gap-4 sm:grid-cols-2 xl:grid-cols-3"
    )


def _row() -> rx.Component:
    words = rx.el.div(bone("55%"), bone("30%", "11px"), class_name="flex flex-col gap-2 flex-1")
    return rx.el.div(words, bone("120px", "14px"), bone("80px", "20px"), class_name="row")


def _card() -> rx.Component:
    return rx.el.div(
        bone("50%", "16px"),
        bone("90%"),
        bone("100%", "56px", "mt-2"),
        bone("40%", "12px"),
        class_name="card card-body flex flex-col gap-2.5",
    )


def skeleton_form() -> rx.Component:
    """A form that is on its way."""
    fields = [rx.el.div(bone("120px"), bone(height="40px"), class_name="flex flex-col gap-2") for _ in range(3)]
    return rx.el.div(*fields, aria_hidden="true", class_name="column card card-body flex flex-col gap-5")
