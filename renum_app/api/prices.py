"""Prices of models over REST: a person's own, in the place of the public lists'."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path

from renum_app.api import documented
from renum_app.api.dependencies import Limit, PageNumber, ReadsAgents, WritesAgents
from renum_app.models.price import PriceRead, PriceWrite
from renum_app.models.values import Page, Text
from renum_app.services import prices

router = APIRouter(prefix="/model-prices", tags=["model-prices"])

Model = Annotated[Text, Path(max_length=200, pattern=r"\S", description="As agents name it, `openai:gpt-5-mini`.")]


@router.get("", responses=documented.errors(401))
async def list_prices(user: ReadsAgents, page: PageNumber = 1, limit: Limit = 10) -> Page[PriceRead]:
    """Your own prices, by model."""
    return await prices.list_prices(user, page=page, limit=limit)


@router.put("/{model:path}", responses=documented.with_body(401))
async def put_price(
    user: WritesAgents,
    model: Model,
    body: Annotated[PriceWrite, Body(openapi_examples=documented.examples(price=documented.PRICE))],
) -> PriceRead:
    """Set a model's price; it goes before the public lists in executions that start from now on."""
    return await prices.put(user, model, body)


@router.delete("/{model:path}", status_code=204, responses=documented.errors(401, 404))
async def delete_price(user: WritesAgents, model: Model) -> None:
    """Leave a model's price to the public lists again."""
    await prices.delete(user, model)
