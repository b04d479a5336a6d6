"""What the person's executions used in the last thirty days, in one tab, in groups of their choice."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from renum_app.errors import RenumError
from renum_app.models.usage import UsageGroup, UsageRow
from renum_app.models.user import CurrentUser
from renum_app.services import usage
from renum_app.state.sentence import Sentence, failure_of
from renum_app.state.session import signed_in

_SHOWN = 31
GROUPS = tuple(group.value for group in UsageGroup)


@dataclass(frozen=True)
class UsageLine:
    key: str
    name: str
    executions: int
    tokens: int
    cost_usd: float | None
    unknown_steps: int
    share: float
    """Of the dearest, in per cent, for its bar."""


class Usage(rx.State):
    group: str = UsageGroup.TEAM.value
    lines: list[UsageLine] = []
    cost_usd: float = 0.0
    is_loaded: bool = False
    failure: Sentence = Sentence()

    @rx.event
    async def load(self) -> None:
        await self._show(await signed_in(self))

    @rx.event
    async def choose(self, group: str) -> None:
        user = await signed_in(self)
        self.group = group if group in GROUPS else UsageGroup.TEAM.value
        await self._show(user)

    async def _show(self, user: CurrentUser) -> None:
        self.failure = Sentence()
        try:
            found = await usage.read(user, group_by=UsageGroup(self.group))
        except RenumError as error:
            self.failure = failure_of(error)
        else:
            items = found.items[-_SHOWN:] if self.group == UsageGroup.DAY else found.items[:_SHOWN]
            most = max((item.cost_usd or 0.0 for item in items), default=0.0)
            self.lines = [_line(item, most) for item in items]
            self.cost_usd = found.cost_usd
        self.is_loaded = True


def _line(item: UsageRow, most: float) -> UsageLine:
    return UsageLine(
        key=item.key,
        name=item.name,
        executions=item.executions,
        tokens=item.input_tokens + item.output_tokens,
        cost_usd=item.cost_usd,
        unknown_steps=item.unknown_steps,
        share=round(100 * (item.cost_usd or 0.0) / most, 1) if most else 0.0,
    )
