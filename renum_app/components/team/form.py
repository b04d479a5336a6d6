"""The form of a team: what it is for, how it works, who sits in it, and how far it may go."""

from __future__ import annotations

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import VarData

from renum_app.components.button import button, button_link
from renum_app.components.card import card, card_body
from renum_app.components.icons import icon
from renum_app.components.input import field, text_area, text_input
from renum_app.components.team.agents import agent_choice
from renum_app.components.team.limits import limits
from renum_app.components.team.preview import preview
from renum_app.components.team.seat import seat_card
from renum_app.components.team.strategies import strategy_choice
from renum_app.components.text import say, t
from renum_app.state.team_new import TeamForm
from renum_app.state.team_troubles import Trouble

_SHOW = f"$/public{rx.asset('field.js', shared=True)}"


def team_form() -> rx.Component:
    """One page; the picture at the side follows what is filled in."""
    return rx.el.form(
        rx.el.div(_summary(), _about(), agent_choice(), _members(), limits(), class_name="team-form-main"),
        rx.el.aside(preview(), aria_label=t("teams.form.preview"), class_name="team-form-side"),
        _actions(),
        on_submit=TeamForm.save,
        reset_on_submit=False,
        no_validate=True,
        class_name="team-form",
    )


def _summary() -> rx.Component:
    """Everything that is wrong at once, each line leading to its field."""
    return rx.cond(
        TeamForm.troubles.length() > 0,
        rx.el.div(
            icon("error"),
            rx.el.div(
                rx.el.p(t("teams.form.troubles", n=TeamForm.troubles.length())),
                rx.el.ul(rx.foreach(TeamForm.troubles, _trouble), class_name="mt-1"),
                class_name="min-w-0",
            ),
            role="alert",
            custom_attrs={"data-tone": "error"},
            class_name="notice",
        ),
    )


def _trouble(trouble: rx.Var[Trouble]) -> rx.Component:
    show = rx.Var(
        f"showField({trouble.target!s})",
        _var_data=VarData.merge(
            VarData(imports={_SHOW: [ImportVar(tag="showField")]}),
            trouble.target._get_all_var_data(),  # noqa: SLF001 (Reflex has no public name for it)
        ),
    )
    return rx.el.li(
        rx.el.button(
            rx.cond(trouble.who != "", f"{trouble.who} · ", ""),
            rx.cond(trouble.label.key != "", rx.fragment(say(trouble.label), ": "), ""),
            say(trouble.sentence),
            type="button",
            on_click=rx.run_script(show),
            class_name="text-left underline underline-offset-3",
        ),
        key=trouble.target,
    )


def _about() -> rx.Component:
    name = text_input(
        "name", problems=TeamForm.problems, default_value=TeamForm.name, class_name="input", max_length=200
    )
    description = text_area(
        "description",
        problems=TeamForm.problems,
        default_value=TeamForm.description,
        class_name="input min-h-20!",
    )
    return card(
        card_body(
            field(name, name="name", label=t("teams.form.name"), problems=TeamForm.problems),
            field(
                description,
                name="description",
                label=t("teams.form.description"),
                hint=t("teams.form.description_hint"),
                problems=TeamForm.problems,
            ),
            strategy_choice(),
            class_name="flex flex-col gap-5",
        )
    )


def _members() -> rx.Component:
    return rx.cond(
        TeamForm.seats.length() > 0,
        rx.el.section(
            rx.el.h2(t("teams.form.members", n=TeamForm.seats.length()), class_name="mb-2"),
            rx.el.ol(rx.foreach(TeamForm.seats, seat_card), class_name="flex flex-col gap-3"),
        ),
    )


def _actions() -> rx.Component:
    save = rx.cond(TeamForm.editing != "", t("common.save"), t("teams.form.create"))
    save_and_run = rx.cond(TeamForm.editing != "", t("teams.form.save_and_run"), t("teams.form.create_and_run"))
    back = rx.cond(TeamForm.editing != "", f"/teams/{TeamForm.editing}", "/teams")
    return rx.el.div(
        button_link(t("common.cancel"), href=back, variant="quiet"),
        button(save, type="submit", variant="primary", on_click=TeamForm.plan_to("look"), class_name="order-2"),
        button(save_and_run, type="submit", icon="run", on_click=TeamForm.plan_to("run")),
        class_name="team-form-actions",
    )
