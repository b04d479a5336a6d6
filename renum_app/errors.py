"""What can go wrong, as sentences with a status.

    RenumError
    ├── Malformed 400            the body is not what the content type says
    ├── Unauthenticated 401      no token, or a bad one
    ├── Forbidden 403            the token lacks a scope
    ├── NotFound 404             not there, or not yours
    ├── Conflict 409             not in the present status
    ├── Outdated 412             somebody saved in between
    ├── TooLarge 413
    ├── UnsupportedMedia 415     a body that is not JSON
    ├── Invalid 422              every bad field at once
    ├── TooMany 429              with Retry-After
    ├── BackendFailed 502        the backend where agents live refused or failed
    └── Unavailable 503          something Renum needs is down

A sentence is a catalogue key (`errors.<code>` unless given) with parameters, so that the API answers
in English and a page in the person's language. Errors of agents are in `agents/backend.py`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, ClassVar


@dataclasses.dataclass(frozen=True)
class FieldProblem:
    """One bad field of a request."""

    field: str
    """Dotted path, list places as numbers: `workflow_definition.agents.2.input.agent_id`."""
    code: str
    """A stable word; its sentence is the catalogue key `problems.<code>`."""
    params: dict[str, Any] = dataclasses.field(default_factory=dict)
    message: str = ""
    """An English sentence where the catalogue has none (pydantic's own)."""


class RenumError(Exception):
    """Base of everything the edge may show to a caller."""

    status: ClassVar[int] = 500
    code: str = "internal_error"

    def __init__(
        self,
        code: str | None = None,
        *,
        field: str | None = None,
        details: dict[str, Any] | None = None,
        **params: Any,
    ) -> None:
        self.code = code or type(self).code
        self.field = field
        self.details = details or {}
        self.params = params
        super().__init__(self.code)

    @property
    def key(self) -> str:
        """Catalogue key of the sentence."""
        return f"errors.{self.code}"


class Malformed(RenumError):
    status, code = 400, "malformed"


class Unauthenticated(RenumError):
    status, code = 401, "unauthenticated"


class Forbidden(RenumError):
    status, code = 403, "forbidden"


class NotFound(RenumError):
    status, code = 404, "not_found"


class Conflict(RenumError):
    status, code = 409, "conflict"


class Outdated(RenumError):
    status, code = 412, "outdated"


class TooLarge(RenumError):
    status, code = 413, "too_large"


class UnsupportedMedia(RenumError):
    status, code = 415, "unsupported_media_type"


class Invalid(RenumError):
    """One or more fields are wrong; all of them are in `problems`."""

    status, code = 422, "invalid"

    def __init__(self, problems: Sequence[FieldProblem], code: str | None = None) -> None:
        first = problems[0].field if problems else None
        super().__init__(code, field=first)
        self.problems = tuple(problems)


class TooMany(RenumError):
    status, code = 429, "too_many"

    def __init__(self, code: str | None = None, *, retry_after: float, **params: Any) -> None:
        super().__init__(code, retry_after=retry_after, **params)
        self.retry_after = retry_after


class BackendFailed(RenumError):
    """An agent backend did not do what was asked of it; the sentence is that of its own failure."""

    status, code = 502, "backend_failed"

    def __init__(self, word: str, **params: Any) -> None:
        super().__init__(None, **params)
        self._word = word

    @property
    def key(self) -> str:
        return f"agent_errors.{self._word}"


class Unavailable(RenumError):
    status, code = 503, "unavailable"
