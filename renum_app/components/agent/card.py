"""AgentCard: who an agent is and where it runs; the whole card leads to it."""

from __future__ import annotations

import reflex as rx

from renum_app.components.badge import backend_tag, tag, tone_badge
from renum_app.components.figures import ago
from renum_app.components.icons import icon
from renum_app.components.text import t
from renum_app.state.agents import AgentCard


def agent_card(card: rx.Var[AgentCard]) -> rx.Component:
    return rx.el.a(
        rx.el.div(
            rx.el.span(card.name[0], aria_hidden="true", class_name="avatar"),
            rx.el.h2(card.name, class_name="truncate flex-1"),
            class_name="flex items-center gap-3",
        ),
        rx.el.p(card.description, class_name="text-muted line-clamp-2 min-h-10"),
        rx.el.div(
            backend_tag(card.backend),
            rx.cond(card.is_missing, tone_badge("failed", icon("warning"), t("agents.vanished"))),
            rx.cond(card.model != "", tag(card.model, class_name="mono max-w-full truncate")),
            class_name="flex flex-wrap gap-1.5",
        ),
        rx.el.div(
            rx.cond(card.teams > 0, t("agents.in_teams", n=card.teams), t("agents.in_no_team")),
            rx.cond(
                card.seen_at != "",
                rx.el.span(t("agents.seen"), " ", ago(card.seen_at), class_name="whitespace-nowrap"),
                ago(card.updated_at),
            ),
            class_name="flex justify-between gap-3 text-xs text-muted pt-3 mt-auto border-t border-line",
        ),
        href=f"/agents/{card.agent_id}",
        class_name="card card-link card-body flex flex-col gap-3",
    )
