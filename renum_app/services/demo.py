"""The demo: one account with three rehearsal agents and two teams, made on first use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from renum_app.database import reading, transaction
from renum_app.errors import Conflict
from renum_app.models.agent import Agent, Backend, RehearsalScript
from renum_app.models.team import TeamWrite
from renum_app.models.user import NO_PASSWORD, User
from renum_app.models.workflow import InputSource, Member, MemberRole, StepInput, WorkflowDefinition, WorkflowType
from renum_app.repositories import agents, teams, users

EMAIL = "demo@renum.example"
"""A domain kept for examples: nobody can own it, and address checks accept it."""
_CONTENT = Path(__file__).with_name("demo_content")


@dataclass(frozen=True)
class _Part:
    """One agent of the demo."""

    file: str
    name: str
    description: str
    instructions: str
    seconds: float


_PARTS = (
    _Part(
        "pesquisadora.md",
        "Pesquisadora de mercado",
        "Levanta números, perfis e sinais de um mercado.",
        "Você é pesquisadora de mercado. Reúna os fatos, organize-os em tabelas e diga o que falta saber.",
        6.5,
    ),
    _Part(
        "analista.md",
        "Analista financeiro",
        "Transforma fatos em margem, sensibilidade e riscos.",
        "Você é analista financeiro. Calcule a economia do negócio e ordene os riscos por gravidade.",
        7.0,
    ),
    _Part(
        "redatora.md",
        "Redatora executiva",
        "Escreve o relatório que a diretoria lê em dois minutos.",
        "Você é redatora executiva. Comece pela recomendação, use frases curtas e termine em próximos passos.",
        7.5,
    ),
)


async def account() -> User:
    """The demo account, with its content."""
    async with reading() as session:
        user = await users.by_email(session, EMAIL)
    return user or await _make()


async def _make() -> User:
    user = User(email=EMAIL, name="Demonstração", password_hash=NO_PASSWORD, is_demo=True)
    try:
        async with transaction() as session:
            await users.add(session, user)
            rows = [_agent(user.user_id, part) for part in _PARTS]
            for row in rows:
                await agents.add(session, row)
            for body in _teams([row.agent_id for row in rows]):
                await teams.add(session, teams.row_of(body, owner=user.user_id))
    except Conflict:  # another tab made it at the same moment
        return await account()
    return user


def _agent(user_id: UUID, part: _Part) -> Agent:
    script = RehearsalScript(reply=(_CONTENT / part.file).read_text(encoding="utf-8"), seconds=part.seconds)
    return Agent(
        user_id=user_id,
        name=part.name,
        description=part.description,
        instructions=part.instructions,
        backend=Backend.REHEARSAL.value,
        rehearsal=script.model_dump(mode="json"),
    )


def _teams(agent_ids: list[str]) -> list[TeamWrite]:
    researcher, analyst, writer = agent_ids
    chain = [
        Member(agent_id=researcher, role=MemberRole.LEADER, execution_order=1, input=_PROMPT),
        Member(agent_id=analyst, execution_order=2, input=_result_of(researcher)),
        Member(agent_id=writer, role=MemberRole.COORDINATOR, execution_order=3),
    ]
    return [
        TeamWrite(
            name="Três olhares ao mesmo tempo",
            description="Os três agentes leem o mesmo pedido em paralelo; cada um responde do seu ponto de vista.",
            agent_ids=agent_ids,
            workflow_definition=WorkflowDefinition(
                type=WorkflowType.PARALLEL, agents=[Member(agent_id=agent_id, input=_PROMPT) for agent_id in agent_ids]
            ),
        ),
        TeamWrite(
            name="Relatório de mercado",
            description="Pesquisa, análise e redação em sequência: cada passo lê o anterior.",
            agent_ids=agent_ids,
            workflow_definition=WorkflowDefinition(type=WorkflowType.SEQUENTIAL, agents=chain),
        ),
    ]


_PROMPT = StepInput(source=InputSource.INITIAL_PROMPT)


def _result_of(step_id: str) -> StepInput:
    return StepInput(source=InputSource.AGENT_RESULT, agent_id=step_id)
