"""`POST /teams/{team_id}/estimate`: the shape other clients are written against."""

from __future__ import annotations

from renum_app.engine.dispatch.in_process import InProcessDispatcher
from tests.integration.people import Person

PROMPT = {"initial_prompt": "Analise"}


async def test_a_team_is_estimated_by_theory_and_after_three_executions_by_history(
    ana: Person, engine: InProcessDispatcher
) -> None:
    team_id = await ana.team(await ana.agent(), await ana.agent())
    first = await ana.post(f"/teams/{team_id}/estimate", PROMPT)
    assert first.status_code == 200, first.text
    assert first.json() == {
        "cost_usd": {"p50": 0, "p90": 0, "basis": "theory"},
        "seconds": {"p50": None, "p90": None, "basis": "theory"},
    }
    for _ in range(3):
        await ana.ended(await ana.execution(team_id))
    known = (await ana.post(f"/teams/{team_id}/estimate", PROMPT)).json()
    assert known["cost_usd"] == {"p50": 0, "p90": 0, "basis": "history"}
    assert known["seconds"]["basis"] == "history"
    assert 0 <= known["seconds"]["p50"] <= known["seconds"]["p90"]
    assert (await ana.get("/executions")).json()["total"] == 3, "an estimate starts nothing"


async def test_a_body_nobody_can_use_names_its_field(ana: Person) -> None:
    team_id = await ana.team(await ana.agent())
    for body, field in (({}, "initial_prompt"), ({"initial_prompt": " "}, "initial_prompt"), ({**PROMPT, "x": 1}, "x")):
        answer = await ana.post(f"/teams/{team_id}/estimate", body)
        assert answer.status_code == 422
        assert answer.json()["error"]["details"]["fields"][0]["field"] == field
