"""TeamBasicInfo, the wizard's Step1_BasicInfo: what the team is called and is for, and templates to begin with."""

from __future__ import annotations

import reflex as rx

from renum_app.components.card import card, card_body
from renum_app.components.team.templates import template_buttons
from renum_app.components.team.wizard.parts import typed
from renum_app.components.text import t
from renum_app.state.team_wizard import TeamWizard


def team_basic_info() -> rx.Component:
    return rx.el.div(
        card(
            card_body(
                typed(
                    "name",
                    TeamWizard.name,
                    t("teams.form.name"),
                    TeamWizard.set_words("name"),
                    class_name="input",
                    max_length=200,
                    auto_focus=True,
                    placeholder=t("teams.wizard.name_example"),
                ),
                typed(
                    "description",
                    TeamWizard.description,
                    t("teams.form.description"),
                    TeamWizard.set_words("description"),
                    hint=t("teams.form.description_hint"),
                    is_long=True,
                    class_name="input min-h-20!",
                ),
                class_name="flex flex-col gap-5",
            )
        ),
        rx.cond(TeamWizard.members.length() == 0, template_buttons(), _filled()),
        class_name="wizard-column",
    )


def _filled() -> rx.Component:
    start_again = rx.el.a(t("teams.wizard.start_empty"), href="/teams/new", class_name="link")
    return rx.el.p(
        t("teams.wizard.has_members", n=TeamWizard.members.length()), " ", start_again, class_name="text-muted"
    )
