"""Tokens that nobody may get in with, made from one that is good (S-02)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

EVIL = "http://evil.example/keys.json"


def part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def hmac_signed(claims: dict[str, Any], key: bytes, **header: Any) -> str:
    """HS256 by hand: a library refuses to take a public key for a secret."""
    body = f"{part({'alg': 'HS256', 'typ': 'JWT', **header})}.{part(claims)}"
    return f"{body}.{part(hmac.new(key, body.encode(), hashlib.sha256).digest())}"


def legacy_key(role: str, secret: str) -> str:
    """The anon or service_role key of an older project: a good signature, and nobody's session."""
    now = int(time.time())
    claims = {"iss": "supabase", "ref": "abcdefghij", "role": role, "iat": now, "exp": now + 10**8}
    return hmac_signed(claims, secret.encode())


def by_strangers(good: str) -> dict[str, str]:
    """Of people who know a good token's content, and what is public."""
    header = jwt.get_unverified_header(good)
    claims = jwt.decode(good, options={"verify_signature": False})
    kid = header.get("kid")
    elliptic, rsa_key = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65_537, 2_048)
    jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(elliptic.public_key()))
    head, body, signature = good.split(".")

    def foreign(**more: Any) -> str:
        return jwt.encode(claims, elliptic, "ES256", headers={"kid": kid, **more})

    return {
        "none": f"{part({'alg': 'none', 'kid': kid})}.{body}.",
        "None with a signature": f"{part({'alg': 'None', 'kid': kid})}.{body}.{signature}",
        "no signature": f"{head}.{body}.",
        "another's signature": f"{head}.{body}.{foreign().split('.')[2]}",
        "changed claims": f"{head}.{part({**claims, 'sub': '00000000-0000-4000-8000-000000000001'})}.{signature}",
        "an empty secret": hmac_signed(claims, b"", kid=kid),
        "a common secret": hmac_signed(claims, b"secret", kid=kid),
        "the secret of Supabase's examples": hmac_signed(
            claims, b"super-secret-jwt-token-with-at-least-32-characters-long", kid=kid
        ),
        "ES256 of somebody else": foreign(),
        "RS256 of somebody else": jwt.encode(claims, rsa_key, "RS256", headers={"kid": kid}),
        "unknown kid": foreign(kid="unknown"),
        "kid as a path": foreign(kid="../../../dev/null"),
        "kid as SQL": foreign(kid="x' UNION SELECT 'key"),
        "jku": foreign(jku=EVIL),
        "x5u": foreign(x5u=EVIL),
        "jwk in the header": foreign(jwk=jwk),
        "b64=false": foreign(b64=False, crit=["b64"]),
        "nested": jwt.encode({"token": good}, elliptic, "ES256", headers={"kid": kid}),
        "no dots": "nonsense", "dots": "..", "five parts": f"{good}.e30.e30", "doubled": good + good,
        "empty": "", "a NUL": "a.b\x00.c", "long": "x" * 30_000,
    }  # fmt: skip


def with_public_key(good: str, public: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """HS256 with the published key for a secret, in the spellings a server might hold it in."""
    claims = jwt.decode(good, options={"verify_signature": False})
    kid = jwt.get_unverified_header(good)["kid"]
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(public))
    spellings = {
        "PEM": pem, "PEM, stripped": pem.strip(), "JWK": json.dumps(jwk).encode(), "x": jwk["x"].encode(),
        "DER": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    }  # fmt: skip
    return {f"HS256 with the public key ({name})": hmac_signed(claims, key, kid=kid) for name, key in spellings.items()}


def changed(claims: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Claims that whoever has the key must not sign for a session: somebody else's, ended, or nobody's."""
    now = int(time.time())
    wrong = {
        "expired": {"exp": now - 60}, "not yet": {"nbf": now + 600}, "issued elsewhere": {"iss": "https://else.example"},
        "iss supabase": {"iss": "supabase"}, "for others": {"aud": "anon"}, "for many": {"aud": ["authenticated", "x"]},
        "no person": {"sub": "nobody"}, "exp as text": {"exp": "soon"},
    }  # fmt: skip
    without = {f"without {name}": name for name in ("exp", "iat", "sub", "aud", "iss", "role")}
    return {
        **{name: {**claims, **change} for name, change in wrong.items()},
        **{name: {k: v for k, v in claims.items() if k != left_out} for name, left_out in without.items()},
    }


def changed_at_supabase(claims: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """And what only a project would sign for people who are not signed in."""
    roles = {f"role {role}": {**claims, "role": role} for role in ("anon", "service_role", "supabase_admin", "")}
    return {**changed(claims), **roles, "anonymous": {**claims, "is_anonymous": True}}
