"""What routes ask for: who is calling, ids that exist, pages of lists."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from renum_app.api import rates
from renum_app.api.language import locale_of
from renum_app.errors import Forbidden, NotFound, Unauthenticated
from renum_app.i18n import Locale
from renum_app.models.api_token import Scope
from renum_app.models.user import CurrentUser, UserRole
from renum_app.models.values import Text
from renum_app.services import sessions

SESSION = "session"
"""In the place of a scope: no API token is enough, whatever its scopes."""

_BEARER = """An access token of `POST /auth/login`, or an API token. A route names the scope that an API token needs for
it; `session` says that none is enough; where nothing is named any token will do."""
_bearer = HTTPBearer(auto_error=False, description=_BEARER)


async def bearer_token(given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> str:
    """The token of the call; the session cookie is no credential here, so no other site can use it."""
    if given is None:
        raise Unauthenticated
    return given.credentials


async def visitor(request: Request) -> None:
    """Whoever is calling, where nobody need be signed in."""
    await rates.admit(request, None)


async def known(request: Request, token: str) -> CurrentUser:
    """Who is calling.

    Raises:
        Unauthenticated: Nobody, or with a token that is not valid.
        TooMany: They, or their network, call too often.
    """
    try:
        user = await sessions.user_of_bearer(token)
    except Unauthenticated:
        await rates.admit(request, None)
        raise
    await rates.admit(request, user)
    return user


async def caller(request: Request, needed: SecurityScopes, token: Annotated[str, Depends(bearer_token)]) -> CurrentUser:
    """Who is calling, if what they show is enough for the route.

    Raises:
        NotFound: The route is for administrators only; for others it is not there.
        Forbidden: An API token lacks the scope.
    """
    user = await known(request, token)
    if Scope.ADMIN in needed.scopes and user.role is not UserRole.ADMIN:
        raise NotFound
    for scope in needed.scopes:
        require(user, scope)
    return user


def require(user: CurrentUser, scope: str) -> None:
    """Let pass who is signed in, and an API token with that scope.

    Raises:
        Forbidden: An API token without it.
    """
    if scope == SESSION and user.scopes is not None:
        raise Forbidden("session_required")
    if scope != SESSION and not user.may(Scope(scope)):
        raise Forbidden("missing_scope", details={"scope": scope}, scope=scope)


def known_uuid(value: str) -> UUID:
    """The id in a path; what is no id is not there.

    Raises:
        NotFound: It is no UUID.
    """
    try:
        return UUID(value)
    except ValueError:
        raise NotFound from None


def _team_id(team_id: str) -> UUID:
    return known_uuid(team_id)


def _execution_id(execution_id: str) -> UUID:
    return known_uuid(execution_id)


def _approval_id(approval_id: str) -> UUID:
    return known_uuid(approval_id)


def _notification_id(notification_id: str) -> UUID:
    return known_uuid(notification_id)


def _api_token_id(token_id: str) -> UUID:
    return known_uuid(token_id)


def _person_id(user_id: str) -> UUID:
    return known_uuid(user_id)


def client_ip(request: Request) -> str:
    """Where the call comes from, as the edge found it out."""
    return request.scope["renum_address"]


def user_agent(request: Request) -> str:
    return request.headers.get("user-agent", "")


# Every route takes one of these, and by that says what it needs.
Visitor = Depends(visitor)
Anyone = Annotated[CurrentUser, Security(caller)]
Owner = Annotated[CurrentUser, Security(caller, scopes=[SESSION])]
ReadsTeams = Annotated[CurrentUser, Security(caller, scopes=[Scope.TEAMS_READ.value])]
WritesTeams = Annotated[CurrentUser, Security(caller, scopes=[Scope.TEAMS_WRITE.value])]
ReadsExecutions = Annotated[CurrentUser, Security(caller, scopes=[Scope.EXECUTIONS_READ.value])]
RunsExecutions = Annotated[CurrentUser, Security(caller, scopes=[Scope.EXECUTIONS_RUN.value])]
ReadsAgents = Annotated[CurrentUser, Security(caller, scopes=[Scope.AGENTS_READ.value])]
WritesAgents = Annotated[CurrentUser, Security(caller, scopes=[Scope.AGENTS_WRITE.value])]
WritesKeys = Annotated[CurrentUser, Security(caller, scopes=[Scope.KEYS_WRITE.value])]
Administrator = Annotated[CurrentUser, Security(caller, scopes=[Scope.ADMIN.value])]

Token = Annotated[str, Depends(bearer_token)]
TeamId = Annotated[UUID, Depends(_team_id)]
ExecutionId = Annotated[UUID, Depends(_execution_id)]
ApprovalId = Annotated[UUID, Depends(_approval_id)]
NotificationId = Annotated[UUID, Depends(_notification_id)]
PersonId = Annotated[UUID, Depends(_person_id)]
ApiTokenId = Annotated[UUID, Depends(_api_token_id)]
Language = Annotated[Locale, Depends(locale_of)]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=1_000_000)]
Limit = Annotated[int, Query(ge=1, le=100)]
Search = Annotated[Text, Query(max_length=200, description="Part of the name or description.")]
