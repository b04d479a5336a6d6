"""A person's API tokens in one tab: listed and revoked; a token itself never comes through here."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from renum_app.errors import NotFound, RenumError
from renum_app.models.api_token import ApiTokenRead, Scope
from renum_app.models.user import CurrentUser, UserRole
from renum_app.models.values import iso, utc_now
from renum_app.services import api_tokens
from renum_app.state.address import id_in
from renum_app.state.notices import tell
from renum_app.state.sentence import Sentence, failure_of
from renum_app.state.session import signed_in


@dataclass(frozen=True)
class TokenRow:
    token_id: str
    name: str
    hint: str
    scopes: list[str]
    expires_at: str
    used_at: str
    is_expired: bool


class ApiTokens(rx.State):
    rows: list[TokenRow] = []
    scopes: list[str] = []
    """Those the person may give."""
    is_demo: bool = False
    is_loaded: bool = False
    failure: Sentence = Sentence()
    revoking: str = ""
    """The token whose end is being asked about."""
    revoking_name: str = ""

    @rx.event
    async def load(self) -> None:
        user = await signed_in(self)
        self.failure, self.is_demo = Sentence(), user.is_demo
        self.scopes = [scope for scope in Scope if scope is not Scope.ADMIN or user.role is UserRole.ADMIN]
        try:
            await self._list(user)
        except RenumError as error:
            self.failure = failure_of(error)
        self.is_loaded = True

    @rx.event
    def ask_revocation(self, token_id: str) -> None:
        self.revoking = str(token_id)
        self.revoking_name = next((row.name for row in self.rows if row.token_id == self.revoking), "")

    @rx.event
    async def revoke(self) -> None:
        """End the token that was asked about."""
        user = await signed_in(self)
        if (token_id := id_in(self.revoking)) is None:
            raise NotFound
        await api_tokens.revoke(user, token_id)
        await tell(self, "tokens.revoked", name=self.revoking_name)
        self.revoking = ""
        await self._list(user)

    async def _list(self, user: CurrentUser) -> None:
        listed = await api_tokens.list_tokens(user, limit=api_tokens.MAX_TOKENS)
        self.rows = [_row(token) for token in listed.items]


def _row(token: ApiTokenRead) -> TokenRow:
    return TokenRow(
        token_id=str(token.token_id),
        name=token.name,
        hint=token.hint,
        scopes=[scope.value for scope in token.scopes],
        expires_at=iso(token.expires_at),
        used_at=iso(token.last_used_at) if token.last_used_at else "",
        is_expired=token.expires_at <= utc_now(),
    )
