"""What a call costs, by a person's own price or public lists; a price that is not known stays unknown."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import genai_prices

from renum_app.agents.backend import RunEnded, Usage
from renum_app.models.agent import AgentSnapshot, Backend
from renum_app.models.price import PriceSnapshot

_MILLION = 1_000_000


def measured_cost(agent: AgentSnapshot, ended: RunEnded) -> Decimal | None:
    """US dollars of a run as it was measured; None where the price or the usage is unknown."""
    if ended.is_free:
        return Decimal()
    if agent.price:
        return price_at(agent.price, ended.usage)
    return price(ended.provider, ended.model, ended.usage)


def worst_cost(agent: AgentSnapshot, usage: Usage) -> Decimal | None:
    """What a call may cost at most; None where the model has no known price."""
    if agent.backend is Backend.REHEARSAL:
        return Decimal()
    if agent.price:
        return price_at(agent.price, usage)
    service, _, model = agent.model.partition(":")
    return price(service, model, usage)


def price_at(own: PriceSnapshot, usage: Usage) -> Decimal | None:
    """US dollars at a person's own price, which knows no discount for cached tokens."""
    if usage.input_tokens is None or usage.output_tokens is None:
        return None
    read = usage.input_tokens * Decimal(str(own.input_usd_per_million))
    return (read + usage.output_tokens * Decimal(str(own.output_usd_per_million))) / _MILLION


def price(provider: str, model: str, usage: Usage) -> Decimal | None:
    """US dollars for one call, or None when its price or its tokens are not known.

    Args:
        provider: As genai-prices names it; empty for a server of one's own, which has no price list.
        model: As the provider names it.
        usage: The provider's own count; `cached_tokens` are part of `input_tokens`.
    """
    if not provider or not model or usage.input_tokens is None or usage.output_tokens is None:
        return None
    counted = genai_prices.Usage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=min(usage.cached_tokens or 0, usage.input_tokens),
    )
    try:
        # litellm is no price list: genai-prices would go and guess by the model's name.
        found = genai_prices.calc_price(counted, model, provider_id=provider) if provider != "litellm" else None
    except (LookupError, ValueError):
        return None
    return found.total_price if found else None


def sum_of(costs: Iterable[float | None]) -> float | None:
    """US dollars together, without the dust of binary fractions; None while any of them is unknown."""
    exact = [None if cost is None else Decimal(str(cost)) for cost in costs]
    known = [cost for cost in exact if cost is not None]
    return float(sum(known, Decimal())) if len(known) == len(exact) else None
