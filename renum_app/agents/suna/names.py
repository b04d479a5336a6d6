"""Names of models: `openai:gpt-5-mini` here, `openai/gpt-5-mini` at Suna, which writes them as LiteLLM does."""

from __future__ import annotations


def named_here(model: str) -> str:
    return model.replace("/", ":", 1) if ":" not in model.partition("/")[0] else model


def named_there(model: str) -> str:
    return model.replace(":", "/", 1) if "/" not in model.partition(":")[0] else model
