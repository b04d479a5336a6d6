"""Who asks too often gets 429; every answer says in `RateLimit-*` how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from starlette.requests import Request
from starlette.types import Scope

from renum_app import runtime
from renum_app.auth.rates import Rate, Standing
from renum_app.auth.throttle import network_of
from renum_app.errors import TooMany
from renum_app.models.user import CurrentUser

_READS = {"GET", "HEAD", "OPTIONS"}
_STANDING = "renum_standing"
_NONE: Mapping[str, str] = MappingProxyType({})


async def admit(request: Request, user: CurrentUser | None) -> None:
    """Count the call, once, for the person or for the network of whoever is nobody.

    Raises:
        TooMany: There were too many before.
    """
    scope = request.scope
    if _STANDING in scope:
        return
    standing = scope[_STANDING] = await _counted(scope, user)
    if standing.is_over:
        raise TooMany("too_many_calls", retry_after=standing.reset_seconds)


async def headers_of(scope: Scope) -> Mapping[str, str]:
    """How the caller stands after this call, which counts for their network where no route has counted it."""
    if scope["method"] == "OPTIONS":
        return _NONE
    standing = scope.get(_STANDING) or await _counted(scope, None)
    return {
        "RateLimit-Limit": str(standing.rate.amount),
        "RateLimit-Remaining": str(standing.remaining),
        "RateLimit-Reset": str(standing.reset_seconds),
        "RateLimit-Policy": f"{standing.rate.amount};w={standing.rate.seconds}",
    }


async def _counted(scope: Scope, user: CurrentUser | None) -> Standing:
    live = runtime.current()
    who = str(user.user_id) if user else network_of(scope.get("renum_address", ""))
    reads = Rate(live.settings.reads_per_second, 1)
    writes = Rate(live.settings.writes_per_minute, 60)
    return await live.rates.hit(reads if scope["method"] in _READS else writes, who)
