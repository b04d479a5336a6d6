"""Sealed secrets open for their owner and service only, and survive a change of key."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renum_app import crypto

OLD = "0f" * 32
NEW = base64.urlsafe_b64encode(bytes(range(32))).decode()
CONTEXT = "renum-api-key\0user-1\0openai"


@pytest.fixture(autouse=True)
def _keys() -> Iterator[None]:
    before = crypto._keys
    crypto.configure(OLD)
    yield
    crypto._keys = before


@pytest.mark.parametrize(
    "key", [OLD, NEW, NEW.rstrip("="), "a long passphrase, with commas = and signs", f"k7={NEW},k3={OLD}"]
)
def test_what_was_sealed_opens_with_every_form_of_key(key: str) -> None:
    crypto.configure(key)
    assert crypto.open_sealed(crypto.seal("sk-ção-🔑", context=CONTEXT), context=CONTEXT) == "sk-ção-🔑"


def test_both_spellings_of_base64_are_one_key() -> None:
    raw = b"\xfb\xef\xff" * 10 + b"ab"
    crypto.configure(base64.b64encode(raw).decode())
    sealed = crypto.seal("x", context=CONTEXT)
    crypto.configure(base64.urlsafe_b64encode(raw).decode())
    assert crypto.open_sealed(sealed, context=CONTEXT) == "x"


def test_the_same_text_is_never_sealed_alike_and_never_shows() -> None:
    first, second = crypto.seal("sk-secret", context=CONTEXT), crypto.seal("sk-secret", context=CONTEXT)
    assert first != second
    assert b"sk-secret" not in base64.urlsafe_b64decode(first.rsplit(".", 1)[1])


@pytest.mark.parametrize("other", ["renum-api-key\0user-2\0openai", "renum-api-key\0user-1\0groq", "", CONTEXT + "\0"])
def test_a_sealed_text_moved_to_another_row_is_refused(other: str) -> None:
    sealed = crypto.seal("x", context=CONTEXT)
    with pytest.raises(crypto.CannotOpen):
        crypto.open_sealed(sealed, context=other)


@given(data=st.data())
def test_one_changed_bit_is_refused(data: st.DataObject) -> None:
    version, kid, body = crypto.seal("secret", context=CONTEXT).split(".")
    raw = bytearray(base64.urlsafe_b64decode(body))
    place = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[place // 8] ^= 1 << place % 8
    with pytest.raises(crypto.CannotOpen):
        crypto.open_sealed(f"{version}.{kid}.{base64.urlsafe_b64encode(raw).decode()}", context=CONTEXT)


@given(text=st.text())
def test_any_other_text_is_refused_and_nothing_else_is_raised(text: str) -> None:
    for sealed in (text, f"v1.k1.{text}", f"v1.{text}.AAAA"):
        with pytest.raises(crypto.CannotOpen):
            crypto.open_sealed(sealed, context=CONTEXT)


def test_after_a_rotation_old_texts_open_and_new_ones_use_the_new_key() -> None:
    old = crypto.seal("old", context=CONTEXT)
    crypto.configure(f"k2={NEW},k1={OLD}")
    new = crypto.seal("new", context=CONTEXT)
    assert (old.split(".")[1], new.split(".")[1]) == ("k1", "k2")
    assert crypto.open_sealed(old, context=CONTEXT) == "old"
    assert crypto.open_sealed(new, context=CONTEXT) == "new"


def test_a_key_that_was_dropped_is_named() -> None:
    sealed = crypto.seal("x", context=CONTEXT)
    crypto.configure(f"k2={NEW}")
    with pytest.raises(crypto.CannotOpen, match="k1"):
        crypto.open_sealed(sealed, context=CONTEXT)


def test_a_kid_cannot_be_exchanged_even_between_equal_keys() -> None:
    crypto.configure(f"k1={OLD},k2={OLD}")
    sealed = crypto.seal("x", context=CONTEXT)
    with pytest.raises(crypto.CannotOpen):
        crypto.open_sealed(sealed.replace("v1.k1.", "v1.k2."), context=CONTEXT)


@pytest.mark.parametrize("key", ["", f"k1={OLD},k1={NEW}"])
def test_no_key_or_one_named_twice_is_refused(key: str) -> None:
    with pytest.raises(crypto.BadEncryptionKey):
        crypto.configure(key)


def test_keys_do_not_show_in_a_repr() -> None:
    assert OLD not in repr(crypto._keys)
    assert bytes.fromhex(OLD).hex() not in repr(crypto._keys)
