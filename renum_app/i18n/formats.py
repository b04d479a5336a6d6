"""Amounts and durations inside sentences, as `runtime.js` writes them on pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

Locale = Literal["pt-BR", "en"]

_SMALLEST_USD = 0.000001


def money(usd: float, locale: Locale) -> str:
    """US dollars, with as many decimals as small sums need."""
    if 0 < abs(usd) < _SMALLEST_USD:
        return f"< {money(_SMALLEST_USD, locale)}"
    most = 2 if usd == 0 or abs(usd) >= 1 else 4 if abs(usd) >= 0.0001 else 6
    whole, _, cents = f"{usd:,.{most}f}".partition(".")
    written = f"{whole}.{cents[:2]}{cents[2:].rstrip('0')}"
    if locale == "en":
        return f"US${written}"
    return f"US$\u00a0{written.translate(str.maketrans(',.', '.,'))}"


def seconds(length: float, locale: Locale) -> str:
    """`1 min 12 s`; below ten seconds with one decimal."""
    if length < 10:
        tenths = f"{max(length, 0):.1f}".removesuffix(".0")
        return f"{tenths.replace('.', ',') if locale == 'pt-BR' else tenths}\u00a0s"
    hours, rest = divmod(round(length), 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours}\u00a0h {minutes}\u00a0min"
    return f"{minutes}\u00a0min {left}\u00a0s" if minutes else f"{left}\u00a0s"


FORMATS: Mapping[str, Callable[[float, Locale], str]] = {"usd": money, "seconds": seconds}
"""By the word after a placeholder's colon."""
