"""Signing keys of a project: one signs, some are published, and a shared secret as older projects have it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class SigningKey:
    kid: str
    private: ec.EllipticCurvePrivateKey
    is_published: bool = True

    @property
    def public(self) -> dict[str, Any]:
        shown = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.private.public_key()))
        return {**shown, "kid": self.kid, "alg": "ES256", "use": "sig", "key_ops": ["verify"]}


def new_key() -> SigningKey:
    return SigningKey(str(uuid4()), ec.generate_private_key(ec.SECP256R1()))


@dataclass
class KeyRing:
    """Signs with the last key, or with the secret where there is one."""

    keys: list[SigningKey] = field(default_factory=lambda: [new_key()])
    secret: str = ""
    """Set: tokens are HS256, and no key is published."""

    def rotate(self) -> SigningKey:
        """A new key signs from now on; the older ones stay published until they are revoked."""
        self.keys.append(new_key())
        return self.keys[-1]

    def revoke_old(self) -> None:
        del self.keys[:-1]

    def published(self) -> list[dict[str, Any]]:
        return [] if self.secret else [key.public for key in self.keys if key.is_published]

    def sign(self, claims: dict[str, Any]) -> str:
        if self.secret:
            return jwt.encode(claims, self.secret, "HS256", headers={"kid": "legacy"})
        return jwt.encode(claims, self.keys[-1].private, "ES256", headers={"kid": self.keys[-1].kid})

    def read(self, token: str, *, issuer: str) -> dict[str, Any]:
        """Claims of a token of ours; raises jwt's errors."""
        kid = jwt.get_unverified_header(token).get("kid")
        key = next((key.private.public_key() for key in self.keys if key.kid == kid), None)
        given, algorithm = (self.secret, "HS256") if self.secret else (key, "ES256")
        if not given:
            raise jwt.InvalidKeyError("unknown kid")
        return jwt.decode(token, given, algorithms=[algorithm], audience="authenticated", issuer=issuer)


def claims_for(user: dict[str, Any], *, issuer: str, session_id: str, seconds: float) -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": issuer, "sub": user["id"], "aud": "authenticated", "exp": now + int(seconds), "iat": now,
        "email": user["email"], "phone": "", "role": "authenticated", "aal": "aal1",
        "amr": [{"method": "password", "timestamp": now}], "session_id": session_id, "is_anonymous": False,
        "app_metadata": {"provider": "email", "providers": ["email"]}, "user_metadata": user["user_metadata"],
        "jti": str(uuid4()),
    }  # fmt: skip
