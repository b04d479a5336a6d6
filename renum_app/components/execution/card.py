"""ExecutionCard: one row of the list, with its small score."""

from __future__ import annotations

import reflex as rx

from renum_app.components.badge import status_badge, tag
from renum_app.components.figures import ago, duration, money
from renum_app.components.strip import strip
from renum_app.components.text import t
from renum_app.state.executions import ExecutionRow


def execution_card(row: rx.Var[ExecutionRow]) -> rx.Component:
    """What ran, how far it is, what it cost; the whole row leads to the execution."""
    return rx.el.a(
        _what(row),
        strip(row.steps, done=row.done, total=row.total, class_name="execution-strip"),
        rx.el.span(status_badge(row.status, stopping=row.stopping), class_name="execution-status"),
        rx.el.span(money(row.cost_usd), class_name="num execution-cost"),
        rx.el.span(_length(row), class_name="num execution-time"),
        href=f"/executions/{row.execution_id}",
        class_name="row execution-row",
    )


def _what(row: rx.Var[ExecutionRow]) -> rx.Component:
    return rx.el.span(
        rx.el.span(row.prompt, class_name="block truncate font-semibold"),
        rx.el.span(
            rx.el.span(row.team_name, class_name="truncate"),
            rx.el.span("·", aria_hidden="true"),
            ago(row.created_at),
            rx.cond(row.rehearsal, tag(t("executions.rehearsal_word"))),
            rx.cond(row.is_redo, tag(t("executions.list.redo"))),
            class_name="flex items-center gap-1.5 text-muted text-[13px] min-w-0",
        ),
        class_name="execution-what",
    )


def _length(row: rx.Var[ExecutionRow]) -> rx.Component:
    return rx.cond(row.seconds, duration(row.seconds.to(float)), t("executions.list.waiting_now"))
