"""Numbers, money, times and durations, written as the person's language writes them; unknown is a dash."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.text import NOW, spoken


def number(value: rx.Var[Any] | float) -> rx.Var[str]:
    return spoken("formatNumber", rx.Var.create(value))


def typed_number(text: rx.Var[str]) -> rx.Var[str]:
    """What a field holds where people type a number: `0,5`."""
    return spoken("formatTyped", rx.Var.create(text))


def percent(share: rx.Var[Any] | float) -> rx.Var[str]:
    """A share from 0 to 1."""
    return spoken("formatPercent", rx.Var.create(share))


def money(usd: rx.Var[Any] | float) -> rx.Var[str]:
    """US dollars; small sums keep four decimals."""
    return spoken("formatMoney", rx.Var.create(usd))


def duration(seconds: rx.Var[Any] | float) -> rx.Var[str]:
    """`1 min 12 s`."""
    return spoken("formatDuration", rx.Var.create(seconds))


def day(moment: rx.Var[Any]) -> rx.Var[str]:
    """`22/11`."""
    return spoken("formatDay", rx.Var.create(moment))


def ago(moment: rx.Var[Any], class_name: str = "") -> rx.Component:
    """`há 2 min`, growing older on screen; the exact time on hover."""
    written = spoken("formatAgo", rx.Var.create(moment), rx.Var("now_"), hooks=(NOW,))
    exact = spoken("formatMoment", rx.Var.create(moment))
    return rx.el.time(written, date_time=moment, title=exact, class_name=f"whitespace-nowrap {class_name}")
