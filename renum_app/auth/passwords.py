"""Passwords: argon2id on two worker threads, and which passwords are too easy to guess."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from renum_app.errors import FieldProblem, Unavailable

Result = TypeVar("Result")

MIN_CHARS, MAX_CHARS = 12, 128
_MAX_WAITING = 20
_COMMON = Path(__file__).with_name("common_passwords.txt")
"""The 10,000 most used ones in zxcvbn's list (MIT), its longer ones, and long ones made of what people repeat."""
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "0123456789" * 2, "qwertyuiopasdfghjklzxcvbnm", "1q2w3e4r5t6y7u8i9o0p")

_hasher = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=65_536, parallelism=4),))
# Two at once bound memory to 128 MiB however many people sign in together.
_workers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


async def hashed(password: str) -> str:
    """The argon2id hash to store."""
    return await _on_worker(_hasher.hash, password)


async def verified(password: str, password_hash: str | None) -> tuple[bool, str | None]:
    """Whether the password is right, and a new hash when the stored one has outdated parameters.

    Takes as long for `None` (nobody has this address) as for a wrong password.
    """
    return await _on_worker(_verify, password, password_hash)


def problems(password: str, *, email: str, host: str = "", name: str = "password") -> list[FieldProblem]:
    """Why a password is refused; nothing about its composition, only about guessing it.

    Args:
        host: The server's address; its words are as easy to guess as the person's.
        name: Of the field.
    """
    if not MIN_CHARS <= len(password) <= MAX_CHARS:
        return [FieldProblem(name, "password_length", {"min": MIN_CHARS, "max": MAX_CHARS})]
    if is_common(password):
        return [FieldProblem(name, "password_common")]
    if len(_without_context(password.casefold(), email.casefold(), host.casefold())) < MIN_CHARS - 4:
        return [FieldProblem(name, "password_context")]
    return []


def is_common(password: str) -> bool:
    """In the shipped list, a short piece repeated, or a walk along the alphabet or a keyboard."""
    lowered = password.casefold()
    if lowered in _common() or lowered.rstrip("0123456789!@#$%&*.?_-") in _common():
        return True
    repeats = any(len(set(_pieces(lowered, size))) == 1 for size in range(1, 5))
    walks = any(lowered in row * 3 or lowered in row[::-1] * 3 for row in _ROWS)
    return repeats or walks


def _pieces(text: str, size: int) -> list[str]:
    """Whole pieces of that size, and a rest that only continues them."""
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    rest = pieces[-1]
    return [*pieces[:-1], pieces[0]] if pieces[0].startswith(rest) else pieces


def _without_context(password: str, email: str, host: str) -> str:
    local, _, domain = email.partition("@")
    for word in (email, local, domain.partition(".")[0], "renum", *re.split(r"[^\w-]+", host)):
        if len(word) >= 4:
            password = password.replace(word, "")
    return password


@cache
def _common() -> frozenset[str]:
    return frozenset(_COMMON.read_text(encoding="utf-8").split())


@cache
def _dummy_hash() -> str:
    return _hasher.hash("nobody has this password")


def _verify(password: str, password_hash: str | None) -> tuple[bool, str | None]:
    if password_hash is None:
        _hasher.verify(password, _dummy_hash())
        return False, None
    try:
        return _hasher.verify_and_update(password, password_hash)
    except UnknownHashError:  # an account without a password, such as the demo's
        _hasher.verify(password, _dummy_hash())
        return False, None


async def _on_worker(function: Callable[..., Result], *arguments: str | None) -> Result:
    if _workers._work_queue.qsize() > _MAX_WAITING:  # noqa: SLF001 (the pool does not tell its queue's length)
        raise Unavailable("too_many_sign_ins_at_once")
    return await asyncio.get_running_loop().run_in_executor(_workers, function, *arguments)
