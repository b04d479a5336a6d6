"""What a session was opened with, in the two words a person recognises it by."""

from __future__ import annotations

# The first that is found counts: most browsers also claim to be the ones below them.
_PROGRAMS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
    ("python-httpx", "httpx"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_LONGEST = 40


def device_of(user_agent: str) -> str:
    """`Firefox · Linux`; the program's own first word where it is none that is known."""
    found = [_named(user_agent, names) for names in (_PROGRAMS, _SYSTEMS)]
    return " · ".join(word for word in found if word) or user_agent.partition("/")[0].strip()[:_LONGEST]


def _named(user_agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if mark in user_agent), "")
