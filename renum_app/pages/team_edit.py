"""/teams/[id]/edit: the same form, filled in; saving makes a new version."""

from __future__ import annotations

import reflex as rx

from renum_app.components.card import card
from renum_app.components.page import page
from renum_app.components.shell import page_head, shell
from renum_app.components.skeleton import skeleton_form
from renum_app.components.team.form import team_form
from renum_app.components.team.missing import missing_team
from renum_app.components.text import t
from renum_app.state.team_new import TeamForm


@page("/teams/[team_id]/edit", "teams.edit", TeamForm.load)
def team_edit() -> rx.Component:
    known = rx.fragment(page_head(t("teams.edit_name", name=TeamForm.name), sub=t("teams.edit_sub")), team_form())
    return shell(
        rx.cond(TeamForm.is_missing, card(missing_team()), rx.cond(TeamForm.is_loaded, known, skeleton_form())),
        current="teams",
        title=t("teams.edit"),
        crumbs=[(t("teams.title"), "/teams"), (TeamForm.name, f"/teams/{TeamForm.editing}")],
    )
