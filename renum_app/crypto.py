"""Sealing of secrets at rest: AES-256-GCM under a key of its own per record, bound to who owns it.

A sealed text is `v1.<kid>.<base64url(salt ‖ nonce ‖ ciphertext ‖ tag)>`. It opens only with the same `context`, so one
copied to another user's row, or to another service of the same user, is refused. `kid` names the key that sealed it:
`ENCRYPTION_KEY` may be a list, `k2=…,k1=…`, of which the first seals and all open; a single key is `k1`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = "v1"
_INFO = b"renum/v1/api-key"
_PASSPHRASE_SALT = b"renum/v1/encryption-key"
_KEY_BYTES, _SALT_BYTES, _NONCE_BYTES = 32, 16, 12
_SINGLE_KID = "k1"
_NAMED_KEY = re.compile(r"(k[0-9]{1,6})=(.+)")


class CannotOpen(Exception):
    """The sealed text was altered, belongs to another context, or its key is not in ENCRYPTION_KEY."""


class BadEncryptionKey(Exception):
    """ENCRYPTION_KEY names a key twice, or has none."""


@dataclass(frozen=True)
class _Keys:
    sealing_kid: str
    by_kid: dict[str, bytes] = field(repr=False)


_keys: _Keys | None = None


def configure(encryption_key: str) -> None:
    """Set the keys of this process; a passphrase takes a moment to stretch.

    Args:
        encryption_key: 64 hexadecimal digits, 32 bytes in base64, or a passphrase; or a list of them, `k2=…,k1=…`.

    Raises:
        BadEncryptionKey: A kid comes twice, or there is no key.
    """
    global _keys
    named = _named_keys(encryption_key)
    by_kid = {kid: _key_bytes(secret) for kid, secret in named}
    if len(by_kid) != len(named) or not all(secret for _, secret in named):
        raise BadEncryptionKey("ENCRYPTION_KEY is empty or names a key twice.")
    _keys = _Keys(sealing_kid=named[0][0], by_kid=by_kid)


def kids() -> tuple[str, ...]:
    """Names of the keys that open; the first of them seals."""
    return tuple(_configured().by_kid)


def kid_of(sealed: str) -> str:
    """The name of the key that a text says it is sealed with."""
    return sealed.partition(".")[2].partition(".")[0]


def beginning(kid: str) -> str:
    """How every text begins that this key has sealed."""
    return f"{_VERSION}.{kid}."


def seal(plain: str, *, context: str, kid: str | None = None) -> str:
    """The text sealed for this context with the first key, or with the one of that name."""
    keys = _configured()
    kid = kid or keys.sealing_kid
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    cipher = _cipher(keys.by_kid[kid], salt=salt)
    sealed = cipher.encrypt(nonce, plain.encode(), _bound_to(context, kid=kid))
    return f"{beginning(kid)}{base64.urlsafe_b64encode(salt + nonce + sealed).decode()}"


def open_sealed(sealed: str, *, context: str) -> str:
    """The text that was sealed for this context.

    Raises:
        CannotOpen: It is not such a text, not for this context, or its key is not known.
    """
    kid, salt, nonce, ciphertext = _parsed(sealed)
    if (key := _configured().by_kid.get(kid)) is None:
        raise CannotOpen(f"ENCRYPTION_KEY has no key {kid!r}.")
    try:
        return _cipher(key, salt=salt).decrypt(nonce, ciphertext, _bound_to(context, kid=kid)).decode()
    except InvalidTag:
        raise CannotOpen("The sealed text does not open with this key and context.") from None


def _configured() -> _Keys:
    if _keys is None:
        raise RuntimeError("crypto.configure(encryption_key) has not been called")
    return _keys


def _named_keys(encryption_key: str) -> list[tuple[str, str]]:
    named = [_NAMED_KEY.fullmatch(part.strip()) for part in encryption_key.split(",")]
    if all(named):
        return [(match[1], match[2]) for match in named if match]
    return [(_SINGLE_KID, encryption_key)]


def _key_bytes(secret: str) -> bytes:
    """32 bytes as they are; anything else is a passphrase, stretched."""
    if re.fullmatch(r"[0-9a-fA-F]{64}", secret):
        return bytes.fromhex(secret)
    if re.fullmatch(r"[A-Za-z0-9+/_-]{43}=?", secret):
        return base64.urlsafe_b64decode(secret[:43].translate(str.maketrans("+/", "-_")) + "=")
    return hashlib.scrypt(secret.encode(), salt=_PASSPHRASE_SALT, n=2**15, r=8, p=1, maxmem=2**26, dklen=_KEY_BYTES)


def _cipher(key: bytes, *, salt: bytes) -> AESGCM:
    # A subkey per record: random nonces of many records can never meet under one key.
    return AESGCM(HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=salt, info=_INFO).derive(key))


def _bound_to(context: str, *, kid: str) -> bytes:
    return "\0".join((_VERSION, kid, context)).encode()


def _parsed(sealed: str) -> tuple[str, bytes, bytes, bytes]:
    try:
        version, kid, body = sealed.split(".")
        raw = base64.b64decode(body, altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise CannotOpen("This is not a sealed text.") from None
    nonce_end = _SALT_BYTES + _NONCE_BYTES
    # Base64 has unused bits, so only the one spelling that seal() writes is taken.
    is_canonical = base64.urlsafe_b64encode(raw).decode() == body
    if version != _VERSION or not is_canonical or len(raw) < nonce_end:
        raise CannotOpen("This is not a sealed text of this version.")
    return kid, raw[:_SALT_BYTES], raw[_SALT_BYTES:nonce_end], raw[nonce_end:]
