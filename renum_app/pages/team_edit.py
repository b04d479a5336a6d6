"""/teams/[id]/edit: the designer over the whole page; saving makes a new version."""

from __future__ import annotations

import reflex as rx

from renum_app.components.button import button
from renum_app.components.card import card
from renum_app.components.designer.designer import workflow_designer
from renum_app.components.icons import icon
from renum_app.components.page import page
from renum_app.components.shell import shell
from renum_app.components.skeleton import skeleton_form
from renum_app.components.team.missing import missing_team
from renum_app.components.text import t
from renum_app.state.team_designer import TeamDesigner


@page("/teams/[team_id]/edit", "teams.edit", TeamDesigner.load)
def team_edit() -> rx.Component:
    known = rx.cond(TeamDesigner.is_loaded, _designer(), skeleton_form())
    return shell(
        rx.cond(TeamDesigner.is_missing, card(missing_team()), known),
        current="teams",
        title=t("teams.edit_short"),
        crumbs=[(t("teams.title"), "/teams"), (TeamDesigner.name, f"/teams/{TeamDesigner.team_id}")],
    )


def _designer() -> rx.Component:
    return rx.el.div(
        rx.el.h1(t("teams.edit_name", name=TeamDesigner.name), class_name="sr-only"),
        _conflict(),
        workflow_designer(
            value=TeamDesigner.value,
            revision=TeamDesigner.revision,
            saved=TeamDesigner.saved,
            agents=TeamDesigner.agents,
            problems=TeamDesigner.problems,
            seen=TeamDesigner.seen,
            embedded=False,
            on_change=TeamDesigner.changed,
            on_save=TeamDesigner.save,
        ),
        class_name="bleed wd-page",
    )


def _conflict() -> rx.Component:
    """Somebody saved in between: what becomes of the two is the person's to say."""
    return rx.cond(
        TeamDesigner.theirs > 0,
        rx.el.div(
            icon("warning"),
            rx.el.div(
                rx.el.p(t("designer.conflict.title", version=TeamDesigner.theirs), class_name="font-semibold"),
                rx.el.p(t("designer.conflict.text")),
                class_name="min-w-0 flex-1",
            ),
            rx.el.div(
                button(t("designer.conflict.theirs", version=TeamDesigner.theirs), on_click=TeamDesigner.take_theirs),
                button(t("designer.conflict.apart"), on_click=TeamDesigner.save_apart),
                button(t("designer.conflict.mine"), on_click=TeamDesigner.keep_mine),
                class_name="flex flex-wrap gap-2",
            ),
            role="alert",
            custom_attrs={"data-tone": "waiting"},
            class_name="notice wd-conflict",
        ),
    )
