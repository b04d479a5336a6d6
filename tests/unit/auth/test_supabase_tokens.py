"""Access tokens of a Supabase project: which are believed, and when its keys are fetched."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from renum_app.auth.identity import Identity
from renum_app.auth.supabase.claims import claims_of
from renum_app.auth.supabase.keys import Keys
from renum_app.auth.supabase.standing import Standings
from renum_app.errors import RenumError, Unauthenticated, Unavailable
from renum_app.models.user import SignInProvider
from tests import forged
from tests.doubles.gotrue.keys import KeyRing, claims_for

ISSUER = "https://project.supabase.co/auth/v1"
USER: dict[str, Any] = {
    "id": "7a0f3f5e-3a59-4c8a-9a2b-0f6d8f6f1c11", "email": "ana@example.com", "user_metadata": {},
}  # fmt: skip
SECRET = "a-shared-secret-of-an-older-project-0123456789"


class Clock:
    """A clock, and where the keys are fetched from."""

    def __init__(self, ring: KeyRing) -> None:
        self.now, self.ring, self.fetches, self.is_away = 0.0, ring, 0, False

    async def fetch(self) -> Any:
        self.fetches += 1
        if self.is_away:
            raise Unavailable
        return {"keys": self.ring.published()}

    def keys(self, *, secret: str = "") -> Keys:
        return Keys(self.fetch, secret=secret, clock=lambda: self.now)


def _claims(**changes: Any) -> dict[str, Any]:
    return {**claims_for(USER, issuer=ISSUER, session_id="s1", seconds=600), **changes}


async def test_a_good_token_says_whose_it_is() -> None:
    ring = KeyRing()
    claims = await claims_of(ring.sign(_claims()), Clock(ring).keys(), issuer=ISSUER)
    assert (str(claims.user_id), claims.session) == (USER["id"], "s1")


@pytest.mark.parametrize("name", forged.changed_at_supabase({}))
async def test_a_good_signature_alone_is_not_enough(name: str) -> None:
    wrong = forged.changed_at_supabase(_claims())[name]
    for ring, secret in ((KeyRing(), ""), (KeyRing(secret=SECRET), SECRET)):
        with pytest.raises(Unauthenticated):
            await claims_of(ring.sign(wrong), Clock(ring).keys(secret=secret), issuer=ISSUER)


async def test_the_key_decides_the_algorithm_and_no_address_in_the_token_is_visited() -> None:
    ring = KeyRing()
    clock = Clock(ring)
    good = ring.sign(_claims())
    keys = clock.keys()
    for token in {
        **forged.by_strangers(good),
        **forged.with_public_key(good, ring.keys[0].private.public_key()),
    }.values():
        with pytest.raises(Unauthenticated):
            await claims_of(token, keys, issuer=ISSUER)
    assert clock.fetches == 1


async def test_a_shared_secret_verifies_only_where_it_is_configured() -> None:
    token = KeyRing(secret=SECRET).sign(_claims())
    older = Clock(KeyRing(secret=SECRET))
    assert str((await claims_of(token, older.keys(secret=SECRET), issuer=ISSUER)).user_id) == USER["id"]
    with pytest.raises(Unauthenticated):
        await claims_of(token, Clock(KeyRing()).keys(), issuer=ISSUER)
    with pytest.raises(Unauthenticated):
        await claims_of(token, older.keys(), issuer=ISSUER)


async def test_while_a_project_migrates_the_key_id_tells_which_key() -> None:
    ring = KeyRing()
    keys = Clock(ring).keys(secret=SECRET)
    for token in (ring.sign(_claims()), jwt.encode(_claims(), SECRET, "HS256", headers={"kid": "legacy"})):
        assert (await claims_of(token, keys, issuer=ISSUER)).session == "s1"
    with pytest.raises(Unauthenticated):  # the secret does not stand in for a key that has a name
        await claims_of(jwt.encode(_claims(), SECRET, "HS256", headers={"kid": ring.keys[0].kid}), keys, issuer=ISSUER)


async def test_made_up_key_ids_fetch_the_keys_twice_a_minute_at_most() -> None:
    clock = Clock(KeyRing())
    keys = clock.keys()
    for second in range(120):
        clock.now = float(second)
        with pytest.raises(Unauthenticated):
            await keys.find(f"made-up-{second}")
    assert clock.fetches == 4


async def test_a_new_key_is_found_with_one_fetch_and_a_revoked_one_is_refused_within_ten_minutes() -> None:
    ring = KeyRing()
    clock = Clock(ring)
    keys, old = clock.keys(), ring.sign(_claims())
    await claims_of(old, keys, issuer=ISSUER)
    clock.now = 31.0
    ring.rotate()
    await claims_of(ring.sign(_claims()), keys, issuer=ISSUER)
    assert clock.fetches == 2
    ring.revoke_old()
    clock.now = 31.0 + 601.0
    with pytest.raises(Unauthenticated):
        await claims_of(old, keys, issuer=ISSUER)


async def test_known_keys_are_believed_for_ten_minutes_more_while_nobody_gives_new_ones() -> None:
    ring = KeyRing()
    clock = Clock(ring)
    keys, token = clock.keys(), ring.sign(_claims())
    await claims_of(token, keys, issuer=ISSUER)
    clock.is_away = True
    for now in (599.0, 700.0, 1_190.0):
        clock.now = now
        await claims_of(token, keys, issuer=ISSUER)
    clock.now = 1_201.0
    with pytest.raises(Unavailable):
        await claims_of(token, keys, issuer=ISSUER)
    assert clock.fetches <= 4
    clock.now, clock.is_away = 1_300.0, False
    await claims_of(token, keys, issuer=ISSUER)


async def test_keys_that_are_none_of_ours_are_left_out() -> None:
    small = rsa.generate_private_key(public_exponent=65_537, key_size=1_024).public_key()
    weak = {**jwt.algorithms.RSAAlgorithm.to_jwk(small, as_dict=True), "kid": "weak", "alg": "RS256", "use": "sig"}
    good = KeyRing().keys[0].public
    odd: list[Any] = [
        weak, {**good, "kid": "enc", "use": "enc"}, {"kty": "oct", "k": "c2VjcmV0", "kid": "oct", "alg": "HS256"},
        {**good, "kid": "alg", "alg": "HS256"}, {"kty": "EC", "kid": "half"}, "text", None, {**good, "kid": "good"},
    ]  # fmt: skip

    async def fetch() -> Any:
        return {"keys": odd}

    keys = Keys(fetch)
    assert await keys.read()
    assert (await keys.find("good")).algorithm == "ES256"
    for kid in ("weak", "enc", "oct", "alg", "half", "", None):
        with pytest.raises(Unauthenticated):
            await keys.find(kid)


async def test_a_session_is_asked_about_twice_a_minute_at_most_and_forgiven_for_ten_while_nobody_answers() -> None:
    now, asked = 0.0, 0
    answers: Identity | RenumError = Identity(SignInProvider.SUPABASE, UUID(USER["id"]), "ana@example.com")

    async def ask() -> Identity:
        nonlocal asked
        asked += 1
        if isinstance(answers, RenumError):
            raise answers
        return answers

    standings = Standings(clock=lambda: now)
    for second in range(60):
        now = float(second)
        await standings.of("s1", ask)
    assert asked == 2
    answers = Unavailable()
    now = 600.0
    await standings.of("s1", ask)
    now = 641.0
    with pytest.raises(Unavailable):
        await standings.of("s1", ask)
    with pytest.raises(Unavailable):
        await standings.of("s2", ask)
    answers = Unauthenticated()
    now = 700.0
    for _ in range(3):
        with pytest.raises(Unauthenticated):
            await standings.of("s1", ask)
    assert asked == 6
