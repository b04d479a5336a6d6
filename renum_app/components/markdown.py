"""Text that agents wrote, as a stranger's: no HTML in it runs, and no picture is fetched until someone clicks."""

from __future__ import annotations

from typing import Any

import reflex as rx

_SCRIPT = rx.asset("markdown.jsx", shared=True)


class SafeMarkdown(rx.Component):
    """Markdown without raw HTML; images become links."""

    library = f"$/public{_SCRIPT}"
    tag = "SafeMarkdown"
    lib_dependencies: list[str] = ["react-markdown@10.1.0", "remark-gfm@4.0.1"]

    text: rx.Var[str]
    """The markdown source."""


def safe_markdown(text: rx.Var[str] | str, **props: Any) -> rx.Component:
    return SafeMarkdown.create(text=text, **props)
