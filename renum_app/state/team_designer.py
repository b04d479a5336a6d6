"""A known team in the designer: loading it, hearing of every edit, saving a new version of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx
from pydantic import ValidationError
from reflex.event import EventSpec

from renum_app.errors import Invalid, NotFound, Outdated
from renum_app.models.team import TeamRead, TeamWrite
from renum_app.models.user import CurrentUser
from renum_app.services import teams
from renum_app.state.address import id_in, id_in_path
from renum_app.state.draft import Draft, Problem, SeatableAgent, Seen, blank, draft_of, problems_in, seatable, seen_in
from renum_app.state.notices import tell
from renum_app.state.session import signed_in

_LONGEST_NAME = 200


class TeamDesigner(rx.State):
    is_loaded: bool = False
    is_missing: bool = False
    team_id: str = ""
    name: str = ""
    version: int = 0
    value: Draft = {}
    revision: int = 0
    saved: int = 0
    agents: list[SeatableAgent] = []
    problems: list[Problem] = []
    seen: list[Seen] = []
    theirs: int = 0
    """The version that somebody saved meanwhile; 0 while nobody did."""
    _draft: Draft = {}
    """The last draft this tab told of."""

    @rx.event
    async def load(self) -> AsyncIterator[None]:
        """The team that the address names."""
        user = await signed_in(self)
        wanted = id_in_path(self.router.url.path, after="teams")
        revision = self.revision
        self.reset()
        self.value, self.revision = blank(), revision
        yield
        try:
            if wanted is None:
                raise NotFound
            team = await teams.get(user, wanted)
        except NotFound:
            self.is_missing = True
            return
        await self._open(user, team)
        self.is_loaded = True

    @rx.event
    async def changed(self, draft: dict[str, Any]) -> None:
        """A gesture is over: say what its outcome lacks."""
        user = await signed_in(self)
        self._draft = draft if isinstance(draft, dict) else {}
        self.problems = await problems_in(user, self._draft)

    @rx.event
    async def save(self, draft: dict[str, Any]) -> None:
        """Store the draft as the next version, unless somebody stored one meanwhile."""
        user = await signed_in(self)
        self._draft = draft if isinstance(draft, dict) else {}
        await self._save(user, if_match=self.version)

    @rx.event
    async def keep_mine(self) -> None:
        """Store this tab's draft over the version that came in between, and over no later one."""
        await self._save(await signed_in(self), if_match=self.theirs)

    @rx.event
    async def take_theirs(self) -> None:
        """Give this tab's draft up for the version that came in between."""
        user = await signed_in(self)
        if team_id := id_in(self.team_id):
            await self._open(user, await teams.get(user, team_id))

    @rx.event
    async def save_apart(self) -> AsyncIterator[EventSpec | None]:
        """Store this tab's draft as a team of its own, and go there."""
        user = await signed_in(self)
        name = str(self._draft.get("name") or self.name)[: _LONGEST_NAME - 4]
        try:
            made = await teams.create(user, TeamWrite.model_validate({**self._draft, "name": f"{name} (2)"}))
        except (ValidationError, Invalid):
            self.problems = await problems_in(user, self._draft)
            return
        self.theirs = 0
        self.saved += 1
        await tell(self, "teams.saved", name=made.name)
        # First the page learns that nothing is unsaved, then it may be left.
        yield
        yield rx.redirect(f"/teams/{made.team_id}")

    async def _save(self, user: CurrentUser, *, if_match: int) -> None:
        team_id = id_in(self.team_id)
        try:
            body = TeamWrite.model_validate(self._draft)
            if team_id is None:
                raise NotFound
            team = await teams.update(user, team_id, body, if_match=if_match)
        except Outdated as error:
            self.theirs = int(error.details["version"])
            return
        except (ValidationError, Invalid):
            self.problems = await problems_in(user, self._draft)
            await tell(self, "designer.not_saved", "warning")
            return
        self.name, self.version, self.theirs, self.problems = team.name, team.version, 0, []
        self.saved += 1
        await tell(self, "designer.saved_as", name=team.name, version=team.version)

    async def _open(self, user: CurrentUser, team: TeamRead) -> None:
        self.team_id, self.name, self.version, self.theirs = str(team.team_id), team.name, team.version, 0
        self._draft = self.value = draft_of(team)
        self.revision += 1
        self.agents = await seatable(user, team.agent_ids)
        self.problems = await problems_in(user, self._draft)
        self.seen = await seen_in(user, team.team_id)
