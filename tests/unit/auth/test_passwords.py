"""Which passwords are refused, and how long a check takes."""

from __future__ import annotations

import time

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from renum_app.auth import passwords


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_length"),
        ("x" * 129, "password_length"),
        ("aaaaaaaaaaaa", "password_common"),
        ("abcabcabcabcab", "password_common"),
        ("123456789012", "password_common"),
        ("abcdefghijklm", "password_common"),
        ("qwertyuiopasdf", "password_common"),
        ("PasswordPassword", "password_common"),
        ("iloveyou123456", "password_common"),
        ("correcthorsebatterystaple", "password_common"),
        ("ana.souza1234", "password_context"),
        ("renumrenumrenum!", "password_context"),
        ("ana.souza@example.com", "password_context"),
    ],
)
def test_passwords_that_are_easy_to_guess_are_refused(password: str, code: str) -> None:
    assert [problem.code for problem in passwords.problems(password, email="ana.souza@example.com")] == [code]


@pytest.mark.parametrize(
    "password",
    [
        "quiet river under stone",
        "senha é um rio manso",
        "X7#kq9!mZ2vw",
        "ana souza gosta de rios",
        "🦜" * 6 + "floresta",
    ],
)
def test_other_passwords_are_taken_whatever_they_are_made_of(password: str) -> None:
    assert passwords.problems(password, email="ana.souza@example.com") == []


async def test_a_password_is_verified_and_an_old_hash_is_renewed() -> None:
    old = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8_192, parallelism=1),)).hash("quiet river under stone")
    is_right, renewed = await passwords.verified("quiet river under stone", old)
    assert is_right
    assert renewed is not None
    assert "m=65536,t=3" in renewed
    assert await passwords.verified("quiet river under stone", renewed) == (True, None)
    assert await passwords.verified("some other words", renewed) == (False, None)


@pytest.mark.alone
async def test_nobody_and_an_account_without_a_password_take_as_long_as_a_wrong_one() -> None:
    known = await passwords.hashed("quiet river under stone")
    await passwords.verified("x", None)
    took = []
    for password_hash in (known, None, "!"):
        started = time.perf_counter()
        assert await passwords.verified("wrong", password_hash) == (False, None)
        took.append(time.perf_counter() - started)
    # The machine's own noise is larger than a true comparison allows; no work at all would take a thousandth.
    assert min(took) > max(took) / 5
