"""The wizard that makes a team, in one tab: five steps, and a draft that outlives the tab."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from renum_app.errors import NotFound, RenumError
from renum_app.models.execution import ExecuteRequest, Overrides
from renum_app.models.team import TeamWrite
from renum_app.models.user import CurrentUser
from renum_app.models.values import iso
from renum_app.services import estimates, executions, team_drafts, team_templates, teams
from renum_app.state.address import id_in
from renum_app.state.draft import blank
from renum_app.state.estimate import Range, range_of
from renum_app.state.notices import tell, tell_error
from renum_app.state.session import signed_in
from renum_app.state.wizard_drafting import LONGEST_TEXT
from renum_app.state.wizard_seating import SeatingSteps
from renum_app.state.wizard_setting import SettingStep
from renum_app.state.wizard_troubles import STEPS
from renum_app.state.wizard_view import Check, checklist

_WORKFLOW, _LAST = STEPS.index("workflow") + 1, len(STEPS)
_NO_PROMPT = "…"
"""Stands in for an estimate while the rehearsal has no prompt."""


@dataclass(frozen=True)
class Offer:
    """A draft that can be taken up again."""

    draft_id: str
    name: str
    step: int
    updated_at: str


class TeamWizard(SeatingSteps, SettingStep, rx.State):
    is_loaded: bool = False
    is_creating: bool = False
    offers: list[Offer] = []
    checks: list[Check] = []
    cost: Range = Range()
    seconds: Range = Range()

    @rx.event
    async def load(self) -> AsyncIterator[None]:
        """The draft that the address names; else an empty form, and the drafts there are."""
        user = await signed_in(self)
        asked = self.router.url.query_parameters
        self.reset()
        yield
        wanted = id_in(asked.get("draft", ""))
        try:
            if wanted is None:
                raise NotFound
            await self._resume(user, wanted)
        except NotFound:
            await self._fill(user, blank())
            self.offers = [
                Offer(str(each.draft_id), each.name, each.step, iso(each.updated_at))
                for each in await team_drafts.list_drafts(user)
            ]
        template = asked.get("template", "")
        if template in team_templates.templates() and not self.draft_id:
            await self._cast(user, template)
        await self._find("")
        await self._enter(user)
        self.is_loaded = True

    @rx.event
    async def resume(self, draft_id: str) -> None:
        """Go on with a draft that was offered."""
        user, wanted = await signed_in(self), id_in(str(draft_id))
        try:
            if wanted is None:
                raise NotFound
            await self._resume(user, wanted)
        except NotFound as error:
            await tell_error(self, error)
        self.offers = []
        await self._enter(user)

    @rx.event
    async def discard(self, draft_id: str) -> EventSpec | None:
        """Throw a draft away; the one at hand leads back to an empty form."""
        user, wanted = await signed_in(self), id_in(str(draft_id))
        if wanted:
            await team_drafts.discard(user, wanted)
        self.offers = [offer for offer in self.offers if offer.draft_id != draft_id]
        return rx.redirect("/teams/new") if draft_id == self.draft_id else None

    @rx.event
    async def go(self, to: int) -> None:
        """To another step: back always, forward as far as nothing is wrong."""
        user = await signed_in(self)
        if not isinstance(to, int) or not 1 <= to <= _LAST:
            return
        if to > self.step:
            self.tried = max(self.tried, to - 1)
            await self._check(user)
            to = min([to, *(trouble.step for trouble in self.troubles)])
        self.step, self.offers = to, []
        await self._enter(user)
        await self._keep(user)

    @rx.event
    async def set_prompt(self, prompt: str) -> None:
        user = await signed_in(self)
        self.prompt = str(prompt)[:LONGEST_TEXT]
        await self._keep(user)

    @rx.event
    async def create(self, then: str) -> Any:
        """Create the team; then look at it, run it, or watch it rehearse."""
        user = await signed_in(self)
        self.tried = _LAST
        body = await self._check(user)
        if body is None:
            self.step = self.troubles[0].step
            return
        self.is_creating = True
        yield
        try:
            team = await teams.create(user, body)
            self._is_done = True
            if draft_id := id_in(self.draft_id):
                await team_drafts.discard(user, draft_id)
            await tell(self, "teams.saved", name=team.name)
            yield rx.redirect(await self._next_page(user, str(team.team_id), then))
        except RenumError as error:
            await tell_error(self, error)
        finally:
            self.is_creating = False

    async def _next_page(self, user: CurrentUser, team_id: str, then: str) -> str:
        wanted = id_in(team_id)
        if then == "rehearse" and wanted and self.prompt.strip():
            request = ExecuteRequest(initial_prompt=self.prompt, overrides=Overrides(rehearsal=True))
            execution = await executions.start(user, wanted, request)
            return f"/executions/{execution.execution_id}"
        return f"/teams/{team_id}/execute" if then in ("run", "rehearse") else f"/teams/{team_id}"

    async def _enter(self, user: CurrentUser) -> None:
        """What a step shows that it does not keep up by itself."""
        body = await self._check(user)
        if self.step == _WORKFLOW:
            await self._open_flow(user)
        if self.step == _LAST:
            self.checks = checklist(self._draft, self.members)
            self.cost, self.seconds = await _estimate(user, body, self.prompt)


async def _estimate(user: CurrentUser, body: TeamWrite | None, prompt: str) -> tuple[Range, Range]:
    if body is None:
        return Range(), Range()
    try:
        found = await estimates.of_unsaved(user, body, ExecuteRequest(initial_prompt=prompt.strip() or _NO_PROMPT))
    except RenumError:
        return Range(), Range()  # the checklist says what is missing
    return range_of(found.cost_usd), range_of(found.seconds)
