"""Value types every noun shares: text that can be stored, times in UTC, pages, JSON columns."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Generic, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import JSON, DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

Item = TypeVar("Item")


def utc_now() -> datetime:
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """The one way a time is written: UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
"""What people do not see and programs obey: terminal controls, reversals of direction, and tags, in which text for
models can be hidden. One character becomes one, so that offsets into a text stay true."""


def _storable(text: str) -> str:
    """Refuse what UTF-8 or PostgreSQL cannot hold, which pydantic's `str` lets through; show what would not be seen."""
    if "\x00" in text:
        raise ValueError("text must not contain a NUL character")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("text must not contain half a surrogate pair")
    return _UNSEEN.sub("\ufffd", text)


def storable(text: str) -> str:
    """Text from outside made storable and visible: the rest becomes the replacement character."""
    return _UNSEEN.sub("\ufffd", text).encode("utf-8", "replace").decode("utf-8", "replace")


Text = Annotated[str, AfterValidator(_storable)]
Name = Annotated[str, AfterValidator(_storable), Field(min_length=1, max_length=200)]
Moment = Annotated[datetime, PlainSerializer(iso, return_type=str, when_used="json")]


class Shape(BaseModel):
    """What a request may carry: unknown fields are errors, and so are numbers JSON lacks, also as text."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_for_a_number(cls, value: Any, info: ValidationInfo) -> Any:
        """`true` is 1 to Python, and a mistake in a field that has no place for it."""
        kinds = set(_kinds(cls.model_fields[info.field_name or ""].annotation)) if isinstance(value, bool) else set()
        if kinds & {int, float, Decimal} and not kinds & {bool, Any}:
            raise PydanticCustomError("not_true_or_false", "this takes no true or false")
        return value


def _kinds(annotation: Any) -> Iterator[Any]:
    """Every type that an annotation names."""
    if isinstance(annotation, Hashable):
        yield annotation
    for part in get_args(annotation):
        yield from _kinds(part)


class Read(BaseModel):
    """What leaves the services; it never has a secret field."""

    model_config = ConfigDict(from_attributes=True)


class Row(SQLModel):
    """Base of every table."""

    __tablename__: ClassVar[str]  # pyright: ignore[reportIncompatibleVariableOverride]


class Page(Read, Generic[Item]):
    """One page of a list, newest first."""

    items: list[Item]
    total: int
    page: int
    limit: int
    pages: int


def page_of(items: list[Item], *, total: int, page: int, limit: int) -> Page[Item]:
    return Page(items=items, total=total, page=page, limit=limit, pages=-(-total // limit))


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time on every database; SQLite alone would give it back naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


JsonColumn = JSON().with_variant(JSONB(), "postgresql")
