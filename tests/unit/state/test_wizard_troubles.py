"""What is wrong in the wizard, by step and field."""

from __future__ import annotations

from renum_app.state.draft import blank
from renum_app.state.sentence import Sentence
from renum_app.state.wizard_draft import with_agent, with_config, with_member
from renum_app.state.wizard_troubles import troubles
from renum_app.state.wizard_view import KnownAgent, checklist, rows_of

MEMBERS = [{"agent_id": "ana"}, {"agent_id": "bia", "step_id": "escrita"}]


def placed(*paths: str) -> list[tuple[int, str, str]]:
    found = troubles({path: Sentence("x") for path in paths}, MEMBERS, {"escrita": "Bia"})
    return [(each.step, each.target, each.who) for each in found]


def test_each_field_belongs_to_the_step_that_shows_it():
    agents = "workflow_definition.agents"
    assert placed(
        f"{agents}.1.retry.max_attempts",
        "team_config.max_cost_usd",
        "team_config.variables.0.name",
        f"{agents}.1.input.agent_id",
        f"{agents}.0.agent_id",
        "agent_ids.0",
        "name",
    ) == [
        (1, "name", ""),
        (2, "agent_search", "ana"),
        (3, "workflow-escrita-input", "Bia"),
        (4, "attempts-escrita", "Bia"),
        (4, "max_cost_usd", ""),
        (4, "variable_name_0", ""),
    ]


def test_a_team_of_nobody_is_told_once():
    found = troubles({"workflow_definition.agents": Sentence("x"), "name": Sentence("y")}, [], {})
    assert [(each.step, each.sentence.key) for each in found] == [(1, "y"), (2, "teams.no_members")]


def test_the_checklist_warns_of_keys_that_lack_and_of_a_team_without_a_cap():
    draft = with_member(with_agent(with_agent(blank(), "ana"), "bia"), "bia", requires_approval="before")
    agents = {"ana": KnownAgent("Ana", "openai:gpt", "local", service="openai", lacks_key=True)}
    found = checklist(draft, rows_of(draft, agents))
    assert [(each.tone, each.sentence.key.rsplit(".", 1)[-1]) for each in found] == [
        ("success", "members"),
        ("success", "sequential"),
        ("warning", "no_key"),
        ("warning", "no_cap"),
        ("info", "approvals"),
    ]
    capped = checklist(with_config(draft, max_cost_usd=0.5, variables=[{"name": "region"}]), [])
    assert [each.sentence.key.rsplit(".", 1)[-1] for each in capped[2:]] == ["keys", "cap", "no_approvals", "variables"]
