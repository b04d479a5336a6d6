"""What a person can do about the price of a model: set their own, see it, and go back to the public lists."""

from __future__ import annotations

from renum_app.database import reading, transaction
from renum_app.models.price import ModelPrice, PriceRead, PriceWrite
from renum_app.models.user import CurrentUser
from renum_app.models.values import Page, page_of
from renum_app.repositories import prices


async def list_prices(user: CurrentUser, *, page: int = 1, limit: int = 10) -> Page[PriceRead]:
    """One page of the person's own prices, by model."""
    async with reading() as session:
        rows, total = await prices.page(session, owner=user.user_id, offset=(page - 1) * limit, limit=limit)
    return page_of([PriceRead.model_validate(row) for row in rows], total=total, page=page, limit=limit)


async def put(user: CurrentUser, model: str, body: PriceWrite) -> PriceRead:
    """Set the price of a model, as agents name it, for executions that start from now on."""
    row = ModelPrice(user_id=user.user_id, model=model.strip(), **body.model_dump())
    async with transaction() as session:
        return PriceRead.model_validate(await prices.put(session, row))


async def delete(user: CurrentUser, model: str) -> None:
    """Leave the price of a model to the public lists again.

    Raises:
        NotFound: The person has set none.
    """
    async with transaction() as session:
        await prices.remove(session, owner=user.user_id, model=model.strip())
