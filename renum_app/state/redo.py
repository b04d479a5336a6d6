"""Beginning an execution from the ended one that a tab shows: retry, fork, resume."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import ValidationError
from reflex.event import EventSpec

from renum_app.errors import RenumError
from renum_app.models.execution_read import ExecutionRead
from renum_app.models.redo import ForkRequest, ResumeRequest
from renum_app.services import redo, redo_input
from renum_app.state.address import id_in
from renum_app.state.execution import ExecutionPage
from renum_app.state.sentence import Sentence, problems_of
from renum_app.state.session import signed_in

_LONGEST_INPUT = 200_000
_CHANGES = ("input", "output", "initial_prompt")

Events = AsyncIterator[EventSpec | None]


class Redo(rx.State):
    is_busy: bool = False
    problems: dict[str, Sentence] = {}
    """By field; what belongs to none stands under `""`."""
    forecast: dict[str, Any] = {}
    """What the fork in question would run again and keep, a `models.redo.ForkForecast`, and what its step was given
    to read (`input` of `from_step`); empty while unknown."""

    @rx.event
    async def retry(self) -> Events:
        """Again what failed or never ran."""
        user = await signed_in(self)
        async for event in self._begin(partial(redo.retry, user)):
            yield event

    @rx.event
    async def fork(self, wish: dict[str, Any]) -> Events:
        """Again from a step on: `{from_step, change, text, team_version}`."""
        user = await signed_in(self)
        try:
            request = _fork_of(wish if isinstance(wish, dict) else {})
        except ValidationError as error:
            self.problems = problems_of(error)
            return
        async for event in self._begin(partial(redo.fork, user, request=request)):
            yield event

    @rx.event
    async def resume(self, max_cost_usd: str, max_tokens: str) -> Events:
        """Go on under a new cap."""
        user = await signed_in(self)
        try:
            caps = {"max_cost_usd": _number(max_cost_usd), "max_tokens": _number(max_tokens)}
            request = ResumeRequest.model_validate(caps)
        except ValidationError as error:
            self.problems = problems_of(error)
            return
        async for event in self._begin(partial(redo.resume, user, request=request)):
            yield event

    @rx.event
    async def foresee(self, from_step: str, is_given: bool, team_version: int) -> None:
        """Say what a fork from this step would run again and keep."""
        user = await signed_in(self)
        self.forecast = {}
        shown = await self._shown()
        if shown is None:
            return
        try:
            found = await redo.foresee(
                user, shown, from_step=str(from_step), is_given=is_given is True, team_version=_version(team_version)
            )
        except RenumError as error:
            self.problems = problems_of(error)
            return
        begins = await redo_input.input_of(user, shown, str(from_step))
        self.problems = {}
        self.forecast = {**found.model_dump(mode="json"), "from_step": str(from_step), "input": begins[:_LONGEST_INPUT]}

    async def _begin(self, order: Callable[[UUID], Awaitable[ExecutionRead]]) -> Events:
        """Give the order and go to the execution it makes."""
        shown = await self._shown()
        if shown is None or self.is_busy:
            return
        self.is_busy, self.problems = True, {}
        yield None
        try:
            execution = await order(shown)
            yield rx.redirect(f"/executions/{execution.execution_id}")
        except RenumError as error:
            self.problems = problems_of(error)
        finally:
            self.is_busy = False

    async def _shown(self) -> UUID | None:
        return id_in((await self.get_state(ExecutionPage)).shown_id)


def _fork_of(wish: dict[str, Any]) -> ForkRequest:
    change = wish.get("change")
    edited = {str(change): wish.get("text")} if change in _CHANGES else {}
    version = _version(wish.get("team_version"))
    return ForkRequest.model_validate({"from_step": wish.get("from_step"), "team_version": version, **edited})


def _version(number: Any) -> int | None:
    """A version of the team; 0 is the one that the execution pinned."""
    return number if isinstance(number, int) and number > 0 else None


def _number(text: Any) -> str | None:
    """A number as people type it, left as text so that pydantic says what is wrong with it."""
    return str(text).strip().replace(",", ".") or None
