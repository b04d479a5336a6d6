"""The versions of a team through the REST front door: read, compared by number, restored."""

from __future__ import annotations

from tests import factories
from tests.integration.people import Person


async def test_versions_are_listed_newest_first_as_they_were_saved(ana: Person) -> None:
    first, second = await ana.agent(), await ana.agent(name="Redator")
    team_id = await ana.team(first, name="Um")
    for name in ("Dois", "Três"):
        await ana.ask("PUT", f"/teams/{team_id}", json=factories.team_body(first, second, name=name))
    listed = (await ana.get(f"/teams/{team_id}/versions?limit=2")).json()
    assert (listed["total"], listed["pages"]) == (3, 2)
    assert [(each["version"], each["name"], each["is_current"]) for each in listed["items"]] == [
        (3, "Três", True),
        (2, "Dois", False),
    ]
    oldest = (await ana.get(f"/teams/{team_id}/versions?limit=2&page=2")).json()["items"][0]
    assert (oldest["version"], oldest["agent_ids"]) == (1, [first])
    assert oldest["workflow_definition"]["agents"][0]["agent_id"] == first
    assert oldest["created_at"].endswith("Z")


async def test_restoring_is_a_new_version_with_the_old_content(ana: Person) -> None:
    first, second = await ana.agent(), await ana.agent(name="Redator")
    team_id = await ana.team(first, name="Um", description=None, team_config={"max_tokens": 500})
    changed = factories.team_body(first, second, name="Dois", is_active=False)
    await ana.ask("PUT", f"/teams/{team_id}", json=changed)
    restored = await ana.post(f"/teams/{team_id}/versions/1/restore", headers={"If-Match": '"2"'})
    team = restored.json()
    assert (restored.status_code, restored.headers["ETag"], team["version"]) == (200, '"3"', 3)
    assert (team["name"], team["description"], team["agent_ids"]) == ("Um", None, [first])
    assert team["team_config"]["max_tokens"] == 500
    assert team["is_active"] is False, "whether a team is switched on is no part of a version"
    assert (await ana.get(f"/teams/{team_id}/versions")).json()["total"] == 3


async def test_a_lost_update_cannot_be_restored_over(ana: Person) -> None:
    agent_id = await ana.agent()
    team_id = await ana.team(agent_id)
    await ana.ask("PUT", f"/teams/{team_id}", json=factories.team_body(agent_id, name="Dois"))
    refused = await ana.post(f"/teams/{team_id}/versions/1/restore", headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["error"]["code"]) == (412, "outdated")
    assert (await ana.get(f"/teams/{team_id}")).json()["name"] == "Dois"


async def test_a_version_whose_agent_is_gone_is_refused_by_name(ana: Person) -> None:
    gone, kept = await ana.agent(), await ana.agent()
    team_id = await ana.team(gone)
    await ana.ask("PUT", f"/teams/{team_id}", json=factories.team_body(kept))
    await ana.ask("DELETE", f"/agents/{gone}")
    refused = await ana.post(f"/teams/{team_id}/versions/1/restore")
    assert refused.status_code == 422
    assert refused.json()["error"]["details"]["fields"][0]["code"] == "unknown_agent"


async def test_versions_that_are_not_there_and_teams_of_others_are_not_found(ana: Person, bruno: Person) -> None:
    team_id = await ana.team(await ana.agent())
    assert (await ana.post(f"/teams/{team_id}/versions/2/restore")).status_code == 404
    assert (await ana.post(f"/teams/{team_id}/versions/0/restore")).status_code == 422
    assert (await bruno.get(f"/teams/{team_id}/versions")).status_code == 404
    assert (await bruno.post(f"/teams/{team_id}/versions/1/restore")).status_code == 404
    assert (await ana.get(f"/teams/{team_id}")).json()["version"] == 1
