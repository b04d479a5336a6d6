"""Where this person's Renum is and the API token for it: kept in one private file, or said by the environment."""

from __future__ import annotations

import ipaddress
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from renum_app.cli.words import USAGE, fail, t

_CONTROLS = {chr(code) for code in (*range(33), 127)}


@dataclass(frozen=True)
class SignIn:
    url: str
    token: str = field(repr=False)
    insecure: bool = False
    """The person has accepted that the token travels unencrypted."""


class BadAddress(ValueError):
    """No address of a server, or none to send a token to; `key` says why."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


def checked(url: str, *, insecure: bool) -> str:
    """The address without a slash at its end.

    Raises:
        BadAddress: It is none, or a token would travel unencrypted to another machine.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL) as error:
        raise BadAddress("cli.url.bad") from error
    extra = parts.username is not None or parts.query or parts.fragment or _CONTROLS & set(url)
    if parts.scheme not in {"http", "https"} or not host or extra:
        raise BadAddress("cli.url.bad")
    if parts.scheme == "http" and not insecure and not is_loopback(host):
        raise BadAddress("cli.url.insecure")
    return url.rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether a name leads to this very machine, whatever a name server says."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_token(text: str) -> bool:
    """Whether it may be one: what a header can carry."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


def path(environment: Mapping[str, str] = os.environ) -> Path:
    """The file, in the person's configuration folder."""
    base = environment.get("XDG_CONFIG_HOME", "")
    folder = Path(base) if Path(base).is_absolute() else Path.home() / ".config"
    return folder / "renum" / "sign-in.json"


def keep(sign_in: SignIn) -> Path:
    """Write it so that nobody else can read it, whole or not at all."""
    file = path()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=file.parent)  # private from its first byte
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(asdict(sign_in), stream)
    Path(fresh).replace(file)
    return file


def forget() -> bool:
    """Whether there was anything to forget."""
    was_there = path().exists()
    path().unlink(missing_ok=True)
    return was_there


def kept() -> SignIn | None:
    """What `keep` wrote; a file that cannot be understood is none."""
    try:
        told = json.loads(path().read_text(encoding="utf-8"))
        return SignIn(url=str(told["url"]), token=str(told["token"]), insecure=told.get("insecure") is True)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def current(environment: Mapping[str, str] = os.environ) -> SignIn:
    """Whom to talk to, as whom; without that the command ends.

    A kept token goes to no other address than the one it was kept for.
    """
    stored = kept()
    url = environment.get("RENUM_URL", "").rstrip("/") or (stored.url if stored else "")
    token = environment.get("RENUM_TOKEN", "")
    if not token and stored and url == stored.url:
        token = stored.token
    if not url or not token:
        fail(t("cli.signed_out"), code=USAGE)
    if not is_token(token):
        fail(t("cli.login.no_token"), code=USAGE)
    accepted = environment.get("RENUM_INSECURE") == "1" or bool(stored and stored.insecure and stored.url == url)
    try:
        return SignIn(checked(url, insecure=accepted), token, insecure=accepted)
    except BadAddress as error:
        fail(t(error.key), code=USAGE)
