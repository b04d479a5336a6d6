"""What a person's month costs, the budget that brakes it, and the prices they set themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import reflex as rx
from pydantic import ValidationError

from renum_app.errors import FieldProblem, Invalid, RenumError
from renum_app.models.price import PriceRead, PriceWrite
from renum_app.models.user import CurrentUser, MeRead, MeWrite
from renum_app.models.values import iso
from renum_app.services import accounts, prices
from renum_app.state.notices import tell
from renum_app.state.sentence import Sentence, failure_of, problems_of
from renum_app.state.session import signed_in

_MOST = 100
_HALF_A_DAY = timedelta(hours=12)
_LONGEST_MODEL = 200


@dataclass(frozen=True)
class MonthView:
    """The present month, as the page formats it."""

    renews_on: str = ""
    """Noon of the first day of the next month, which is that day everywhere."""
    budget_usd: float | None = None
    spent_usd: float = 0.0
    reserved_usd: float = 0.0
    unknown_steps: int = 0
    has_budget: bool = False
    share: float = 0.0
    """Of the budget, in per cent and at most 100."""


@dataclass(frozen=True)
class PriceRow:
    model: str
    input_usd: float
    """Per million tokens."""
    output_usd: float


class Costs(rx.State):
    is_loaded: bool = False
    failure: Sentence = Sentence()
    month: MonthView = MonthView()
    budget: str = ""
    """What the field begins with."""
    rows: list[PriceRow] = []
    problems: dict[str, Sentence] = {}
    removing: str = ""
    """The model whose price is being asked about."""
    saves: int = 0
    """Raised to empty the form of a price."""

    @rx.event
    async def load(self) -> None:
        user = await signed_in(self)
        self.failure, self.problems = Sentence(), {}
        try:
            self._show(await accounts.me(user))
            await self._load_prices(user)
        except RenumError as error:
            self.failure = failure_of(error)
        self.is_loaded = True

    @rx.event
    async def save_budget(self, form: dict[str, Any]) -> None:
        """Set the month's budget; an empty field takes it away."""
        user = await signed_in(self)
        self.problems = {}
        try:
            body = MeWrite.model_validate({"monthly_budget_usd": _number(form, "monthly_budget_usd")})
            self._show(await accounts.change(user, body))
        except (ValidationError, RenumError) as error:
            self.problems = problems_of(error)
            return
        await tell(self, "settings.budget_saved" if self.budget else "settings.budget_removed")

    @rx.event
    async def save_price(self, form: dict[str, Any]) -> None:
        """Set the price of a model."""
        user = await signed_in(self)
        self.problems = {}
        try:
            model, body = _model(form), _price(form)
            await prices.put(user, model, body)
        except (ValidationError, RenumError) as error:
            self.problems = problems_of(error)
            return
        self.saves += 1
        await self._load_prices(user)
        await tell(self, "settings.price_saved", model=model)

    @rx.event
    def ask_removal(self, model: str) -> None:
        self.removing = str(model)

    @rx.event
    async def remove(self) -> None:
        """Forget the price that was asked about."""
        user = await signed_in(self)
        await prices.delete(user, self.removing)
        await tell(self, "settings.price_removed", model=self.removing)
        self.removing = ""
        await self._load_prices(user)

    async def _load_prices(self, user: CurrentUser) -> None:
        self.rows = [_row(each) for each in (await prices.list_prices(user, limit=_MOST)).items]

    def _show(self, me: MeRead) -> None:
        month = me.month
        self.month = MonthView(
            renews_on=iso(month.ends_at + _HALF_A_DAY),
            budget_usd=month.budget_usd,
            spent_usd=month.spent_usd,
            reserved_usd=month.reserved_usd,
            unknown_steps=month.unknown_steps,
            has_budget=month.budget_usd is not None,
            share=_share(month.spent_usd, month.budget_usd or 0.0),
        )
        self.budget = "" if me.monthly_budget_usd is None else f"{me.monthly_budget_usd:g}"


def _share(spent: float, budget: float) -> float:
    """In per cent; a budget of nothing is used up."""
    return round(min(100.0, 100 * spent / budget), 1) if budget else 100.0


def _model(form: dict[str, Any]) -> str:
    model = str(_given(form).get("model") or "").strip()[:_LONGEST_MODEL]
    if not model:
        raise Invalid([FieldProblem("model", "blank")])
    return model


def _price(form: dict[str, Any]) -> PriceWrite:
    names = ("input_usd_per_million", "output_usd_per_million")
    return PriceWrite.model_validate({name: _number(form, name) or "" for name in names})


def _number(form: dict[str, Any], name: str) -> str | None:
    """A number as people type it, left as text so that pydantic says what is wrong with it."""
    return str(_given(form).get(name) or "").strip().replace(",", ".") or None


def _given(form: Any) -> dict[str, Any]:
    return form if isinstance(form, dict) else {}


def _row(price: PriceRead) -> PriceRow:
    return PriceRow(price.model, price.input_usd_per_million, price.output_usd_per_million)
