"""The signature as a picture: a score that plays, each lane an agent, the lime line the present."""

from __future__ import annotations

import reflex as rx

from renum_app.components.text import t

# Per lane: the voice, and its bars as (start, width, delay) in per cent of the width and of the loop.
_LANES = (
    ("login.voice_collect", ((0, 24, 0),)),
    ("login.voice_revenue", ((25, 27, 25),)),
    ("login.voice_debt", ((25, 11, 25), (38, 21, 38))),
    ("login.voice_write", ((60, 26, 60),)),
)
_FAILED = (2, 0)


def score_art() -> rx.Component:
    """Four voices, one of which stumbles and tries again."""
    lanes = [_lane(number, *lane) for number, lane in enumerate(_LANES)]
    return rx.el.div(*lanes, rx.el.div(class_name="art-now"), aria_hidden="true", class_name="art")


def _lane(number: int, voice: str, bars: tuple[tuple[int, int, int], ...]) -> rx.Component:
    drawn = [
        rx.el.span(
            class_name=f"art-bar art-from-{delay}",
            custom_attrs={"data-tone": "failed" if (number, place) == _FAILED else "completed"},
            style={"left": f"{left}%", "width": f"{width}%"},
        )
        for place, (left, width, delay) in enumerate(bars)
    ]
    return rx.el.div(
        rx.el.span(t(voice), class_name="art-voice"), rx.el.div(*drawn, class_name="art-track"), class_name="art-lane"
    )
