"""A pipeline of Suna agents by REST alone, as another client runs it: the key, the team, the result and its cost."""

from __future__ import annotations

import pytest

from renum_app.settings import Settings
from tests.doubles.suna_server import Script, suna_server_in_thread
from tests.integration.suna import GENERATIONS
from tests.integration.test_suna_canary import NAMES, house

PER_STEP = (200, 40, (180 * 3 + 20 * 0.3 + 40 * 15) / 1_000_000)
"""Tokens in, tokens out and US$, as the double measures each run."""


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_a_pipeline_of_three_by_rest_has_text_tokens_and_cost(
    sqlite_db: str, settings: Settings, generation: str
) -> None:
    with suna_server_in_thread(generation) as server:
        for name in NAMES:
            server.agent(name, Script(reply=f"{name} entregou."))
        async with house(settings, server, key=server.key, is_own=True) as ana:
            listed = {each["name"]: each["agent_id"] for each in (await ana.get("/agents?limit=100")).json()["items"]}
            members = [
                {"agent_id": listed[name], "execution_order": place} for place, name in enumerate(NAMES, start=1)
            ]
            workflow = {"type": "pipeline", "agents": members}
            team_id = await ana.team(*(listed[name] for name in NAMES), workflow_definition=workflow)
            execution_id = await ana.execution(team_id)
            assert (await ana.ended(execution_id))["status"] == "completed"
            result = (await ana.get(f"/executions/{execution_id}/result")).json()

    assert result["final_result"]["summary"] == "Redatora entregou."
    assert [own["text"] for own in result["agent_results"].values()] == [f"{name} entregou." for name in NAMES]
    assert server.prompts[1:] == ["Pesquisadora entregou.", "Analista entregou."]
    tokens_in, tokens_out, cost_usd = PER_STEP
    usage, cost = result["usage_metrics"], result["cost_metrics"]
    assert (usage["input_tokens"], usage["output_tokens"]) == (3 * tokens_in, 3 * tokens_out)
    assert cost["total_cost_usd"] == pytest.approx(3 * cost_usd)
    assert server.world.runs_per_thread() == [1, 1, 1]
    assert server.violations == []
