"""What a call cost, by public price lists; a price that is not known stays unknown."""

from __future__ import annotations

from decimal import Decimal

import genai_prices

from renum_app.agents.backend import Usage


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
