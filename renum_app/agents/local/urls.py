"""Providers that need a key and nothing else, and where each one is.

The addresses are given to the SDKs explicitly: left alone, some would take one from the environment.
"""

from __future__ import annotations

PROVIDER_URLS: dict[str, str] = {
    "alibaba": "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
    "anthropic": "https://api.anthropic.com",
    "cerebras": "https://api.cerebras.ai/v1",
    "crusoe": "https://api.inference.crusoecloud.com/v1",
    "deepseek": "https://api.deepseek.com",
    "fireworks": "https://api.fireworks.ai/inference/v1",
    "google": "https://generativelanguage.googleapis.com",
    "groq": "https://api.groq.com",
    "heroku": "https://us.inference.heroku.com",
    "meta": "https://api.meta.ai/v1",
    "mistral": "https://api.mistral.ai",
    "moonshotai": "https://api.moonshot.ai/v1",
    "nebius": "https://api.studio.nebius.com/v1",
    "openai": "https://api.openai.com/v1",
    "openai-chat": "https://api.openai.com/v1",
    "openai-responses": "https://api.openai.com/v1",
    "openrouter": "https://openrouter.ai/api/v1",
    "ovhcloud": "https://oai.endpoints.kepler.ai.cloud.ovh.net/v1",
    "sambanova": "https://api.sambanova.ai/v1",
    "together": "https://api.together.xyz/v1",
    "vercel": "https://ai-gateway.vercel.sh/v1",
    "zai": "https://api.z.ai/api/paas/v4",
}

_MODEL_LISTS = {
    "anthropic": "/v1/models",
    "google": "/v1beta/models",
    "groq": "/openai/v1/models",
    "heroku": "/v1/models",
    "mistral": "/v1/models",
    "openrouter": "/key",  # its list of models is open to anyone, so it would tell nothing about the key
}


def url_to_try(provider: str, base_url: str | None) -> str | None:
    """What to ask for to try a key, or None for a provider that is not spoken to here."""
    if base_url:
        return base_url.rstrip("/") + "/models"
    if (url := PROVIDER_URLS.get(provider)) is None:
        return None
    return url + _MODEL_LISTS.get(provider, "/models")
