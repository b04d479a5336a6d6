"""/teams/new: a new team."""

from __future__ import annotations

import reflex as rx

from renum_app.components.page import page
from renum_app.components.shell import page_head, shell
from renum_app.components.skeleton import skeleton_form
from renum_app.components.team.form import team_form
from renum_app.components.text import t
from renum_app.state.team_new import TeamForm


@page("/teams/new", "teams.new", TeamForm.load_new)
def team_new() -> rx.Component:
    return shell(
        page_head(t("teams.new"), sub=t("teams.new_sub")),
        rx.cond(TeamForm.is_loaded, team_form(), skeleton_form()),
        current="teams",
        title=t("teams.new"),
        crumbs=[(t("teams.title"), "/teams")],
    )
