"""Fields of one member in the form of a team."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.input import field, select, text_input
from renum_app.state.team_new import TeamForm
from renum_app.state.team_seats import Seat


def seat_text(seat: rx.Var[Seat], name: str, label: Any, *, hint: Any = None, **props: Any) -> rx.Component:
    target = f"{name}-{seat.key}"
    control = text_input(
        target,
        problems=TeamForm.problems,
        default_value=getattr(seat, name),
        on_blur=TeamForm.set_seat(seat.key, name),
        class_name="input input-small",
        auto_complete="off",
        **props,
    )
    return field(control, name=target, label=label, hint=hint, problems=TeamForm.problems)


def seat_select(seat: rx.Var[Seat], name: str, label: Any, *options: rx.Component) -> rx.Component:
    target = f"{name}-{seat.key}"
    control = select(
        target,
        *options,
        problems=TeamForm.problems,
        value=getattr(seat, name),
        on_change=TeamForm.set_seat(seat.key, name),
        class_name="input input-small",
    )
    return field(control, name=target, label=label, problems=TeamForm.problems)
