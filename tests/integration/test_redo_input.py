"""What a step was given to read, as a fork with another input begins with it."""

from __future__ import annotations

from uuid import UUID

import pytest

from renum_app.errors import NotFound
from renum_app.services.redo_input import input_of
from tests import factories
from tests.integration.people import Person


async def test_one_source_is_its_text_and_several_are_sections(ana: Person, bruno: Person, engine: object) -> None:
    first, second, third = [await ana.agent(name=name) for name in ("Um", "Dois", "Três")]
    body = factories.team_body(first, second, third)
    reads = {"source": "agent_result", "agent_id": first}
    body["workflow_definition"]["agents"][1]["input"] = reads
    team_id = (await ana.post("/teams", body)).json()["team_id"]
    execution_id = await ana.execution(team_id, "Analise os dados")
    await ana.ended(execution_id)
    known = UUID(execution_id)
    assert await input_of(ana.user, known, first) == "Analise os dados"
    assert await input_of(ana.user, known, second) == "Feito."
    last = await input_of(ana.user, known, third)
    assert last.count("Feito.") == 2
    assert "Analise os dados" in last
    assert last.startswith("## ")
    for person, step_id in ((bruno, first), (ana, "nobody")):
        with pytest.raises(NotFound):
            await input_of(person.user, known, step_id)
