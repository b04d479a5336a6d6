"""Every template is a team that can be created as it is, in both languages, and runs without a key."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from renum_app.errors import NotFound
from renum_app.i18n import LOCALES, Locale
from renum_app.models.agent import Backend
from renum_app.services import agents, team_templates, teams
from tests import factories
from tests.integration.people import Person

pytestmark = pytest.mark.usefixtures("live_objects")


@pytest.mark.parametrize("locale", LOCALES)
async def test_every_template_is_a_team_that_can_be_created(db: str, locale: Locale) -> None:
    ana = await factories.user()
    assert len(team_templates.templates()) == 6
    for key in team_templates.templates():
        body = await team_templates.cast(ana, key, locale=locale)
        assert await teams.check(ana, body) == [], key
        assert (await teams.create(ana, body)).name == body.name
    made = (await agents.list_agents(ana, limit=100)).items
    assert {agent.backend for agent in made} == {Backend.REHEARSAL}


async def test_an_agent_that_is_there_already_is_not_made_twice(db: str) -> None:
    ana = await factories.user()
    first = await team_templates.cast(ana, "finance", locale="en")
    again = await team_templates.cast(ana, "finance", locale="en")
    assert first.agent_ids == again.agent_ids
    assert (await agents.list_agents(ana)).total == len(first.agent_ids) == 6


async def test_what_is_no_template_is_not_found(db: str) -> None:
    with pytest.raises(NotFound):
        await team_templates.cast(await factories.user(), "nothing", locale="en")


async def test_the_conditional_one_runs_the_branch_that_its_figure_asks_for(ana: Person, engine: object) -> None:
    body = await team_templates.cast(ana.user, "finance", locale="pt-BR")
    team = await teams.create(ana.user, body)
    for agent_id in team.agent_ids:
        agent = (await ana.get(f"/agents/{agent_id}")).json()
        script = {**agent["rehearsal"], "seconds": 0, "first_token_seconds": 0}
        kept: Sequence[str] = ("name", "instructions", "backend")
        await ana.ask("PUT", f"/agents/{agent_id}", json={**{k: agent[k] for k in kept}, "rehearsal": script})
    ended = await ana.ended(await ana.execution(str(team.team_id)))
    statuses = {step["step_id"]: step["status"] for step in ended["steps"]}
    assert ended["status"] == "completed"
    assert (statuses["risks"], statuses["growth"], statuses["reporter"]) == ("completed", "skipped", "completed")
