"""Every language says the same things, every key that is asked for exists, and nothing lies about unused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import renum_app
from renum_app import i18n
from renum_app.i18n.script import PATH, script

SOURCES = [
    path
    for suffix in ("*.py", "*.js", "*.jsx")
    for path in Path(renum_app.__file__).parent.rglob(suffix)
    if "__pycache__" not in path.parts
]
ASKED = re.compile(
    r"""(?:\bt|page_title|tell|translate|text|say)\(\s*(?:lang_?,\s*|self,\s*|state,\s*)?["']([a-z_]+\.[\w.]+)["']"""
)
WORDS = re.compile(r"""["'`]([a-z_]+(?:\.[\w]+)*)["'`]""")
STARTS = re.compile(r"""["'`]([a-z_]+\.[\w.]*?)(?:\$?\{)""")
EXECUTION_WORDS = "executions."
"""What `useWords` in components/execution puts before every key."""


def asked_for(path: Path) -> set[str]:
    """Keys in calls that put a key into words."""
    found = set(ASKED.findall(path.read_text(encoding="utf-8")))
    return {EXECUTION_WORDS + key for key in found} if is_execution_script(path) else found


def is_execution_script(path: Path) -> bool:
    return path.suffix in (".js", ".jsx") and path.parent.name == "execution"


def mentioned(pattern: re.Pattern[str]) -> set[str]:
    """What the pattern finds anywhere in the code, under both names a script of the execution page may use."""
    found = {(word, is_execution_script(path)) for path in SOURCES for word in pattern.findall(path.read_text("utf-8"))}
    return {word for word, _ in found} | {EXECUTION_WORDS + word for word, inner in found if inner}


def placeholders(sentence: str) -> set[str]:
    """Names, with how they are written."""
    return {"".join(found) for found in re.findall(r"\{(\w+)(:\w+)?\}", sentence)}


def base(key: str) -> str:
    return re.sub(r"\.(one|other)$", "", key)


def test_both_languages_have_the_same_keys():
    assert set(i18n.catalogue("pt-BR")) == set(i18n.catalogue("en"))


def test_both_languages_fill_the_same_placeholders():
    portuguese, english = i18n.catalogue("pt-BR"), i18n.catalogue("en")
    differing = [key for key in portuguese if placeholders(portuguese[key]) != placeholders(english[key])]
    assert differing == []


def test_no_text_is_empty_or_padded():
    padded = [key for locale in i18n.LOCALES for key, text in i18n.catalogue(locale).items() if text.strip() != text]
    empty = [key for locale in i18n.LOCALES for key, text in i18n.catalogue(locale).items() if not text]
    assert padded + empty == []


def test_every_plural_has_both_forms():
    keys = set(i18n.catalogue("en"))
    halves = [key for key in keys if key.endswith(".one") and f"{base(key)}.other" not in keys]
    assert halves == []


def test_every_key_that_is_asked_for_exists():
    asked = {key for path in SOURCES for key in asked_for(path)}
    known = {base(key) for key in i18n.catalogue("en")} | set(i18n.catalogue("en"))
    assert len(asked) > 100
    assert asked - known == set()


def test_no_key_is_unused():
    words, starts = mentioned(WORDS), tuple(mentioned(STARTS))
    unused = [key for key in i18n.catalogue("en") if base(key) not in words and not key.startswith(starts)]
    assert unused == []


@pytest.mark.parametrize(
    ("locale", "n", "form"),
    [("pt-BR", 0, "one"), ("pt-BR", 1, "one"), ("pt-BR", 2, "other"), ("en", 0, "other"), ("en", 1, "one")],
)
def test_plurals_follow_the_language(locale: i18n.Locale, n: int, form: str):
    wanted = i18n.catalogue(locale)[f"agents.in_teams.{form}"].replace("{n}", str(n))
    assert i18n.text("agents.in_teams", locale, n=n) == wanted


def test_an_unknown_key_stops_the_build():
    with pytest.raises(KeyError):
        i18n.require("agents.no_such_text")


def test_the_script_of_the_browser_carries_both_languages():
    path, code = script()
    assert path == PATH
    assert "Nenhum agente ainda" in code
    assert "No agents yet" in code
    assert "export function translate(" in code
