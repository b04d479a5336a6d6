"""The accounts and sessions of the double: refresh tokens rotate, and an old one used again ends its family."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from tests.doubles.gotrue.keys import KeyRing, claims_for


class Refused(Exception):
    """An answer of 400 or more."""

    def __init__(self, status: int, code: str, message: str = "", **more: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.more = status, code, message or code, more


@dataclass
class Session:
    session_id: str
    user_id: str
    chain: list[str] = field(default_factory=list)
    """Refresh tokens, the active one last."""
    rotated_at: float = 0.0
    is_over: bool = False


@dataclass
class Project:
    issuer: str = ""
    keys: KeyRing = field(default_factory=KeyRing)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By address."""
    passwords: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    confirms_addresses: bool = False
    takes_signups: bool = True
    token_seconds: float = 3_600
    reuse_seconds: float = 10
    mails: list[tuple[str, str]] = field(default_factory=list)
    """Kind and address of every e-mail that would have been sent."""

    def sign_up(self, body: dict[str, Any]) -> dict[str, Any]:
        if not self.takes_signups:
            raise Refused(422, "signup_disabled")
        email, password = body["email"].lower(), body["password"]
        if len(password) < 6:
            raise Refused(422, "weak_password", weak_password={"reasons": ["length"]})
        if "@" not in email:
            raise Refused(400, "validation_failed")
        if known := self.users.get(email):
            if not self.confirms_addresses:
                raise Refused(422, "user_already_exists")
            return {**known, "id": str(uuid4()), "identities": [], "user_metadata": {}}
        user = self.add(email, password, confirmed=not self.confirms_addresses, **body.get("data") or {})
        if self.confirms_addresses:
            self.mails.append(("signup", email))
            return user
        return self.new_session(user)

    def add(self, email: str, password: str, *, confirmed: bool = True, **metadata: Any) -> dict[str, Any]:
        now = datetime.now(UTC).isoformat()
        self.passwords[email] = password
        self.users[email] = {
            "id": str(uuid4()), "aud": "authenticated", "role": "authenticated", "email": email, "phone": "",
            "email_confirmed_at": now if confirmed else None, "app_metadata": {"provider": "email"},
            "user_metadata": metadata, "identities": [{
                "id": str(uuid4()), "identity_id": str(uuid4()), "user_id": str(uuid4()), "provider": "email",
                "identity_data": {"email": email}, "created_at": now, "last_sign_in_at": now, "updated_at": now,
            }], "created_at": now, "updated_at": now, "is_anonymous": False,
        }  # fmt: skip
        return self.users[email]

    def sign_in(self, body: dict[str, Any]) -> dict[str, Any]:
        user = self.users.get(str(body.get("email")).lower())
        if user is None or self.passwords[user["email"]] != body.get("password"):
            raise Refused(400, "invalid_credentials", "Invalid login credentials")
        if user["email_confirmed_at"] is None:
            raise Refused(400, "email_not_confirmed")
        if user.get("banned_until"):
            raise Refused(400, "user_banned")
        return self.new_session(user)

    def renew(self, body: dict[str, Any]) -> dict[str, Any]:
        """Rotation as the service does it: active, its direct parent, or older and then the end of the family."""
        given = body.get("refresh_token")
        session = next((each for each in self.sessions.values() if given in each.chain), None)
        if session is None or session.is_over:
            raise Refused(400, "refresh_token_not_found")
        user = self.user(session.user_id)
        if user.get("banned_until"):
            raise Refused(400, "user_banned")
        if given == session.chain[-1]:
            session.chain.append(secrets.token_urlsafe(9))
            session.rotated_at = time.monotonic()
        elif given != session.chain[-2] and time.monotonic() - session.rotated_at > self.reuse_seconds:
            session.is_over = True
            raise Refused(400, "refresh_token_already_used")
        return self.granted(user, session)

    def new_session(self, user: dict[str, Any]) -> dict[str, Any]:
        session = Session(str(uuid4()), user["id"], [secrets.token_urlsafe(9)])
        self.sessions[session.session_id] = session
        return self.granted(user, session)

    def granted(self, user: dict[str, Any], session: Session) -> dict[str, Any]:
        claims = claims_for(user, issuer=self.issuer, session_id=session.session_id, seconds=self.token_seconds)
        return {
            "access_token": self.keys.sign(claims), "token_type": "bearer", "expires_in": int(self.token_seconds),
            "expires_at": claims["exp"], "refresh_token": session.chain[-1], "user": user,
        }  # fmt: skip

    def user(self, user_id: str) -> dict[str, Any]:
        found = next((user for user in self.users.values() if user["id"] == user_id), None)
        if found is None:
            raise Refused(403, "user_not_found")
        return found

    def session_of(self, claims: dict[str, Any]) -> Session:
        session = self.sessions.get(claims.get("session_id", ""))
        if session is None or session.is_over:
            raise Refused(403, "session_not_found")
        return session
