"""How the server does: figures, what it stands on, the audit log, and the brake."""

from __future__ import annotations

import reflex as rx

from renum_app.components.badge import notice, tag, tone_badge
from renum_app.components.button import button
from renum_app.components.card import card, card_body, card_head
from renum_app.components.dialog import closes, dialog, opens
from renum_app.components.figures import duration, number
from renum_app.components.icons import icon
from renum_app.components.input import field, text_input
from renum_app.components.stat import stat, stats
from renum_app.components.text import t, word
from renum_app.state.admin_health import AdminHealth, DependencyRow

_BRAKE = "stop-all"
_HEALTH = AdminHealth.health


def figures() -> rx.Component:
    return stats(
        stat(
            t("admin.running"),
            number(_HEALTH.running),
            note=rx.cond(_HEALTH.people > 0, t("admin.of_people", n=_HEALTH.people), ""),
        ),
        stat(t("admin.pending"), number(_HEALTH.pending)),
        stat(t("admin.parked"), number(_HEALTH.parked)),
        stat(t("admin.accounts"), number(_HEALTH.users)),
    )


def dependencies() -> rx.Component:
    about = rx.el.div(
        tag(_HEALTH.database, class_name="mono"),
        tag("Renum ", _HEALTH.version),
        rx.el.span(t("admin.up_for", time=duration(_HEALTH.uptime_seconds)), class_name="text-muted text-[13px]"),
        class_name="flex flex-wrap items-center gap-2",
    )
    return card(
        card_head(t("admin.stands_on"), about),
        rx.el.div(rx.foreach(AdminHealth.dependencies, _dependency), _chain(), class_name="rows"),
    )


def _dependency(row: rx.Var[DependencyRow]) -> rx.Component:
    latency = rx.cond(row.latency_ms, rx.el.span(number(row.latency_ms), " ms", class_name="num text-muted"))
    return rx.el.div(
        rx.el.span(word("admin.dependency", row.name), class_name="flex-1 font-medium"),
        latency,
        _verdict(row.ok, t("admin.answers"), t("admin.is_down")),
        class_name="row",
    )


def _chain() -> rx.Component:
    broken = t("admin.chain_broken", n=_HEALTH.audit_broken_at)
    return rx.el.div(
        rx.el.span(t("admin.chain"), class_name="flex-1 font-medium"),
        rx.el.span(t("admin.rows", n=_HEALTH.audit_rows), class_name="num text-muted"),
        _verdict(_HEALTH.audit_ok, t("admin.chain_ok"), broken),
        class_name="row",
    )


def _verdict(ok: rx.Var[bool], good: rx.Var[str], bad: rx.Var[str]) -> rx.Component:
    return rx.cond(
        ok,
        tone_badge("completed", icon("completed"), good),
        tone_badge("failed", icon("failed"), bad),
    )


def brake() -> rx.Component:
    """Stop everything, after saying how much that is."""
    counts = t("admin.brake_counts", n=AdminHealth.unfinished)
    whose = t("admin.brake_people", n=_HEALTH.people)
    ready = button(
        t("admin.brake"),
        icon="stop",
        variant="danger",
        disabled=AdminHealth.unfinished == 0,
        custom_attrs=opens(_BRAKE),
    )
    reason = field(
        text_input("reason", max_length=500, auto_complete="off", class_name="input"),
        name="reason",
        label=t("admin.reason"),
        hint=t("admin.brake_reason_hint"),
    )
    form = rx.el.form(
        notice("warning", counts, " ", whose),
        rx.el.p(t("admin.brake_text"), class_name="text-muted"),
        reason,
        rx.el.div(
            button(t("common.cancel"), custom_attrs=closes()),
            button(t("admin.brake"), type="submit", variant="danger", icon="stop", custom_attrs=closes()),
            class_name="flex justify-end gap-2",
        ),
        on_submit=AdminHealth.stop_all,
        reset_on_submit=True,
        class_name="flex flex-col gap-4",
    )
    nothing = rx.el.p(t("admin.brake_nothing"), class_name="text-muted")
    words = rx.cond(
        AdminHealth.unfinished > 0,
        rx.el.p(rx.el.span(counts, class_name="font-semibold"), " ", whose, class_name="text-muted"),
        nothing,
    )
    return rx.fragment(
        card(
            card_head(t("admin.brake_title")),
            card_body(
                rx.el.div(words, rx.el.p(t("admin.brake_sub"), class_name="field-hint mt-1"), class_name="min-w-0"),
                ready,
                class_name="flex flex-wrap items-center justify-between gap-3",
            ),
        ),
        dialog(_BRAKE, t("admin.brake_ask"), form),
    )
