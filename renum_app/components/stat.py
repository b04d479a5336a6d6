"""A row of figures: what is measured, its value, and a note."""

from __future__ import annotations

from typing import Any

import reflex as rx


def stats(*figures: rx.Component, class_name: str = "") -> rx.Component:
    """Figures side by side in one card; two and two on a phone."""
    return rx.el.div(*figures, custom_attrs={"data-count": str(len(figures))}, class_name=f"card stats {class_name}")


def stat(label: Any, value: Any, *, note: Any = None, below: rx.Component | None = None) -> rx.Component:
    return rx.el.div(
        rx.el.div(label, class_name="stat-label truncate"),
        rx.el.div(value, class_name="stat-value"),
        rx.el.div(note, class_name="stat-note truncate") if note is not None else rx.fragment(),
        below or rx.fragment(),
        class_name="stat",
    )
