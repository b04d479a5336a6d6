"""What a run used, counted over the messages of its thread. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from renum_app.agents.backend import Usage
from renum_app.agents.suna.wire import Charge, MessageRow

_MOST_TOKENS = 2_147_483_647
_PRICE_LISTS = {
    "anthropic": "anthropic", "azure": "azure", "bedrock": "aws", "deepseek": "deepseek", "gemini": "google",
    "groq": "groq", "mistral": "mistral", "openai": "openai", "openrouter": "openrouter", "vertex_ai": "google",
    "xai": "x-ai",
}  # fmt: skip
"""LiteLLM's prefixes, which Suna names models by, and whose price list each is."""
_FAMILIES = (("claude", "anthropic"), ("gpt-", "openai"), ("gemini", "google"), ("grok", "x-ai"))


@dataclass(frozen=True, slots=True)
class Tally:
    usage: Usage = field(default_factory=Usage)
    """Unknown where the server told nothing."""
    provider: str = ""
    model: str = ""
    """Empty where several models took part: no one price is right for all."""


def is_whole(rows: Sequence[MessageRow]) -> bool:
    """Whether the usage of every model call has been written down; some releases do that after the end."""
    calls = {row.step for row in rows if row.type == "assistant"}
    ends = _ends(rows)
    unnamed = sum(not row.step for row in ends)
    untold = calls - {row.step for row in ends}
    return bool(calls) and len(ends) >= len(calls) and len(untold) <= unnamed


def tally(rows: Sequence[MessageRow]) -> Tally:
    """The tokens of every model call among the messages of one run; of some of them only would look like all."""
    if not is_whole(rows):
        return Tally()
    counted = _ends(rows)
    usage = Usage(
        input_tokens=_bounded(sum(_counts(row)[0] for row in counted)),
        output_tokens=_bounded(sum(_counts(row)[1] for row in counted)),
        cached_tokens=_bounded(sum(_cached(row) for row in counted)),
    )
    models = {model for row in counted if isinstance(model := row.content.get("model"), str) and model}
    return Tally(usage, *_priced(models.pop())) if len(models) == 1 else Tally(usage)


def billed_credits(rows: Sequence[MessageRow], charges: Iterable[Charge]) -> float | None:
    """What the account was charged for these messages; None where a model call has no charge (yet), or its row none.

    Charges tell the message that told the usage; where they tell none, as many as there were model calls must be there.
    """
    # A page that was read while the ledger grew repeats the last lines of the one before.
    counted, known = _ends(rows), {charge.id or object(): charge for charge in charges}.values()
    named = {charge.message_id for charge in known if charge.message_id}
    unnamed = sum(not charge.message_id for charge in known)
    uncharged = sum(row.message_id not in named for row in counted)
    if not known or not is_whole(rows) or uncharged > unnamed:
        return None
    return sum(charge.amount for charge in known)


def _ends(rows: Sequence[MessageRow]) -> list[MessageRow]:
    """The rows that tell what a model call used; older releases name them differently."""
    ends = [row for row in rows if row.type == "llm_response_end" and _counts(row)]
    return ends or [row for row in rows if row.type == "assistant_response_end" and _counts(row)]


def _counts(row: MessageRow) -> tuple[int, ...]:
    """Prompt and completion tokens of a model call, or nothing."""
    usage = row.content.get("usage")
    if not isinstance(usage, dict):
        return ()
    found = tuple(_count(usage.get(name)) for name in ("prompt_tokens", "completion_tokens"))
    return found if all(count >= 0 for count in found) and any(found) else ()


def _cached(row: MessageRow) -> int:
    usage: dict[str, Any] = row.content["usage"]
    details = usage.get("prompt_tokens_details")
    told = usage.get("cache_read_input_tokens")
    if told is None and isinstance(details, dict):
        told = details.get("cached_tokens")
    return max(0, _count(told))


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _bounded(count: int) -> int:
    return min(count, _MOST_TOKENS)


def _priced(name: str) -> tuple[str, str]:
    """Whose price list a model's name belongs to, and its name there."""
    prefix, slash, rest = name.partition("/")
    if slash:
        return _PRICE_LISTS.get(prefix, ""), rest
    return next((provider for family, provider in _FAMILIES if name.startswith(family)), ""), name
