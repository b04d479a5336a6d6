"""Executions in every state that a person may meet, made by the API for the pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.e2e.client import Client

_REPORT = "## Parecer de {name}\n\nA receita caiu **10,2 %** e a dívida subiu.\n\n1. Refinanciar.\n2. Rever prazos."
_BROKEN = [{"kind": "unreachable", "attempts": []}]


@dataclass(frozen=True)
class Scenes:
    """Where each state can be seen."""

    team: str
    asking: str
    starting: str
    """Asks before a step, without a deadline."""
    failed: str
    retried: str
    over_budget: str

    @property
    def pages(self) -> dict[str, str]:
        """By the name of the picture."""
        return {
            "dashboard-asks": "/",
            "approvals": "/approvals",
            "approval-after": f"/executions/{self.asking}",
            "approval-before": f"/executions/{self.starting}",
            "failed": f"/executions/{self.failed}",
            "retried": f"/executions/{self.retried}",
            "over-budget": f"/executions/{self.over_budget}",
            "estimate": f"/teams/{self.team}/execute",
            "team-approval": f"/teams/{self.team}",
            "team-edit": f"/teams/{self.team}/edit",
            "costs": "/settings/costs",
        }


def set_the_scenes(client: Client) -> Scenes:
    """One person's executions; the open approvals stay open."""
    names = ("Coletora", "Analista", "Redatora")
    after = {"requires_approval": "after", "approval": {"deadline_seconds": 86_400, "on_deadline": "approve"}}
    team = _team(client, "Análise financeira", names, Analista=after)
    asking = client.execute(team)
    jurists = _team(client, "Jurídico", ("Leitora", "Jurista"), Jurista={"requires_approval": "before"})
    starting = client.execute(jurists, prompt="Contrato 2231, revisão")
    broken = client.team(
        *(_agent(client, name) for name in names),
        _agent(client, "Revisora", faults=_BROKEN),
        kind="pipeline",
        name="Relatório de mercado",
    )
    failed = client.wait(client.execute(broken))["execution_id"]
    retried = client.wait(client.post(f"/executions/{failed}/retry")["execution_id"])["execution_id"]
    poor = client.team(
        *(_agent(client, name, input_tokens=600, output_tokens=200) for name in names), name="Pesquisa", max_tokens=900
    )
    over_budget = client.wait(client.execute(poor))["execution_id"]
    client.http.patch("/auth/me", json={"monthly_budget_usd": 20})
    client.http.put("/model-prices/openai:qwen3", json={"input_usd_per_million": 0.2, "output_usd_per_million": 1.5})
    return Scenes(team, asking, starting, failed, retried, over_budget)


def _agent(client: Client, name: str, **script: Any) -> str:
    return client.rehearsal_agent(name, **{"reply": _REPORT.format(name=name), "seconds": 0.3, **script})


def _team(client: Client, name: str, members: tuple[str, ...], **of_members: dict[str, Any]) -> str:
    agents = {member: _agent(client, member) for member in members}
    seats = [
        {"agent_id": agents[member], "execution_order": place, **of_members.get(member, {})}
        for place, member in enumerate(members, start=1)
    ]
    body = {
        "name": name,
        "agent_ids": list(agents.values()),
        "workflow_definition": {"type": "pipeline", "agents": seats},
        "team_config": {"max_cost_usd": 0.5, "monthly_budget_usd": 20},
    }
    return client.post("/teams", body)["team_id"]
