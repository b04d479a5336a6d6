"""How a WebSocket proves who it is: header, cookie with a good origin, subprotocol, or the address."""

from __future__ import annotations

from uuid import UUID

from starlette.websockets import WebSocket

from renum_app import runtime
from renum_app.api.live import Proof
from renum_app.auth import tickets
from renum_app.auth.cookies import COOKIE_NAME
from renum_app.errors import Unauthenticated
from renum_app.services import sessions

PROTOCOL = "renum.v1"
_BEARER = "bearer."


def subprotocol(websocket: WebSocket) -> str | None:
    """What to answer of the offered protocols: ours, never the one that carries a token."""
    return PROTOCOL if PROTOCOL in _offered(websocket) else None


def proof_of(websocket: WebSocket, execution_id: UUID) -> Proof:
    """The first credential there is; it alone counts, however bad.

    Raises:
        Unauthenticated: There is none.
    """
    if authorization := websocket.headers.get("authorization"):
        scheme, _, token = authorization.partition(" ")
        return _bearer(token if scheme.lower() == "bearer" else "")
    if (cookie := websocket.cookies.get(COOKIE_NAME)) and _is_allowed_origin(websocket):
        return lambda: sessions.user_of_cookie(cookie)
    for offered in _offered(websocket):
        if offered.startswith(_BEARER):
            return _bearer(offered.removeprefix(_BEARER))
    return _bearer(_from_address(websocket, execution_id))


def _bearer(token: str) -> Proof:
    return lambda: sessions.user_of_bearer(token)


def _from_address(websocket: WebSocket, execution_id: UUID) -> str:
    token = websocket.query_params.get("token", "")
    if not token.startswith(tickets.PREFIX):
        return token
    if redeemed := runtime.current().tickets.redeem(token, execution_id):
        return redeemed
    raise Unauthenticated("invalid_token")


def _offered(websocket: WebSocket) -> list[str]:
    header = websocket.headers.get("sec-websocket-protocol", "")
    return [name.strip() for name in header.split(",")]


def _is_allowed_origin(websocket: WebSocket) -> bool:
    """A cookie comes along from any site; only pages of ours may use it."""
    return websocket.headers.get("origin") in runtime.current().settings.origins
