"""/executions/[id]: one execution as it happens, and what came of it."""

from __future__ import annotations

import reflex as rx

from renum_app.components.badge import notice
from renum_app.components.button import button_link
from renum_app.components.empty import empty
from renum_app.components.execution.live import (
    ExecutionApprovals,
    ExecutionFigures,
    ExecutionHeader,
    ExecutionLogs,
    ExecutionNotice,
    LiveOutput,
    RealTimeMonitor,
    RedoDialogs,
    ResultsPanel,
    ShownMoment,
)
from renum_app.components.page import page
from renum_app.components.pulse import pulse
from renum_app.components.shell import shell
from renum_app.components.text import t
from renum_app.state.approvals import Approvals
from renum_app.state.execution import ExecutionPage
from renum_app.state.redo import Redo
from renum_app.state.session import Session

_LOOK_EVERY_MS = 10_000


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
            lineage=ExecutionPage.lineage,
            again_url=ExecutionPage.again_url,
            on_stop=ExecutionPage.stop,
            on_end=Session.beat,
        ),
        _away(),
        ShownMoment.create(**followed),
        ExecutionApprovals.create(
            **followed, refusals=Approvals.refusals, on_decide=Approvals.decide, on_count=Session.beat
        ),
        ExecutionNotice.create(**followed, is_busy=Redo.is_busy, problems=Redo.problems, on_retry=Redo.retry),
        ResultsPanel.create(**followed, title=ExecutionPage.team_name),
        ExecutionFigures.create(**followed, cap_usd=ExecutionPage.cap_usd, rehearsal=ExecutionPage.is_rehearsal),
        RealTimeMonitor.create(
            **followed,
            strategy=ExecutionPage.strategy,
            wires=ExecutionPage.wires,
            member_count=ExecutionPage.members,
        ),
        rx.el.div(
            LiveOutput.create(**followed),
            ExecutionLogs.create(**followed),
            class_name="run-columns",
        ),
        _redo(followed),
        class_name="run-page bleed",
    )


def _away() -> rx.Component:
    """That a running execution waits for a server that does not answer; asked only where agents live at one."""
    look = rx.el.div(
        pulse(_LOOK_EVERY_MS, ExecutionPage.look_around), on_mount=ExecutionPage.look_around, class_name="hidden"
    )
    return rx.fragment(
        rx.cond(ExecutionPage.lives_elsewhere, look),
        rx.cond(ExecutionPage.is_away, notice("warning", t("executions.away", place=t("backend.suna")))),
    )


def _redo(followed: dict[str, rx.Var[str]]) -> rx.Component:
    return RedoDialogs.create(
        **followed,
        prompt=ExecutionPage.prompt,
        version=ExecutionPage.version,
        current_version=ExecutionPage.current_version,
        cap_usd=ExecutionPage.cap_usd,
        cap_tokens=ExecutionPage.cap_tokens,
        forecast=Redo.forecast,
        problems=Redo.problems,
        is_busy=Redo.is_busy,
        on_foresee=Redo.foresee,
        on_fork=Redo.fork,
        on_resume=Redo.resume,
    )


def _missing() -> rx.Component:
    return empty(
        t("executions.gone.not_found.title"),
        t("executions.gone.not_found.text"),
        button_link(t("executions.gone.not_found.action"), href="/executions"),
    )
