"""TeamCreationWizard: five steps to a team, none of which can lose what was filled in."""

from __future__ import annotations

import reflex as rx

from renum_app.components.button import button
from renum_app.components.figures import ago
from renum_app.components.icons import icon
from renum_app.components.team.wizard.agents import team_member_selector
from renum_app.components.team.wizard.basic_info import team_basic_info
from renum_app.components.team.wizard.configuration import team_configuration
from renum_app.components.team.wizard.parts import WizardKeys, summary
from renum_app.components.team.wizard.review import review
from renum_app.components.team.wizard.workflow import workflow_configurator
from renum_app.components.text import t
from renum_app.state.team_wizard import Offer, TeamWizard
from renum_app.state.wizard_troubles import STEPS

_LAST = len(STEPS)
_PANELS = (team_basic_info, team_member_selector, workflow_configurator, team_configuration, review)


def team_creation_wizard() -> rx.Component:
    panels = [(number, panel()) for number, panel in enumerate(_PANELS[:-1], start=1)]
    return rx.el.div(
        WizardKeys.create(step=TeamWizard.step, draft_id=TeamWizard.draft_id),
        _offers(),
        _stepper(),
        rx.el.section(
            rx.el.h2(_title(), id="wizard-step", tab_index=-1, class_name="sr-only"),
            summary(),
            rx.match(TeamWizard.step, *panels, _PANELS[-1]()),
            class_name="wizard-panel",
        ),
        _foot(),
        class_name="wizard",
    )


def _title() -> rx.Var[str]:
    named = [
        (number, t("teams.wizard.step_of", place=number, total=_LAST, name=t(f"teams.step.{name}")))
        for number, name in enumerate(STEPS, start=1)
    ]
    return rx.match(TeamWizard.step, *named[:-1], named[-1][1]).to(str)


def _offers() -> rx.Component:
    """Drafts that were left, above an empty form."""
    return rx.cond(
        TeamWizard.offers.length() > 0,
        rx.el.ul(
            rx.foreach(TeamWizard.offers, _offer), aria_label=t("teams.wizard.drafts"), class_name="wizard-offers"
        ),
    )


def _offer(offer: rx.Var[Offer]) -> rx.Component:
    name = rx.cond(offer.name != "", offer.name, t("teams.wizard.unnamed"))
    return rx.el.li(
        icon("info"),
        rx.el.span(
            t("teams.wizard.draft", name=name),
            " ",
            rx.el.span(t("teams.wizard.left_at", place=offer.step, total=_LAST), " · ", ago(offer.updated_at),
                       class_name="text-muted"),
            class_name="flex-1 min-w-0",
        ),
        button(t("teams.wizard.resume"), size="small", on_click=TeamWizard.resume(offer.draft_id)),
        button(t("teams.wizard.discard"), size="small", variant="quiet", on_click=TeamWizard.discard(offer.draft_id)),
        key=offer.draft_id,
    )  # fmt: skip


def _stepper() -> rx.Component:
    steps = [_step(number, name) for number, name in enumerate(STEPS, start=1)]
    return rx.el.nav(rx.el.ol(*steps), aria_label=t("teams.wizard.steps"), class_name="stepper")


def _step(number: int, name: str) -> rx.Component:
    count = TeamWizard.counts[number - 1]
    is_here, is_done = TeamWizard.step == number, (TeamWizard.tried >= number) & (count == 0)
    mark = rx.cond(
        count > 0,
        rx.el.span(count, class_name="stepper-mark", custom_attrs={"data-tone": "failed"}),
        rx.cond(
            is_done & ~is_here,
            rx.el.span(icon("completed", size=13), class_name="stepper-mark", custom_attrs={"data-tone": "completed"}),
            rx.el.span(number, class_name="stepper-mark"),
        ),
    )
    wrong = rx.cond(count > 0, rx.el.span(t("teams.form.troubles", n=count), class_name="sr-only"))
    return rx.el.li(
        rx.el.button(
            mark,
            rx.el.span(t(f"teams.step.{name}"), class_name="stepper-word"),
            wrong,
            type="button",
            aria_current=rx.cond(is_here, "step", "false"),
            on_click=TeamWizard.go(number),
        )
    )


def _foot() -> rx.Component:
    is_last, is_first = TeamWizard.step == _LAST, TeamWizard.step == 1
    back = button(
        t("teams.wizard.back"), on_click=TeamWizard.go(TeamWizard.step - 1), custom_attrs={"data-wizard": "back"}
    )
    forward = button(
        t("teams.wizard.next"),
        variant="primary",
        on_click=TeamWizard.go(TeamWizard.step + 1),
        custom_attrs={"data-wizard": "next"},
    )
    create = rx.fragment(
        button(
            t("teams.form.create_and_run"),
            icon="run",
            disabled=TeamWizard.is_creating,
            on_click=TeamWizard.create("run"),
        ),
        button(
            t("teams.form.create"),
            variant="primary",
            disabled=TeamWizard.is_creating,
            on_click=TeamWizard.create("look"),
            custom_attrs={"data-wizard": "next"},
        ),
    )
    discard = button(t("teams.wizard.discard"), variant="quiet", on_click=TeamWizard.discard(TeamWizard.draft_id))
    saved = rx.cond(
        TeamWizard.saved_at != "",
        rx.el.span(t("teams.wizard.saved"), " ", ago(TeamWizard.saved_at), role="status", class_name="text-muted"),
    )
    return rx.el.div(
        rx.cond(is_first, rx.cond(TeamWizard.draft_id != "", discard, rx.el.span()), back),
        saved,
        rx.el.div(rx.cond(is_last, create, forward), class_name="wizard-forward"),
        class_name="wizard-foot",
    )
