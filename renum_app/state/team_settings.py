"""The settings of one team in one tab: its words, whether it is on, and how far it may go; not its flow."""

from __future__ import annotations

from typing import Any

import reflex as rx
from pydantic import ValidationError

from renum_app.errors import NotFound, Outdated, RenumError
from renum_app.models.team import TeamRead, TeamWrite
from renum_app.services import teams
from renum_app.state.address import id_in, id_in_path
from renum_app.state.notices import tell, tell_error
from renum_app.state.sentence import Sentence, problems_of
from renum_app.state.session import signed_in
from renum_app.state.wizard_draft import number
from renum_app.state.wizard_view import LIMITS, shown

_CHECKED = ("on", "True", "true", True)


class TeamSettings(rx.State):
    shown_id: str = ""
    version: int = 0
    name: str = ""
    description: str = ""
    is_active: bool = True
    limits: dict[str, str] = {}
    problems: dict[str, Sentence] = {}
    is_outdated: bool = False

    @rx.event
    async def load(self) -> None:
        """Those of the team that the address names."""
        user = await signed_in(self)
        wanted = id_in_path(self.router.url.path, after="teams")
        self.reset()
        if wanted is None:
            return
        try:
            self._show(await teams.get(user, wanted))
        except NotFound:
            return  # the page says so

    @rx.event
    async def save(self, form: dict[str, Any]) -> rx.event.EventSpec | None:
        """Store what was filled in as a new version, or say by field what is wrong with it."""
        user, team_id = await signed_in(self), id_in(self.shown_id)
        if team_id is None or not isinstance(form, dict):
            return None
        self.problems = {}

        def filled(team: TeamWrite) -> TeamWrite:
            limits = {name: number(str(form.get(name, ""))[:100]) for name in LIMITS}
            words = {"name": str(form.get("name", "")).strip(), "description": str(form.get("description", "")).strip()}
            body = {**team.model_dump(mode="json"), **words, "is_active": form.get("is_active") in _CHECKED}
            body["team_config"] = {**body["team_config"], **limits}
            return TeamWrite.model_validate({**body, "description": words["description"] or None})

        try:
            team = await teams.change(user, team_id, filled, if_match=self.version)
        except Outdated:
            self.is_outdated = True
            return None
        except (ValidationError, RenumError) as error:
            self.problems = {path.rsplit(".", 1)[-1]: each for path, each in problems_of(error).items()}
            return None
        await tell(self, "designer.saved_as", name=team.name, version=team.version)
        return rx.redirect(f"/teams/{team_id}?tab=settings")

    @rx.event
    async def duplicate(self) -> rx.event.EventSpec | None:
        """The same team once more, under another name."""
        user, team_id = await signed_in(self), id_in(self.shown_id)
        if team_id is None:
            return None
        team = await teams.get(user, team_id)
        body = {name: getattr(team, name) for name in TeamWrite.model_fields}
        try:
            made = await teams.create(user, TeamWrite.model_validate({**body, "name": f"{team.name[:190]} (2)"}))
        except RenumError as error:
            await tell_error(self, error)
            return None
        await tell(self, "teams.saved", name=made.name)
        return rx.redirect(f"/teams/{made.team_id}")

    def _show(self, team: TeamRead) -> None:
        self.shown_id, self.version = str(team.team_id), team.version
        self.name, self.description, self.is_active = team.name, team.description or "", team.is_active
        self.limits = {name: shown(getattr(team.team_config, name)) for name in LIMITS}
