"""Sealed secrets of whatever table, and what shows that a key is the one they were sealed with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Field as Column

from renum_app.models.values import Row


class KeyCheck(Row, table=True):
    """A known text sealed with each key that this database has been used with."""

    __tablename__ = "renum_key_checks"

    kid: str = Column(primary_key=True)
    sealed: str


@dataclass(frozen=True)
class SealedColumn:
    """Where sealed secrets are."""

    model: type[Row]
    key: str
    column: str
    owners: tuple[str, ...]
    """Columns that the context of a seal is made of."""


@dataclass(frozen=True)
class SealedSecret:
    """One of them."""

    key: Any
    sealed: str
    owners: tuple[Any, ...]


@dataclass(frozen=True)
class Rotation:
    """What `renum keys rotate` did."""

    kid: str
    """The key that seals."""
    resealed: int
    left: dict[str, int] = field(default_factory=dict)
    """Secrets still sealed with another key, by its kid: they did not open."""
