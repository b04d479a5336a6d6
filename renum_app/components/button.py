"""Buttons, and links that look like them; one primary per page."""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx

from renum_app.components.icons import icon as picture

Variant = Literal["primary", "secondary", "quiet", "danger"]
Size = Literal["small", "medium", "large"]

_SIZES: dict[Size, str] = {"small": "btn-small", "medium": "", "large": "btn-large"}


def button(
    *children: Any,
    variant: Variant = "secondary",
    size: Size = "medium",
    icon: str = "",
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """A button; inside a form give `type="submit"` to send it."""
    props.setdefault("type", "button")
    return rx.el.button(*_content(children, icon), class_name=_looks(variant, size, class_name), **props)


def button_link(
    *children: Any,
    href: Any,
    variant: Variant = "secondary",
    size: Size = "medium",
    icon: str = "",
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """A link with the looks of a button: it goes somewhere, it does nothing."""
    return rx.el.a(*_content(children, icon), href=href, class_name=_looks(variant, size, class_name), **props)


def icon_button(
    icon: str, label: Any, *, variant: Variant = "quiet", size: Size = "medium", class_name: str = "", **props: Any
) -> rx.Component:
    """A button of one picture; `label` is what screen readers and a hovering pointer get."""
    return button(
        icon=icon,
        variant=variant,
        size=size,
        class_name=f"btn-icon {class_name}",
        aria_label=label,
        title=label,
        **props,
    )


def _looks(variant: Variant, size: Size, class_name: str) -> str:
    return f"btn btn-{variant} {_SIZES[size]} {class_name}"


def _content(children: tuple[Any, ...], icon: str) -> list[Any]:
    return [*([picture(icon)] if icon else []), *children]
