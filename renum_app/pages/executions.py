"""/executions: everything the person's teams did and are doing."""

from __future__ import annotations

import reflex as rx

from renum_app.components.button import button_link
from renum_app.components.card import card
from renum_app.components.empty import empty
from renum_app.components.execution.card import execution_card
from renum_app.components.input import option, segmented_choice, select
from renum_app.components.listing import pager_of, search_of, slice_of
from renum_app.components.page import page
from renum_app.components.pulse import pulse
from renum_app.components.shell import page_head, shell
from renum_app.components.skeleton import skeleton_rows
from renum_app.components.text import t
from renum_app.state.executions import STATUSES, ExecutionList

_WHILE_MOVING_MS = 1_000
_AT_REST_MS = 10_000


@page("/executions", "executions.title", ExecutionList.load)
def executions() -> rx.Component:
    return shell(
        page_head(
            t("executions.title"),
            button_link(t("executions.list.choose_team"), href="/teams", variant="primary", icon="run"),
            sub=t("executions.list.sub"),
        ),
        _filters(),
        rx.cond(ExecutionList.is_loaded, _list(), card(skeleton_rows(6))),
        pulse(rx.cond(ExecutionList.has_unfinished, _WHILE_MOVING_MS, _AT_REST_MS), ExecutionList.refresh),
        current="executions",
        title=t("executions.title"),
    )


def _filters() -> rx.Component:
    return rx.el.div(
        segmented_choice(
            {"": t("executions.list.any_status"), **{status: _counted(status) for status in _SHOWN_FIRST}},
            chosen=ExecutionList.status,
            on_choose=ExecutionList.choose_status,
            label=t("executions.list.status"),
        ),
        rx.el.div(
            search_of(ExecutionList, t("executions.list.search")),
            select(
                "team",
                option(t("executions.list.all_teams"), "-"),
                rx.foreach(ExecutionList.teams, lambda team: option(team.name, team.team_id)),
                value=rx.cond(ExecutionList.team_id != "", ExecutionList.team_id, "-"),
                on_change=ExecutionList.choose_team,
                aria_label=t("executions.list.team"),
                class_name="input input-small w-auto! max-w-[220px]",
            ),
            class_name="flex flex-1 flex-wrap sm:justify-end gap-2 min-w-0",
        ),
        class_name="flex flex-wrap items-center gap-3 mb-4",
    )


_SHOWN_FIRST = ("running", "pending", "completed", "failed", "cancelled")
assert set(_SHOWN_FIRST) == set(STATUSES)  # noqa: S101 (read at build time: a new status must get its place)


def _counted(status: str) -> rx.Component:
    """The status and how many there are."""
    count = ExecutionList.counts[status]
    shown = rx.cond(count > 0, rx.el.span(count, class_name="execution-count"))
    return rx.fragment(t(f"executions.list.filter.{status}"), shown)


def _list() -> rx.Component:
    rows = rx.el.div(rx.foreach(ExecutionList.rows, lambda row: execution_card(row)), class_name="rows")
    return slice_of(ExecutionList, card(rows), _foot(), first_time=_nothing_yet())


def _nothing_yet() -> rx.Component:
    return empty(
        t("executions.list.empty_title"),
        t("executions.list.empty_text"),
        button_link(t("executions.list.choose_team"), href="/teams", variant="primary", icon="run"),
    )


def _foot() -> rx.Component:
    return rx.el.div(
        rx.el.p(t("executions.list.count", n=ExecutionList.total), aria_live="polite", class_name="text-muted"),
        pager_of(ExecutionList),
        class_name="execution-foot",
    )
