"""/executions/[id]: one execution as it happens, and what came of it."""

from __future__ import annotations

import reflex as rx

from renum_app.components.button import button_link
from renum_app.components.empty import empty
from renum_app.components.execution.live import (
    ExecutionFigures,
    ExecutionHeader,
    ExecutionLogs,
    ExecutionNotice,
    LiveOutput,
    RealTimeMonitor,
    ResultsPanel,
)
from renum_app.components.page import page
from renum_app.components.shell import shell
from renum_app.components.text import t
from renum_app.state.execution import ExecutionPage
from renum_app.state.session import Session


@page("/executions/[execution_id]", "executions.page.title", ExecutionPage.load)
def execution() -> rx.Component:
    return shell(
        rx.cond(ExecutionPage.is_missing, _missing(), _live()),
        current="executions",
        title=rx.cond(ExecutionPage.team_name != "", ExecutionPage.team_name, t("executions.page.title")),
        crumbs=[(t("executions.title"), "/executions")],
    )


def _live() -> rx.Component:
    followed = {"execution_id": ExecutionPage.shown_id}
    return rx.el.div(
        ExecutionHeader.create(
            **followed,
            team_name=ExecutionPage.team_name,
            team_url=ExecutionPage.team_url,
            prompt=ExecutionPage.prompt,
            strategy=ExecutionPage.strategy,
            rehearsal=ExecutionPage.is_rehearsal,
            again_url=ExecutionPage.again_url,
            on_stop=ExecutionPage.stop,
            on_end=Session.beat,
        ),
        ExecutionNotice.create(**followed, again_url=ExecutionPage.again_url),
        ResultsPanel.create(**followed, title=ExecutionPage.team_name),
        ExecutionFigures.create(**followed, cap_usd=ExecutionPage.cap_usd, rehearsal=ExecutionPage.is_rehearsal),
        RealTimeMonitor.create(**followed, strategy=ExecutionPage.strategy, member_count=ExecutionPage.members),
        rx.el.div(
            LiveOutput.create(**followed),
            ExecutionLogs.create(**followed),
            class_name="run-columns",
        ),
        class_name="run-page bleed",
    )


def _missing() -> rx.Component:
    return empty(
        t("executions.gone.not_found.title"),
        t("executions.gone.not_found.text"),
        button_link(t("executions.gone.not_found.action"), href="/executions"),
    )
