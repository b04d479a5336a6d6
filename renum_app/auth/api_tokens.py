"""How an API token is written: prefix, id, secret, and a checksum by which scanners and typing errors are told.

`rnm_pat_[0-9A-Za-z]{71}` finds one wherever it was left behind.
"""

from __future__ import annotations

import binascii
import secrets
from string import ascii_letters, digits
from uuid import UUID

PREFIX = "rnm_pat_"
_ALPHABET = digits + ascii_letters
_ID, _SECRET, _CHECKSUM = 22, 43, 6
"""Characters for 128 bits, 256 bits and a CRC32."""
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}


def new(token_id: UUID) -> str:
    """A token of that id, with 256 random bits."""
    body = PREFIX + _written(token_id.int, _ID) + _written(secrets.randbits(256), _SECRET)
    return body + _checksum(body)


def id_of(token: str) -> UUID | None:
    """The id in a token; None where it is none, or was mistyped."""
    body, checksum = token[:-_CHECKSUM], token[-_CHECKSUM:]
    letters = body.removeprefix(PREFIX)
    is_whole = body.startswith(PREFIX) and len(letters) == _ID + _SECRET and _VALUES.keys() >= set(letters)
    if not is_whole or _checksum(body) != checksum:
        return None
    number = 0
    for character in letters[:_ID]:
        number = number * len(_ALPHABET) + _VALUES[character]
    return UUID(int=number) if number < 2**128 else None


def _checksum(body: str) -> str:
    return _written(binascii.crc32(body.encode()), _CHECKSUM)


def _written(number: int, length: int) -> str:
    characters = ""
    for _ in range(length):
        number, value = divmod(number, len(_ALPHABET))
        characters = _ALPHABET[value] + characters
    return characters
