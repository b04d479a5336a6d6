"""Every text a person reads, by key and language; catalogues are JSON files, one per area.

A key has the same `{placeholders}` in every language; `{cost:usd}` and `{time:seconds}` are written as amounts and
durations of the language. Plurals are `<key>.one` and `<key>.other`, chosen by `n`.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from renum_app.i18n.formats import FORMATS, Locale

LOCALES: tuple[Locale, ...] = ("pt-BR", "en")
"""The first is the one pages are prerendered in."""

_FOLDERS: dict[Locale, Path] = {locale: Path(__file__).parent / locale.replace("-", "_") for locale in LOCALES}
_PLACEHOLDER = re.compile(r"\{(\w+)(?::(\w+))?\}")


@cache
def catalogue(locale: Locale) -> dict[str, str]:
    """All texts of one language.

    Raises:
        ValueError: Two areas define the same key.
    """
    texts: dict[str, str] = {}
    for path in sorted(_FOLDERS[locale].glob("*.json")):
        area = json.loads(path.read_text(encoding="utf-8"))
        if twice := texts.keys() & area.keys():
            raise ValueError(f"{path.name} repeats {sorted(twice)}")
        texts |= area
    return texts


def text(key: str, locale: Locale = "pt-BR", /, **params: Any) -> str:
    """The sentence of `key` with its placeholders filled.

    Raises:
        KeyError: The catalogue has no such key.
    """
    sentence = catalogue(locale)[_form(key, locale, params)]
    return _PLACEHOLDER.sub(lambda found: _filled(found, locale, params), sentence)


def require(key: str) -> str:
    """The key itself, when every language has it, alone or in plural forms.

    Raises:
        KeyError: A language lacks it.
    """
    for locale in LOCALES:
        texts = catalogue(locale)
        if key not in texts and f"{key}.other" not in texts:
            raise KeyError(f"{key} is missing in {locale}")
    return key


def _filled(found: re.Match[str], locale: Locale, params: dict[str, Any]) -> str:
    """The value of one placeholder; what is no number stays as it is."""
    value = params.get(found[1], found[0])
    if found[2] in FORMATS and isinstance(value, int | float) and not isinstance(value, bool):
        return FORMATS[found[2]](value, locale)
    return str(value)


def _form(key: str, locale: Locale, params: dict[str, Any]) -> str:
    """`key`, or its plural form for `n` as CLDR rules it: in Portuguese 0 is singular too."""
    if "n" not in params or f"{key}.other" not in catalogue(locale):
        return key
    singular = 0 <= params["n"] < 2 if locale == "pt-BR" else params["n"] == 1
    return f"{key}.one" if singular and f"{key}.one" in catalogue(locale) else f"{key}.other"
