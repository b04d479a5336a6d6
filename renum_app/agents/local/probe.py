"""Does a credential work? The cheapest call each provider has: the list of its models."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from renum_app.agents.backend import OpenCredential
from renum_app.agents.local.urls import url_to_try
from renum_app.http import TRANSPORT_ERRORS, Trouble, own_client, trouble_of
from renum_app.i18n import Locale, text
from renum_app.models.credential import CredentialTest
from renum_app.models.values import storable
from renum_app.settings import Settings

_READ_SECONDS = 15.0
_MOST_MODELS = 500
_MOST_BYTES = 4_194_304
_TROUBLES = {
    Trouble.ADDRESS_REFUSED: ("agent_failed", "address_refused"),
    Trouble.REDIRECTED: ("agent_failed", "redirect_refused"),
    Trouble.UNREACHABLE: ("backend_unreachable", "unreachable"),
    Trouble.CERTIFICATE: ("agent_failed", "certificate_invalid"),
    Trouble.TIMED_OUT: ("backend_unreachable", "unreachable"),
    Trouble.CUT: ("bad_stream", "unreadable"),
    Trouble.UNREADABLE: ("bad_stream", "unreadable"),
}


async def probe(credential: OpenCredential, settings: Settings, *, locale: Locale = "en") -> CredentialTest:
    """Try the credential once, without spending a token; never raises for what the provider does."""
    if (url := url_to_try(credential.provider, credential.base_url)) is None:
        return _failed("agent_failed", "unsupported", credential=credential, locale=locale)
    started = time.perf_counter()
    try:
        async with (
            own_client(private_is_allowed=settings.private_urls_are_allowed, read_seconds=_READ_SECONDS) as client,
            asyncio.timeout(2 * _READ_SECONDS),
            client.stream("GET", url, headers=_headers(credential)) as answer,
        ):
            status, body = answer.status_code, await _read(answer)
    except (*TRANSPORT_ERRORS, TimeoutError) as error:
        code, word = _TROUBLES[trouble_of(error) or Trouble.UNREACHABLE]
        return _failed(code, word, credential=credential, locale=locale)
    latency_ms = round((time.perf_counter() - started) * 1_000)
    found = _judged(status, body, credential=credential, locale=locale)
    return found.model_copy(update={"latency_ms": latency_ms})


async def _read(answer: Any) -> bytes:
    """The body, as much of it as any list of models could have."""
    body = bytearray()
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > _MOST_BYTES:
            break
    return bytes(body)


def _headers(credential: OpenCredential) -> dict[str, str]:
    if not credential.base_url and credential.provider == "anthropic":
        return {"x-api-key": credential.api_key, "anthropic-version": "2023-06-01"}
    if not credential.base_url and credential.provider == "google":
        return {"x-goog-api-key": credential.api_key}
    return {"Authorization": f"Bearer {credential.api_key}"}


def _judged(status: int, body: bytes, *, credential: OpenCredential, locale: Locale) -> CredentialTest:
    if status in {401, 403} or (status == 400 and credential.provider == "google"):
        return _failed("credential_rejected", "rejected", credential=credential, locale=locale)
    if status >= 400:
        word = {404: "not_found", 429: "rate_limited"}.get(status, "failed")
        return _failed("agent_failed", word, credential=credential, locale=locale, status=status)
    try:
        models = _models(json.loads(body))
    except (ValueError, TypeError, AttributeError, LookupError):
        return _failed("bad_stream", "unreadable", credential=credential, locale=locale)
    return CredentialTest(
        ok=True, models=models, message=text("credential_tests.ok", locale, service=credential.service_name)
    )


def _models(body: Any) -> list[str]:
    """The models' names; providers put them under `data` or `models`, or give a bare list."""
    listed = body if isinstance(body, list) else body.get("data", body.get("models"))
    if isinstance(listed, dict):
        return []
    names = (str(model.get("id") or model["name"]).removeprefix("models/") for model in listed)
    return sorted(storable(name) for name in names)[:_MOST_MODELS]


def _failed(code: str, word: str, *, credential: OpenCredential, locale: Locale, **params: Any) -> CredentialTest:
    message = text(f"credential_tests.{word}", locale, service=credential.service_name, **params)
    return CredentialTest(ok=False, code=code, message=message)
