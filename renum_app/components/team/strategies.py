"""The four ways a team can work, as pictures to choose from."""

from __future__ import annotations

import reflex as rx

from renum_app.components.text import t
from renum_app.state.team_wizard import TeamWizard
from renum_app.state.teams import STRATEGIES

# Per strategy: its bars as (left, top, width, height) on a score of 96 by 40, and which of them may be skipped.
_BARS: dict[str, tuple[tuple[int, int, int, int], ...]] = {
    "sequential": ((4, 4, 26, 8), (34, 16, 26, 8), (64, 28, 28, 8)),
    "parallel": ((4, 4, 56, 8), (4, 16, 44, 8), (4, 28, 64, 8)),
    "pipeline": ((4, 16, 26, 8), (36, 16, 24, 8), (66, 16, 26, 8)),
    "conditional": ((4, 16, 26, 8), (40, 4, 28, 8), (40, 28, 28, 8)),
}
_LINES: dict[str, tuple[str, ...]] = {
    "sequential": (),
    "parallel": ("M76 2V38",),
    "pipeline": ("M30 20H36", "M60 20H66"),
    "conditional": ("M30 20C36 20 34 8 40 8", "M30 20C36 20 34 32 40 32"),
}
_SKIPPED = ("conditional", 2)


def strategy_choice() -> rx.Component:
    """Radio buttons with a picture and a sentence each."""
    return rx.el.fieldset(
        rx.el.legend(t("teams.form.strategy"), class_name="field-label mb-1.5"),
        rx.el.div(*(_choice(each) for each in STRATEGIES), class_name="team-choices"),
        id="type",
    )


def _choice(strategy: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="strategy",
            value=strategy,
            checked=TeamWizard.strategy == strategy,
            on_change=TeamWizard.choose_strategy(strategy),
            class_name="sr-only",
        ),
        strategy_art(strategy),
        rx.el.span(
            rx.el.span(t(f"teams.strategy.{strategy}"), class_name="block font-semibold"),
            rx.el.span(t(f"teams.strategy_text.{strategy}"), class_name="block text-[13px] leading-[18px] text-muted"),
        ),
        class_name="team-choice",
    )


def strategy_art(strategy: str) -> rx.Component:
    bars = [
        rx.el.svg.rect(
            x=left,
            y=top,
            width=width,
            height=height,
            rx=3,
            class_name="dashed" if (strategy, place) == _SKIPPED else "",
        )
        for place, (left, top, width, height) in enumerate(_BARS[strategy])
    ]
    lines = [rx.el.svg.path(d=path, fill="none") for path in _LINES[strategy]]
    return rx.el.svg(*lines, *bars, view_box="0 0 96 40", aria_hidden="true", class_name="team-choice-art")
