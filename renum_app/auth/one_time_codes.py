"""Codes of an authenticator (RFC 6238), their picture for its camera, and the codes for the day it is lost."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
import time

import segno
from pyotp.totp import TOTP

PERIOD_SECONDS = 30
RECOVERY_CODES = 10
_TOLERATED_PERIODS = (0, -1, 1)
"""Clocks differ a little, and typing takes a moment."""


def new_secret() -> str:
    """160 random bits in base 32, as authenticators take them."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def uri_of(secret: str, *, email: str, issuer: str) -> str:
    """What the picture says."""
    return TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def picture_of(uri: str) -> str:
    """The QR code as an SVG image, drawn here: no other server learns the secret."""
    return segno.make(uri, error="m").svg_inline(scale=4, border=2, dark="#0f1e2e", light="#ffffff", omitsize=True)


def period_of(code: str, secret: str, *, now: float | None = None) -> int | None:
    """The half minute whose code this is, if it is about now."""
    present = int((time.time() if now is None else now) // PERIOD_SECONDS)
    typed = re.sub(r"\s", "", code).encode("utf-8", "replace")
    codes = TOTP(secret)
    right = [
        present + shift
        for shift in _TOLERATED_PERIODS
        if hmac.compare_digest(codes.at((present + shift) * PERIOD_SECONDS).encode(), typed)
    ]
    return right[0] if right else None


def new_recovery_codes() -> list[str]:
    """Eighty random bits each, in groups that can be read aloud."""
    return [_grouped(base64.b32encode(secrets.token_bytes(10)).decode().lower()) for _ in range(RECOVERY_CODES)]


def plain(recovery_code: str) -> str:
    """A recovery code however it was typed."""
    return _grouped(re.sub(r"[\s-]", "", recovery_code).lower())


def _grouped(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
