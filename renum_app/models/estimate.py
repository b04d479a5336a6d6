"""Estimates: what an execution would cost and how long it would take, before it is started."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from renum_app.models.values import Read


class Basis(StrEnum):
    """What an estimate rests on."""

    HISTORY = "history"
    """What this team's own steps have taken."""
    THEORY = "theory"
    """Every member called once with its full limit of tokens, at list prices."""


class RangeRead(Read):
    """A median and a 90th percentile; by theory both are the same bound. Null where nobody knows."""

    p50: float | None
    p90: float | None
    basis: Basis


class EstimateRead(Read):
    cost_usd: RangeRead
    seconds: RangeRead = Field(description="Without the time that people take to approve; null by theory.")
