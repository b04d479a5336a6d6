"""What needs the person: decisions that wait, then what failed and has a way on."""

from __future__ import annotations

import reflex as rx

from renum_app.components.card import card, card_head
from renum_app.components.figures import ago, money, percent
from renum_app.components.icons import icon
from renum_app.components.text import NOW, spoken, t
from renum_app.state.approvals import ApprovalRow
from renum_app.state.dashboard import Dashboard
from renum_app.state.needs import Trouble


def needs_you() -> rx.Component:
    """Nothing when all is well."""
    more = rx.cond(
        Dashboard.asking > 0, rx.el.a(t("dashboard.all_asks", n=Dashboard.asking), href="/approvals", class_name="link")
    )
    return rx.cond(
        (Dashboard.asks.length() > 0) | (Dashboard.troubles.length() > 0) | Dashboard.budget.is_tight,
        card(
            card_head(t("dashboard.needs_you"), more),
            rx.el.div(
                rx.foreach(Dashboard.asks, _ask),
                rx.cond(Dashboard.budget.is_tight, _budget()),
                rx.foreach(Dashboard.troubles, _trouble),
                class_name="rows",
            ),
            aria_label=t("dashboard.needs_you"),
        ),
    )


def _ask(ask: rx.Var[ApprovalRow]) -> rx.Component:
    title = rx.match(
        ask.moment,
        ("before", t("dashboard.asks_before", name=ask.agent_name)),
        ("input", t("dashboard.asks_input", name=ask.agent_name)),
        t("dashboard.asks_after", name=ask.agent_name),
    )
    return rx.el.a(
        rx.el.span(icon("waiting", stroke_width=2.25), class_name="text-waiting flex-none"),
        rx.el.div(
            rx.el.div(title, class_name="font-semibold truncate"),
            rx.el.div(
                t("dashboard.asks_of", team=ask.team_name),
                rx.cond(ask.deadline != "", rx.fragment(" · ", _until(ask))),
                class_name="text-muted text-[13px] truncate",
            ),
            class_name="flex-1 min-w-0",
        ),
        ago(ask.created_at, "text-muted text-[13px] max-sm:hidden"),
        rx.el.span(t("dashboard.decide"), class_name="btn btn-secondary btn-small"),
        href=f"/executions/{ask.execution_id}",
        class_name="row",
    )


def _until(ask: rx.Var[ApprovalRow]) -> rx.Component:
    when = spoken("formatAgo", rx.Var.create(ask.deadline), rx.Var("now_"), hooks=(NOW,))
    return rx.cond(
        ask.on_deadline == "approve",
        t("dashboard.asks_until_approve", ago=when),
        t("dashboard.asks_until_reject", ago=when),
    )


def _budget() -> rx.Component:
    budget = Dashboard.budget
    return rx.el.a(
        rx.el.span(icon("costs"), class_name="text-waiting flex-none"),
        rx.el.div(
            rx.el.div(t("dashboard.budget", share=percent(budget.share)), class_name="font-semibold truncate"),
            rx.el.div(
                t("dashboard.budget_text", spent=money(budget.spent_usd), budget=money(budget.budget_usd)),
                class_name="text-muted text-[13px] line-clamp-2",
            ),
            class_name="flex-1 min-w-0",
        ),
        icon("following", class_name="text-muted flex-none"),
        href="/settings/costs",
        class_name="row",
    )


def _trouble(trouble: rx.Var[Trouble]) -> rx.Component:
    return rx.el.a(
        rx.el.span(icon("failed", stroke_width=2.5), class_name="text-failed flex-none"),
        rx.el.div(
            rx.el.div(t("dashboard.failed_name", name=trouble.team_name), class_name="font-semibold truncate"),
            rx.el.div(_why(trouble), class_name="text-muted text-[13px] line-clamp-2 first-letter:uppercase"),
            class_name="flex-1 min-w-0",
        ),
        ago(trouble.moment, "text-muted text-[13px] max-sm:hidden"),
        icon("following", class_name="text-muted flex-none"),
        href=f"/executions/{trouble.execution_id}",
        class_name="row",
    )


def _why(trouble: rx.Var[Trouble]) -> rx.Var[str]:
    """The kind of failure, in the person's language; its own page tells the whole of it."""
    return spoken("translate", rx.Var.create(f"executions.error.{trouble.code}.short"), rx.Var.create({}), trouble.why)
