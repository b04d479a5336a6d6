"""The small score: one bar per step, in its status's colour."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.text import t


def strip(
    statuses: rx.Var[list[str]], *, done: Any = None, total: Any = None, thin: bool = False, class_name: str = ""
) -> rx.Component:
    """How far an execution is; with `done` and `total` screen readers hear it too."""
    bars = rx.foreach(statuses, lambda status, place: rx.el.span(key=place, custom_attrs={"data-tone": status}))
    looks = f"strip {'strip-thin' if thin else ''} {class_name}"
    if done is None:
        return rx.el.div(bars, aria_hidden="true", class_name=looks)
    return rx.el.div(bars, role="img", aria_label=t("common.steps_done", done=done, total=total), class_name=looks)


def meter(percent: Any, *, tone: str = "running", label: Any = None) -> rx.Component:
    """A share of 100 as a thin bar."""
    fill = rx.el.div(style={"width": f"{percent}%"})
    return rx.el.div(fill, role="img", aria_label=label, custom_attrs={"data-tone": tone}, class_name="meter")
