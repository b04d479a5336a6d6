"""The language of sentences in answers: English, unless the caller prefers Portuguese."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from renum_app.i18n import Locale


def locale_of(connection: HTTPConnection) -> Locale:
    """The better liked of our languages in `Accept-Language`."""
    best, liking = "en", 0.0
    for choice in connection.headers.get("accept-language", "").split(","):
        tag, _, quality = choice.strip().partition(";q=")
        language, weight = tag.strip().lower().partition("-")[0], _weight(quality)
        if language in {"pt", "en"} and weight > liking:
            best, liking = language, weight
    return "pt-BR" if best == "pt" else "en"


def _weight(quality: str) -> float:
    try:
        return float(quality) if quality else 1.0
    except ValueError:
        return 0.0
