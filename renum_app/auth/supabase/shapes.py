"""What is read of Supabase Auth's answers; nothing a person can write about themselves decides anything."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from renum_app.errors import Unavailable


class Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class User(Shape):
    id: UUID
    role: str = ""
    email: str | None = None
    is_anonymous: bool = False
    user_metadata: dict[str, Any] | None = None

    @property
    def shown_name(self) -> str:
        """What they call themselves, under the names that e-mail and other sign-ins use."""
        written = self.user_metadata or {}
        found = (written.get(key) for key in ("name", "full_name"))
        return next((each for each in found if isinstance(each, str) and each.strip()), "")


class Session(Shape):
    access_token: str = Field(min_length=1, repr=False)
    refresh_token: str = Field(min_length=1, repr=False)
    expires_in: float = Field(gt=0, le=7 * 86_400)
    user: User


Read = TypeVar("Read", bound=Shape)


def read(shape: type[Read], answer: Any) -> Read:
    """The answer in its shape.

    Raises:
        Unavailable: It is something else, as from a proxy's error page.
    """
    try:
        return shape.model_validate(answer)
    except ValidationError:
        raise Unavailable("sign_in_unavailable") from None  # its words would quote tokens
