"""What routes ask for: who is calling, ids that exist, pages of lists."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from renum_app.api.language import locale_of
from renum_app.errors import NotFound, Unauthenticated
from renum_app.i18n import Locale
from renum_app.models.user import CurrentUser, UserRole
from renum_app.models.values import Text
from renum_app.services import sessions

_bearer = HTTPBearer(auto_error=False, description="An access token of `POST /auth/login`.")


async def bearer_token(given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> str:
    """The token of the call; the session cookie is no credential here, so no other site can use it."""
    if given is None:
        raise Unauthenticated
    return given.credentials


async def current_user(token: Annotated[str, Depends(bearer_token)]) -> CurrentUser:
    return await sessions.user_of_bearer(token)


async def administrator(user: Annotated[CurrentUser, Depends(current_user)]) -> CurrentUser:
    """Who is calling, if they may do what administrators do; for others it is not there.

    Raises:
        NotFound: They may not.
    """
    if user.role is not UserRole.ADMIN:
        raise NotFound
    return user


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


def client_ip(request: Request) -> str:
    """The direct peer; a header that anyone can send names nobody."""
    return request.client.host if request.client else ""


def user_agent(request: Request) -> str:
    return request.headers.get("user-agent", "")


Me = Annotated[CurrentUser, Depends(current_user)]
Administrator = Annotated[CurrentUser, Depends(administrator)]
Token = Annotated[str, Depends(bearer_token)]
TeamId = Annotated[UUID, Depends(_team_id)]
ExecutionId = Annotated[UUID, Depends(_execution_id)]
ApprovalId = Annotated[UUID, Depends(_approval_id)]
Language = Annotated[Locale, Depends(locale_of)]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=1_000_000)]
Limit = Annotated[int, Query(ge=1, le=100)]
Search = Annotated[Text, Query(max_length=200, description="Part of the name or description.")]
