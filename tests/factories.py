"""Things that are valid by default, put straight into the database."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from renum_app.auth import passwords, tokens
from renum_app.database import transaction
from renum_app.models.agent import Agent, Backend
from renum_app.models.api_token import ApiToken
from renum_app.models.approval import Approval, ApprovalMoment
from renum_app.models.notification import Notification
from renum_app.models.team import Team, TeamVersion
from renum_app.models.user import CurrentUser, Session, SessionKind, User
from renum_app.models.values import utc_now
from renum_app.settings import Settings

PASSWORD = "quiet river under stone"


async def user(**changes: Any) -> CurrentUser:
    """A person who cannot sign in with a password; sign in through the API where that matters."""
    values = {"email": f"{uuid4().hex}@example.com", "name": "Ana Souza", "password_hash": "!", **changes}
    row = User(**values)
    async with transaction() as session:
        session.add(row)
    return CurrentUser(user_id=row.user_id, email=row.email, name=row.name)


@cache
def password_hash() -> str:
    """Of `PASSWORD`; made once, because it takes a moment."""
    return passwords._hasher.hash(PASSWORD)


async def person(**changes: Any) -> CurrentUser:
    """Somebody who signs in with `PASSWORD`."""
    return await user(**{"password_hash": password_hash(), **changes})


async def agent(owner: CurrentUser, *, reply: str = "Feito.", seconds: float = 0.0, **changes: Any) -> Agent:
    """A rehearsal agent that answers at once."""
    script = {"reply": reply, "seconds": seconds, "first_token_seconds": 0.0}
    values = {"name": "Analista", "backend": Backend.REHEARSAL.value, "rehearsal": script, **changes}
    row = Agent(user_id=owner.user_id, **values)
    async with transaction() as session:
        session.add(row)
    return row


async def team(owner: CurrentUser, *agents: Agent, kind: str = "sequential", **changes: Any) -> Team:
    """A team of these agents, in this order."""
    row = Team(user_id=owner.user_id, **{**team_body(*(a.agent_id for a in agents), kind=kind), **changes})
    snapshot = {name: getattr(row, name) for name in ("name", "description", "agent_ids", "team_config")}
    version = TeamVersion(
        team_id=row.team_id, version=1, snapshot={**snapshot, "workflow_definition": row.workflow_definition}
    )
    async with transaction() as session:
        session.add(row)
        await session.flush()
        session.add(version)
    return row


async def approval(owner: CurrentUser, execution_id: UUID, *, step_id: str, **changes: Any) -> UUID:
    """An open approval of a step."""
    values = {"moment": ApprovalMoment.BEFORE.value, "text": "Compare os riscos.", **changes}
    row = Approval(execution_id=execution_id, user_id=owner.user_id, step_id=step_id, **values)
    async with transaction() as session:
        session.add(row)
    return row.approval_id


async def api_token(owner: CurrentUser, **changes: Any) -> UUID:
    """The id of an API token that nobody has."""
    values = {"name": "Robô", "token_hash": uuid4().hex, "hint": "xxxx", "scopes": ["teams:read"], **changes}
    row = ApiToken(user_id=owner.user_id, expires_at=utc_now() + timedelta(days=1), **values)
    async with transaction() as session:
        session.add(row)
    return row.token_id


async def notification(owner: CurrentUser, execution_id: UUID) -> UUID:
    """Something a person has not read yet."""
    row = Notification(user_id=owner.user_id, execution_id=execution_id, kind="failed", once=uuid4().hex)
    async with transaction() as session:
        session.add(row)
    return row.notification_id


def team_body(*agent_ids: str, kind: str = "sequential", **changes: Any) -> dict[str, Any]:
    """The body of `POST /teams`."""
    members = [{"agent_id": agent_id, "execution_order": place} for place, agent_id in enumerate(agent_ids, start=1)]
    return {
        "name": "Equipe de Análise",
        "description": "Equipe para análise de dados",
        "agent_ids": list(agent_ids),
        "workflow_definition": {"type": kind, "agents": members},
        **changes,
    }


async def access_token(person: CurrentUser, settings: Settings) -> str:
    """What `POST /auth/login` would give, without the second a password costs."""
    soon = utc_now() + timedelta(hours=1)
    row = Session(
        user_id=person.user_id,
        kind=SessionKind.API.value,
        token_hash=uuid4().hex,
        idle_expires=soon,
        absolute_expires=soon,
    )
    async with transaction() as session:
        session.add(row)
    return tokens.sign(user_id=person.user_id, session_id=row.session_id, role="user", settings=settings)
