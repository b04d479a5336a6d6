"""What a page may load, run and talk to: itself, and the inline scripts that the build put into it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

_INLINE = re.compile(r"<script(?![^>]*\ssrc\s*=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_RULES = (
    "default-src 'none'",
    "script-src 'self'{scripts}",
    # Styles cannot run anything, and React sets some on elements.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'none'",
    "object-src 'none'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)


def policy_of(folder: Path) -> str:
    """The Content-Security-Policy of the pages built into this folder.

    No script is allowed by what it claims to be: one that was not there when the pages were built does not run, whether
    a model wrote it or somebody's profile did. `eval` is refused as well, so the server cannot send scripts either.
    """
    hashes = sorted({_hash(script) for page in _pages(folder) for script in _INLINE.findall(page)})
    return "; ".join(_RULES).format(scripts="".join(f" '{each}'" for each in hashes))


def _pages(folder: Path) -> Iterable[str]:
    # Read without touching line ends: the browser hashes what is between the tags, to the byte.
    return (path.read_bytes().decode() for path in sorted(folder.rglob("*.html")))


def _hash(script: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
