"""What the designer is told of a draft, on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from renum_app.services import teams
from renum_app.state.draft import blank, draft_of, problems_in, seatable, seen_in
from tests import factories

pytestmark = pytest.mark.usefixtures("db", "live_objects")


def told(problems: list[Any]) -> dict[str, str]:
    return {problem.path: problem.message.key for problem in problems}


async def test_a_team_nobody_has_begun_lacks_a_name_and_members() -> None:
    ana = await factories.user()
    wanted = {"name": "forms.too_short", "workflow_definition.agents": "teams.no_members"}
    assert told(await problems_in(ana, blank())) == wanted


@pytest.mark.parametrize("sent", ["text", [], None, {"workflow_definition": 5}, {"name": {"a": [1]}}])
async def test_whatever_a_browser_sends_is_answered_with_problems(sent: object) -> None:
    assert await problems_in(await factories.user(), sent)


async def test_problems_come_in_the_order_of_the_members() -> None:
    ana = await factories.user()
    agent = await factories.agent(ana)
    draft = factories.team_body(*[agent.agent_id] * 12)
    for place, member in enumerate(draft["workflow_definition"]["agents"]):
        member |= {"step_id": f"s{place}", "on_failure": "fallback"}
    draft["agent_ids"] = [agent.agent_id]
    paths = [problem.path for problem in await problems_in(ana, draft)]
    assert paths == [f"workflow_definition.agents.{place}.fallback_agent_id" for place in range(12)]


async def test_the_agent_of_another_is_nobody() -> None:
    ana, bruno = await factories.user(), await factories.user()
    theirs = await factories.agent(bruno)
    draft = factories.team_body(theirs.agent_id)
    assert told(await problems_in(ana, draft)) == {"workflow_definition.agents.0.agent_id": "problems.unknown_agent"}
    assert await seatable(ana, [theirs.agent_id]) == []


async def test_a_stored_team_is_a_draft_without_problems_and_has_seen_nothing_before_it_ran() -> None:
    ana = await factories.user()
    agent = await factories.agent(ana, name="Bia")
    team = await factories.team(ana, agent)
    draft = draft_of(await teams.get(ana, team.team_id))
    assert await problems_in(ana, draft) == []
    assert [each.name for each in await seatable(ana)] == ["Bia"]
    assert await seen_in(ana, team.team_id) == []
