"""The versions of one team in one tab: what each changed, two of them compared, an old one made the newest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import reflex as rx
from reflex.event import EventSpec

from renum_app.errors import Invalid, NotFound, RenumError
from renum_app.models.team import TeamVersionRead
from renum_app.models.user import CurrentUser
from renum_app.models.values import iso
from renum_app.services import team_versions
from renum_app.state.address import id_in, id_in_path
from renum_app.state.notices import tell, tell_error
from renum_app.state.sentence import Sentence
from renum_app.state.session import signed_in
from renum_app.state.team_changes import Change, changes
from renum_app.state.team_keys import known_by_id

_SHOWN = 50


@dataclass(frozen=True)
class VersionRow:
    version: int
    saved_at: str
    is_current: bool
    is_first: bool
    changes: list[Change]
    """From the version before."""


class TeamVersions(rx.State):
    shown_id: str = ""
    rows: list[VersionRow] = []
    before: str = ""
    after: str = ""
    """The two that are compared, as their choice has them; empty: none."""
    compared: list[Change] = []
    refusal: Sentence = Sentence()
    _known: list[TeamVersionRead] = []
    _names: dict[str, str] = {}

    @rx.event
    async def load(self) -> None:
        """Those of the team that the address names, where it asks for them."""
        user = await signed_in(self)
        wanted = id_in_path(self.router.url.path, after="teams")
        self.reset()
        if wanted is None or self.router.url.query_parameters.get("tab") != "versions":
            return
        try:
            self._known = (await team_versions.list_versions(user, wanted, limit=_SHOWN)).items
        except NotFound:
            return  # the page says so
        self.shown_id = str(wanted)
        self._names = await _names_in(user, self._known)
        pairs = zip(self._known, [*self._known[1:], None], strict=True)
        self.rows = [self._row(version, earlier) for version, earlier in pairs]

    @rx.event
    async def compare(self, which: str, version: str) -> None:
        """Choose one of the two; with both, what differs is shown."""
        await signed_in(self)
        if which in ("before", "after"):
            setattr(self, which, str(version)[:9])
        by_number = {str(each.version): each for each in self._known}
        two = by_number.get(self.before), by_number.get(self.after)
        self.compared = changes(two[0], two[1], self._names) if two[0] and two[1] else []

    @rx.event
    async def restore(self, version: int) -> EventSpec | None:
        """Save the team as that version left it."""
        user, team_id = await signed_in(self), id_in(self.shown_id)
        if team_id is None or not isinstance(version, int) or not self._known:
            return None
        try:
            team = await team_versions.restore(user, team_id, version, if_match=self._known[0].version)
        except Invalid as error:
            self.refusal = Sentence.of_problem(error.problems[0])
            return None
        except RenumError as error:
            await tell_error(self, error)
            return None
        await tell(self, "teams.restored", version=version, now=team.version)
        return rx.redirect(f"/teams/{team_id}")

    def _row(self, version: TeamVersionRead, earlier: TeamVersionRead | None) -> VersionRow:
        return VersionRow(
            version.version,
            iso(version.created_at),
            is_current=version.is_current,
            is_first=version.version == 1,
            changes=changes(earlier, version, self._names) if earlier else [],
        )


async def _names_in(user: CurrentUser, versions: Iterable[TeamVersionRead]) -> dict[str, str]:
    """The agents that sit in any of them, by id."""
    seated = {member.agent_id for each in versions for member in each.workflow_definition.agents}
    return {agent_id: agent.name or agent_id for agent_id, agent in (await known_by_id(user, seated)).items()}
