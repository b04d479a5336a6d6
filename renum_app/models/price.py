"""Prices of models that a person sets themselves, in the place of the public lists'."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlmodel import Field as Column

from renum_app.models.values import Moment, Read, Row, Shape, UtcDateTime, utc_now


class ModelPrice(Row, table=True):
    __tablename__ = "renum_model_prices"

    user_id: UUID = Column(foreign_key="renum_users.user_id", primary_key=True, ondelete="CASCADE")
    model: str = Column(primary_key=True)
    """As agents name it, `openai:gpt-5-mini`."""
    input_usd_per_million: float
    output_usd_per_million: float
    updated_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)


class PriceWrite(Shape):
    """Body of `PUT /model-prices/{model}`."""

    input_usd_per_million: float = Field(ge=0, le=1_000_000, description="US$ per million tokens read, cached or not.")
    output_usd_per_million: float = Field(ge=0, le=1_000_000, description="US$ per million tokens written.")


class PriceRead(Read):
    model: str
    input_usd_per_million: float
    output_usd_per_million: float
    updated_at: Moment


class PriceSnapshot(Read):
    """What an execution pinned of it."""

    input_usd_per_million: float
    output_usd_per_million: float
