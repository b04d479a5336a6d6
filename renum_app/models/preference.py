"""How a person likes to see the pages."""

from __future__ import annotations

from typing import Literal

from renum_app.models.values import Shape


class Preference(Shape):
    """None leaves it to the browser."""

    language: Literal["pt-BR", "en"] | None = None
    theme: Literal["light", "dark", "system"] | None = None
    density: Literal["comfortable", "compact"] | None = None
