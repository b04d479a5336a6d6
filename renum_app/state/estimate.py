"""What the execution that a form describes would cost and take, beside its button."""

from __future__ import annotations

import math
from dataclasses import dataclass

import reflex as rx

from renum_app.errors import RenumError
from renum_app.models.estimate import EstimateRead, RangeRead
from renum_app.models.execution import ExecuteRequest, Overrides
from renum_app.services import estimates
from renum_app.state.address import id_in
from renum_app.state.session import signed_in
from renum_app.state.team_execute import ExecuteForm

_NO_PROMPT = "…"
"""Stands in while nothing is typed: history does not look at the prompt, and a bound starts somewhere."""
_LONGEST_PROMPT = 200_000


@dataclass(frozen=True)
class Range:
    """From the usual to the dear, in USD or seconds."""

    p50: float = 0.0
    p90: float = 0.0
    basis: str = ""
    """`history`, `theory`, or nothing where nobody knows."""


class Estimate(rx.State):
    is_loaded: bool = False
    cost: Range = Range()
    seconds: Range = Range()
    cap_usd: float = 0.0
    """As the form has it now; 0 without one."""
    _prompt: str = _NO_PROMPT

    @rx.var
    def is_cap_low(self) -> bool:
        """The cap is likely to end the execution before it is done."""
        return 0 < self.cap_usd < self.cost.p50 and self.cost.basis == "history"

    @rx.event
    async def load(self) -> None:
        """For the team and the prompt the form begins with."""
        await signed_in(self)
        self.reset()
        form = await self.get_state(ExecuteForm)
        self._prompt, self.cap_usd = form.prompt or _NO_PROMPT, _amount(form.cap)
        await self._reckon()

    @rx.event
    async def take_prompt(self, prompt: str) -> None:
        await signed_in(self)
        self._prompt = str(prompt).strip()[:_LONGEST_PROMPT] or _NO_PROMPT
        await self._reckon()

    @rx.event
    async def take_cap(self, cap: str) -> None:
        await signed_in(self)
        self.cap_usd = _amount(str(cap))

    @rx.event
    async def again(self) -> None:
        """Something of the form that the estimate rests on has changed."""
        await signed_in(self)
        await self._reckon()

    async def _reckon(self) -> None:
        user, form = await signed_in(self), await self.get_state(ExecuteForm)
        team_id = id_in(form.shown_id)
        if team_id is None:
            return
        # The cap is left out: it brakes an execution, it does not make it cheaper.
        overrides = Overrides(rehearsal=form.is_rehearsal)
        try:
            found = await estimates.estimate(
                user, team_id, ExecuteRequest(initial_prompt=self._prompt, overrides=overrides)
            )
        except RenumError:
            self.cost, self.seconds = Range(), Range()  # the form says what is wrong once it is sent
        else:
            self._show(found)
        self.is_loaded = True

    def _show(self, found: EstimateRead) -> None:
        self.cost, self.seconds = range_of(found.cost_usd), range_of(found.seconds)


def range_of(found: RangeRead) -> Range:
    if found.p50 is None:
        return Range()
    return Range(found.p50, found.p90 if found.p90 is not None else found.p50, found.basis.value)


def _amount(text: str) -> float:
    """A cap as people type it; what is no amount counts as none."""
    try:
        value = float(text.strip().replace(",", ".") or 0)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) and value > 0 else 0.0
