"""Templates to begin a team with: six that run in rehearsal, as pictures."""

from __future__ import annotations

import reflex as rx

from renum_app.components.team.strategies import strategy_art
from renum_app.components.text import t
from renum_app.services.team_templates import Template, templates
from renum_app.state.team_wizard import TeamWizard


def template_buttons() -> rx.Component:
    """In the wizard: one fills the form in."""
    return _gallery(
        *(
            rx.el.button(
                *_about(each), type="button", on_click=TeamWizard.use_template(each.key), class_name="wizard-template"
            )
            for each in templates().values()
        )
    )


def template_links() -> rx.Component:
    """Elsewhere: one leads to the wizard, filled in."""
    return _gallery(
        *(
            rx.el.a(*_about(each), href=f"/teams/new?template={each.key}", class_name="wizard-template")
            for each in templates().values()
        )
    )


def _gallery(*shown: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("teams.wizard.templates")),
        rx.el.p(t("teams.wizard.templates_text"), class_name="field-hint mb-3"),
        rx.el.ul(*(rx.el.li(each) for each in shown), class_name="wizard-templates"),
        aria_label=t("teams.wizard.templates"),
    )


def _about(template: Template) -> list[rx.Component]:
    size = rx.el.span(
        t(f"teams.strategy.{template.strategy}"),
        " · ",
        t("teams.size", n=len(template.members)),
        class_name="text-xs text-muted",
    )
    return [
        rx.el.span(strategy_art(template.strategy), size, class_name="flex items-center justify-between gap-3"),
        rx.el.span(t(f"templates.{template.key}.name"), class_name="block font-semibold mt-2"),
        rx.el.span(t(f"templates.{template.key}.text"), class_name="block text-[13px] leading-[18px] text-muted"),
    ]
