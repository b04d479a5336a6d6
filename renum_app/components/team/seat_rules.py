"""What a member waits for and what happens when it fails."""

from __future__ import annotations

import reflex as rx

from renum_app.components.input import option
from renum_app.components.team.seat_fields import seat_select, seat_text
from renum_app.components.text import t
from renum_app.models.workflow import OnFailure
from renum_app.state.team_new import TeamForm
from renum_app.state.team_seating import APPROVALS, OUTCOMES, AgentChoice
from renum_app.state.team_seats import Seat


def approval(seat: rx.Var[Seat]) -> rx.Component:
    """Whether a person is asked, how long they have, and what happens when nobody answers."""
    moments = [option(t(f"teams.approval.{each}"), each) for each in APPROVALS]
    outcomes = [option(t(f"teams.on_deadline.{each}"), each) for each in OUTCOMES]
    deadline = seat_text(
        seat, "deadline", t("teams.form.deadline"), input_mode="decimal", placeholder=t("teams.form.no_deadline")
    )
    return rx.fragment(
        seat_select(seat, "approval", t("teams.form.approval"), *moments),
        rx.cond(
            seat.approval != "none",
            rx.fragment(deadline, seat_select(seat, "on_deadline", t("teams.form.on_deadline"), *outcomes)),
        ),
    )


def more(seat: rx.Var[Seat], place: rx.Var[int]) -> rx.Component:
    together = rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=seat.is_together,
            on_change=TeamForm.set_together(seat.key),
            class_name="team-check",
        ),
        t("teams.form.together"),
        class_name="flex items-center gap-2 sm:col-span-3",
    )
    return rx.el.details(
        rx.el.summary(t("teams.form.more")),
        rx.el.div(
            rx.cond((place > 0) & (TeamForm.strategy != "parallel"), together),
            seat_text(seat, "attempts", t("teams.form.attempts"), input_mode="numeric", placeholder="3"),
            seat_text(seat, "backoff", t("teams.form.backoff"), input_mode="decimal", placeholder="1"),
            seat_text(seat, "timeout", t("teams.form.member_timeout"), input_mode="decimal", placeholder="—"),
            _on_failure(seat),
            rx.cond(seat.on_failure == "fallback", _fallback(seat)),
            class_name="grid gap-4 sm:grid-cols-3 pt-3",
        ),
        class_name="team-more",
    )


def _on_failure(seat: rx.Var[Seat]) -> rx.Component:
    options = [option(t(f"teams.on_failure.{each.value}"), each.value) for each in OnFailure]
    return seat_select(seat, "on_failure", t("teams.form.on_failure"), *options)


def _fallback(seat: rx.Var[Seat]) -> rx.Component:
    def choice(agent: rx.Var[AgentChoice]) -> rx.Component:
        return option(agent.name, agent.agent_id, key=agent.agent_id)

    nobody = option(t("teams.form.choose_agent"), "")
    return seat_select(seat, "fallback", t("teams.form.fallback"), nobody, rx.foreach(TeamForm.choices, choice))
