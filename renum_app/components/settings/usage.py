"""What the last thirty days used, by team, agent, model or day."""

from __future__ import annotations

import reflex as rx

from renum_app.components.card import card, card_body, card_head
from renum_app.components.empty import empty, failed
from renum_app.components.figures import money, number
from renum_app.components.input import segmented_choice
from renum_app.components.skeleton import skeleton_rows
from renum_app.components.text import t
from renum_app.state.usage import GROUPS, Usage, UsageLine


def usage_view() -> rx.Component:
    choice = segmented_choice(
        {group: t(f"settings.usage.{group}") for group in GROUPS},
        chosen=Usage.group,
        on_choose=Usage.choose,
        label=t("settings.usage_by"),
    )
    rows = rx.cond(
        Usage.lines.length() > 0,
        rx.el.div(rx.foreach(Usage.lines, _line), class_name="rows"),
        empty(t("settings.no_usage"), t("settings.no_usage_text")),
    )
    known = rx.cond(Usage.failure.key != "", failed(Usage.failure, on_retry=Usage.load), rows)
    return card(
        card_head(t("settings.usage"), rx.el.span(money(Usage.cost_usd), class_name="num")),
        card_body(choice, class_name="pb-3!"),
        rx.cond(Usage.is_loaded, known, skeleton_rows(3)),
    )


def _line(line: rx.Var[UsageLine]) -> rx.Component:
    unknown = rx.cond(
        line.unknown_steps > 0, rx.fragment(" · ", t("settings.month_unknown", n=line.unknown_steps)), rx.fragment()
    )
    facts = rx.el.p(
        t("settings.usage_executions", n=line.executions),
        " · ",
        t("settings.usage_tokens", n=number(line.tokens)),
        unknown,
        class_name="text-[13px] text-muted",
    )
    bar = rx.el.div(
        rx.el.div(style={"width": f"{line.share}%"}, custom_attrs={"data-tone": "running"}),
        aria_hidden="true",
        class_name="meter mt-1",
    )
    name = rx.cond(line.name != "", line.name, "—")
    return rx.el.div(
        rx.el.div(
            rx.el.p(name, class_name="font-semibold truncate"),
            facts,
            bar,
            class_name="flex-1 min-w-0 flex flex-col gap-0.5",
        ),
        rx.el.span(money(line.cost_usd), class_name="num"),
        key=line.key,
        class_name="row gap-4!",
    )
