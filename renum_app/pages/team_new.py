"""/teams/new: a new team, in five steps."""

from __future__ import annotations

import reflex as rx

from renum_app.components.page import page
from renum_app.components.shell import page_head, shell
from renum_app.components.skeleton import skeleton_form
from renum_app.components.team.wizard.wizard import team_creation_wizard
from renum_app.components.text import t
from renum_app.state.team_wizard import TeamWizard


@page("/teams/new", "teams.new", TeamWizard.load)
def team_new() -> rx.Component:
    return shell(
        page_head(t("teams.new")),
        rx.cond(TeamWizard.is_loaded, team_creation_wizard(), skeleton_form()),
        current="teams",
        title=t("teams.new"),
        crumbs=[(t("teams.title"), "/teams")],
    )
