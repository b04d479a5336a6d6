"""What administrators can do, and that for everybody else it is not there."""

from __future__ import annotations

import httpx

from renum_app.models.user import UserRole
from renum_app.settings import Settings
from tests import factories
from tests.integration.people import Person


async def test_for_others_stop_all_looks_like_a_path_that_is_not_there(ana: Person) -> None:
    execution = await ana.execution(await ana.team(await ana.agent()))
    same = {"X-Request-ID": "same"}
    for body in ({}, {"reason": "x"}, {"nonsense": 1}):
        answers = [await ana.ask("POST", f"/admin/{path}", json=body, headers=same) for path in ("stop-all", "none")]
        assert [answer.status_code for answer in answers] == [404, 404]
    assert not (await ana.get(f"/executions/{execution}/status")).json()["stopping"]


async def test_an_administrator_stops_everybodys_executions_once(
    http: httpx.AsyncClient, settings: Settings, ana: Person, bruno: Person
) -> None:
    boss = await factories.user(role=UserRole.ADMIN.value)
    admin = Person(http, boss, await factories.access_token(boss, settings))
    for person in (ana, bruno):
        team = await person.team(await person.agent())
        for _ in range(2):
            await person.execution(team)

    first = await admin.post("/admin/stop-all", {"reason": "Manutenção"})
    second = await admin.post("/admin/stop-all", {})
    assert (first.status_code, first.json()) == (200, {"ordered": 4})
    assert second.json() == {"ordered": 0}
    assert (await admin.post("/admin/stop-all", {"pause": True})).status_code == 422
