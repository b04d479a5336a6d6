"""Who sits in the team that a form is about: giving, moving, changing and taking seats."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import get_args

import reflex as rx

from renum_app.models.workflow import ApprovalPolicy, Member, MemberRole, OnFailure, Operator
from renum_app.services import agents
from renum_app.state.sentence import Sentence
from renum_app.state.session import signed_in
from renum_app.state.team_seats import SEAT_FIELDS, Seat, new_seat
from renum_app.state.team_troubles import Trouble

LONGEST_TEXT = 4_000
_MOST_CHOICES = 50
APPROVALS: tuple[str, ...] = get_args(Member.model_fields["requires_approval"].annotation)
OUTCOMES: tuple[str, ...] = get_args(ApprovalPolicy.model_fields["on_deadline"].annotation)
_CLOSED = {
    "role": tuple(role.value for role in MemberRole),
    "operator": tuple(operator.value for operator in Operator),
    "on_failure": tuple(each.value for each in OnFailure),
    "approval": APPROVALS,
    "on_deadline": OUTCOMES,
}
"""Fields of a seat that take one of a few words."""


@dataclass(frozen=True)
class AgentChoice:
    """One agent that can be given a seat."""

    agent_id: str
    name: str
    backend: str
    model: str


class Seating(rx.State, mixin=True):
    seats: list[Seat] = []
    choices: list[AgentChoice] = []
    """Agents that can be given a seat."""
    problems: dict[str, Sentence] = {}
    troubles: list[Trouble] = []

    @rx.event
    async def find_agents(self, words: str) -> None:
        """Agents to pick from, by what was typed."""
        await self._find_agents(str(words).strip()[:200])

    @rx.event
    async def add_seat(self, agent_id: str) -> None:
        """Give an agent a seat, at the end."""
        agent = await agents.get(await signed_in(self), str(agent_id)[:200])
        self.seats = [*self.seats, new_seat(agent, self.seats)]
        self._forget("agent_search")

    @rx.event
    async def remove_seat(self, key: str) -> None:
        await signed_in(self)
        self.seats = [seat for seat in self.seats if seat.key != key]

    @rx.event
    async def move_seat(self, key: str, by: int) -> None:
        """One place up (-1) or down (1)."""
        await signed_in(self)
        place = next((place for place, seat in enumerate(self.seats) if seat.key == key), None)
        if place is None or by not in (-1, 1) or not 0 <= place + by < len(self.seats):
            return
        seats = list(self.seats)
        seats[place], seats[place + by] = seats[place + by], seats[place]
        self.seats = seats

    @rx.event
    async def set_seat(self, key: str, field: str, value: str) -> None:
        """Change one field of one seat."""
        await signed_in(self)
        if field not in SEAT_FIELDS or str(value) not in _CLOSED.get(field, (str(value),)):
            return
        self.seats = [_changed(seat, field, str(value)) if seat.key == key else seat for seat in self.seats]
        self._forget(f"{field}-{key}")

    @rx.event
    async def set_together(self, key: str, is_together: bool) -> None:
        await signed_in(self)
        self.seats = [replace(seat, is_together=bool(is_together)) if seat.key == key else seat for seat in self.seats]

    async def _find_agents(self, words: str) -> None:
        found = await agents.list_agents(await signed_in(self), limit=_MOST_CHOICES, search=words)
        self.choices = [
            AgentChoice(agent.agent_id, agent.name, agent.backend.value, agent.model) for agent in found.items
        ]

    def _forget(self, target: str) -> None:
        """A field that changed is no longer known to be wrong."""
        if target in self.problems:
            self.problems = {name: each for name, each in self.problems.items() if name != target}
            self.troubles = [trouble for trouble in self.troubles if trouble.target != target]


def _changed(seat: Seat, field: str, value: str) -> Seat:
    return replace(seat, **{field: value[:LONGEST_TEXT]})
