"""One member in the form of a team: who, as what, reading what, and what if it fails."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.badge import backend_tag, tag
from renum_app.components.button import icon_button
from renum_app.components.input import field_error, option, segment, segmented
from renum_app.components.team.seat_fields import seat_select, seat_text
from renum_app.components.team.seat_rules import approval, more
from renum_app.components.text import t
from renum_app.models.workflow import MemberRole, Operator
from renum_app.state.team_new import TeamForm
from renum_app.state.team_seats import Seat


def seat_card(seat: rx.Var[Seat], place: rx.Var[int]) -> rx.Component:
    """A card per member, in the order they run."""
    return rx.el.li(
        _head(seat, place),
        rx.el.div(
            seat_text(seat, "name", t("teams.form.member_name"), placeholder=seat.agent_name),
            _role(seat),
            _input(seat),
            approval(seat),
            class_name="grid gap-4 sm:grid-cols-2",
        ),
        rx.cond(TeamForm.strategy == "conditional", _condition(seat)),
        more(seat, place),
        key=seat.key,
        class_name="card team-seat",
    )


def _head(seat: rx.Var[Seat], place: rx.Var[int]) -> rx.Component:
    shown = rx.cond(seat.name != "", seat.name, seat.agent_name)
    tags = rx.cond(
        seat.is_missing,
        tag(t("teams.agent_gone"), class_name="text-failed!"),
        rx.fragment(
            backend_tag(seat.backend), rx.cond(seat.model != "", tag(seat.model, class_name="mono max-sm:hidden"))
        ),
    )
    moves = (("up", -1, place == 0), ("down", 1, place == TeamForm.seats.length() - 1))
    buttons = [
        icon_button(
            which,
            t(f"teams.form.{which}", name=shown),
            size="small",
            disabled=stuck,
            on_click=TeamForm.move_seat(seat.key, by),
        )
        for which, by, stuck in moves
    ]
    remove = icon_button(
        "close", t("teams.form.remove", name=shown), size="small", on_click=TeamForm.remove_seat(seat.key)
    )
    return rx.el.div(
        rx.el.span(place + 1, class_name="team-place"),
        rx.el.h3(shown, class_name="truncate min-w-0"),
        tags,
        rx.el.div(*buttons, remove, class_name="flex ml-auto flex-none"),
        class_name="flex items-center gap-2",
    )


def _role(seat: rx.Var[Seat]) -> rx.Component:
    target = f"role-{seat.key}"
    choices = [
        segment(
            t(f"teams.role.{role.value}"),
            chosen=seat.role == role.value,
            on_click=TeamForm.set_seat(seat.key, "role", role.value),
        )
        for role in MemberRole
    ]
    problem = rx.cond(TeamForm.problems.contains(target), _error(target))
    return rx.el.div(
        rx.el.span(t("teams.form.role"), class_name="field-label"),
        rx.el.div(segmented(*choices, label=t("teams.form.role")), id=target, tab_index=-1),
        problem,
        class_name="field",
    )


def _error(target: Any) -> rx.Component:
    return field_error(target, TeamForm.problems[target])


def _input(seat: rx.Var[Seat]) -> rx.Component:
    others = rx.foreach(
        TeamForm.seats,
        lambda other: rx.cond(
            other.key == seat.key,
            rx.fragment(),
            option(
                t("teams.reads.result", name=rx.cond(other.name != "", other.name, other.agent_name)),
                f"step:{other.key}",
                key=other.key,
            ),
        ),
    )
    default = rx.match(
        TeamForm.strategy,
        *((kind, t(f"teams.form.default_input.{kind}")) for kind in ("parallel", "pipeline", "conditional")),
        t("teams.form.default_input.sequential"),
    )
    return seat_select(
        seat,
        "input",
        t("teams.form.input"),
        option(default, "default"),
        option(t("teams.reads.prompt"), "prompt"),
        rx.cond(seat.input == "combined", option(t("teams.reads.combined"), "combined")),
        others,
    )


def _condition(seat: rx.Var[Seat]) -> rx.Component:
    operators = [option(t(f"teams.operator.{each.value}"), each.value) for each in Operator]
    unary = (seat.operator == "exists") | (seat.operator == "not_exists")
    return rx.el.fieldset(
        rx.el.legend(t("teams.form.condition"), class_name="field-label mb-1.5"),
        rx.el.div(
            seat_text(seat, "field", t("teams.form.condition_field"), placeholder="debt_ratio"),
            seat_select(seat, "operator", t("teams.form.condition_operator"), *operators),
            rx.cond(unary, rx.fragment(), seat_text(seat, "value", t("teams.form.condition_value"), placeholder="3")),
            class_name="grid gap-3 sm:grid-cols-3",
        ),
        rx.el.p(t("teams.form.condition_hint"), class_name="field-hint mt-1.5"),
    )
