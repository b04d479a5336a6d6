"""The right of administrators, which every use case of theirs asks for first."""

from __future__ import annotations

from renum_app.errors import NotFound
from renum_app.models.api_token import Scope
from renum_app.models.user import CurrentUser, UserRole


def require_administrator(user: CurrentUser) -> None:
    """See that who asks is one, and that an API token of theirs is meant for it.

    Raises:
        NotFound: They are not; for others there is nothing here.
    """
    if user.role is not UserRole.ADMIN or not user.may(Scope.ADMIN):
        raise NotFound
