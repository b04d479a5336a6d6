"""Variables that a team declares: what they may be, and what an execution takes where it gives none."""

from __future__ import annotations

from tests import factories
from tests.integration.people import Person

VARIABLES = [{"name": "region", "description": "Sigla", "default": "BR"}, {"name": "limite", "default": 3}]


async def test_an_execution_takes_the_defaults_of_what_it_does_not_give(ana: Person) -> None:
    team_id = await ana.team(await ana.agent(), team_config={"variables": [*VARIABLES, {"name": "ano"}]})
    body = {"initial_prompt": "Analise", "variables": {"limite": None, "outra": 1}}
    started = (await ana.post(f"/teams/{team_id}/execute", body)).json()
    assert started["variables"] == {"region": "BR", "limite": None, "outra": 1}
    team = (await ana.get(f"/teams/{team_id}")).json()
    assert [each["name"] for each in team["team_config"]["variables"]] == ["region", "limite", "ano"]


async def test_a_variable_has_a_plain_name_and_one_place(ana: Person) -> None:
    agent_id = await ana.agent()
    for name in ("", "a.b", "2a", "a b"):
        body = factories.team_body(agent_id, team_config={"variables": [{"name": name}]})
        assert (await ana.post("/teams", body)).status_code == 422, name
    twice = factories.team_body(agent_id, team_config={"variables": [VARIABLES[0], VARIABLES[0]]})
    refused = (await ana.post("/teams", twice)).json()["error"]["details"]["fields"]
    assert [(each["field"], each["code"]) for each in refused] == [
        ("team_config.variables.1.name", "duplicate_variable")
    ]
