"""The provider itself: sign up, in and out, renew, recover, and who a bearer of the project's tokens is."""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

from renum_app.auth import passwords
from renum_app.auth.identity import Identity, ProviderTokens
from renum_app.auth.supabase.calls import Call, Calls, Unanswered
from renum_app.auth.supabase.claims import claims_of
from renum_app.auth.supabase.keys import Keys
from renum_app.auth.supabase.shapes import Session, User, read
from renum_app.auth.supabase.standing import Standings
from renum_app.errors import FieldProblem, Forbidden, Invalid, Unauthenticated, Unavailable
from renum_app.models.user import SignInProvider
from renum_app.models.values import utc_now
from renum_app.settings import Settings

_MAX_PASSWORD_BYTES = 72
"""What the service's bcrypt reads of a password."""


class SupabaseAuth:
    """Identities of one Supabase project."""

    name = SignInProvider.SUPABASE

    def __init__(self, settings: Settings) -> None:
        self._calls = Calls(settings)
        self._issuer = settings.supabase_issuer
        self.keys = Keys(self._published_keys, secret=settings.supabase_jwt_secret)
        self.standings = Standings()

    async def sign_up(self, email: str, password: str, *, name: str, ip: str) -> Identity | None:
        if problems := _problems(password, email=email):
            raise Invalid(problems)
        body = {"email": email, "password": password, "data": {"name": name.strip()}, **_no_tokens_in_links()}
        made = await self._calls.ask(Call("POST", "/signup", json=body, ip=ip))
        return _signed_in(made) if isinstance(made, dict) and "access_token" in made else None

    async def sign_in(self, email: str, password: str, *, ip: str) -> Identity:
        body = {"email": email, "password": password}
        return _signed_in(await self._calls.ask(_token("password", body, ip=ip)))

    async def renew(self, tokens: ProviderTokens) -> ProviderTokens:
        """New tokens for the refresh token, which is used up by that.

        Where the answer is lost the same token is sent again: the service gives the newest pair to whoever has the
        one before it, so a renewal that did arrive is not lost.

        Raises:
            Unauthenticated: The session has ended there.
            Forbidden: The person may not sign in any more.
            Unavailable: It could not be renewed now.
        """
        call = _token("refresh_token", {"refresh_token": tokens.refresh_token})
        try:
            answer = await self._calls.ask(call)
        except Unanswered:
            answer = await self._calls.ask(call)
        return _tokens(read(Session, answer))

    async def sign_out(self, access_token: str) -> None:
        """End the token's session there; others of the same person go on."""
        await self._calls.ask(Call("POST", "/logout", params={"scope": "local"}, bearer=access_token))

    async def recover(self, email: str, *, ip: str) -> None:
        """Have an e-mail sent that leads to a new password; the same answer whether or not there is such an account.

        The page behind its link is the project's, which needs what the link brings along.
        """
        await self._calls.ask(Call("POST", "/recover", json={"email": email}, ip=ip))

    async def confirm_again(self, email: str, *, ip: str) -> None:
        """Have the e-mail that confirms an address sent once more."""
        body = {"type": "signup", "email": email, **_no_tokens_in_links()}
        await self._calls.ask(Call("POST", "/resend", json=body, ip=ip))

    async def identity_of(self, access_token: str) -> Identity:
        """Who brings this token along, checked here and, twice a minute at most, at the service.

        Raises:
            Unauthenticated: It is not valid, or its session has ended.
            Unavailable: It cannot be told now.
        """
        claims = await claims_of(access_token, self.keys, issuer=self._issuer)

        async def ask() -> Identity:
            found = _identity(read(User, await self._calls.ask(Call("GET", "/user", bearer=access_token))))
            if found.user_id != claims.user_id:
                raise Unauthenticated("invalid_token")
            return found

        return await self.standings.of(claims.session, ask)

    async def end_bearer(self, access_token: str) -> None:
        """Sign out a session that a client has with the project itself."""
        claims = await claims_of(access_token, self.keys, issuer=self._issuer)
        await self.sign_out(access_token)
        self.standings.forget(claims.session)

    async def misconfiguration(self) -> str:
        """One line on what would keep everybody from signing in; empty where nothing does.

        Raises:
            Unavailable: The service does not answer, which need not be a mistake.
        """
        try:
            await self._calls.ask(Call("GET", "/settings"))
            can_verify = await self.keys.read()
        except Unavailable as error:
            if error.code != "sign_in_misconfigured":
                raise
            return "SUPABASE_URL does not know this SUPABASE_PUBLISHABLE_KEY (or SUPABASE_ANON_KEY): check both."
        if can_verify:
            return ""
        return (
            "the project at SUPABASE_URL publishes no signing keys, so its tokens cannot be verified: "
            "move it to signing keys, or set SUPABASE_JWT_SECRET."
        )

    async def _published_keys(self) -> Any:
        return await self._calls.ask(Call("GET", "/.well-known/jwks.json"))


def _token(grant: str, body: dict[str, str], *, ip: str = "") -> Call:
    return Call("POST", "/token", params={"grant_type": grant}, json=body, ip=ip)


def _no_tokens_in_links() -> dict[str, str]:
    """Without a challenge the links of e-mails would bring tokens into a browser's address bar.

    Nobody keeps the answer to it: who has followed the link signs in with the password.
    """
    challenge = hashlib.sha256(secrets.token_bytes(48)).digest()
    return {
        "code_challenge": urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "code_challenge_method": "s256",
    }


def _problems(password: str, *, email: str) -> list[FieldProblem]:
    if len(password.encode("utf-8", "replace")) > _MAX_PASSWORD_BYTES:
        return [FieldProblem("password", "password_bytes", {"max": _MAX_PASSWORD_BYTES})]
    return passwords.problems(password, email=email)


def _signed_in(answer: Any) -> Identity:
    session = read(Session, answer)
    return _identity(session.user, tokens=_tokens(session))


def _identity(user: User, *, tokens: ProviderTokens | None = None) -> Identity:
    if user.role != "authenticated" or user.is_anonymous:
        raise Forbidden("account_not_admitted")
    return Identity(
        provider=SignInProvider.SUPABASE, user_id=user.id, email=user.email or "", name=user.shown_name, tokens=tokens
    )


def _tokens(session: Session) -> ProviderTokens:
    # By our own clock: the service's moment would be wrong by as much as its clock is.
    return ProviderTokens(
        access_token=session.access_token,
        refresh_token=session.refresh_token,
        expires_at=utc_now() + timedelta(seconds=session.expires_in),
    )
