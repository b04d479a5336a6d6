"""How the backends do where agents live: reachable, which version, with whose key."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from renum_app import runtime
from renum_app.agents.backend import BackendState
from renum_app.i18n import Locale, text
from renum_app.models.agent import Backend, BackendStanding
from renum_app.models.user import CurrentUser
from renum_app.services import executions
from renum_app.services.suna_credentials import Way, way_of

_PATIENCE_SECONDS = 10.0
_GLANCE_SECONDS = 2.0


async def standings(user: CurrentUser, *, locale: Locale = "en") -> list[BackendStanding]:
    """Every such backend as the person's own key, or else the service account, finds it."""
    found = []
    for backend, catalogue in runtime.current().catalogues.items():
        way = await way_of(user.user_id)
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                state = await catalogue.inspect(user.user_id)
        except TimeoutError:
            state = BackendState()
        found.append(_standing(backend, state, way=way, locale=locale))
    return found


async def at_a_glance() -> dict[str, dict[str, Any]]:
    """Whether each such backend answers at all, by name."""
    found = {}
    for backend, catalogue in runtime.current().catalogues.items():
        try:
            async with asyncio.timeout(_GLANCE_SECONDS):
                state = await catalogue.inspect(None)
        except TimeoutError:
            state = BackendState()
        found[backend.value] = {"ok": state.is_reachable, "latency_ms": state.latency_ms}
    return found


async def away_from(user: CurrentUser, execution_id: UUID) -> bool:
    """Whether a running execution waits for agents that live where nobody answers.

    Raises:
        NotFound: The person has no such execution.
    """
    execution = await executions.get(user, execution_id)
    if execution.status.is_final:
        return False
    left = {step.backend for step in execution.steps if not step.status.is_final}
    if not left & {backend.value for backend in runtime.current().catalogues}:
        return False
    return any(not answer["ok"] for backend, answer in (await at_a_glance()).items() if backend in left)


def _standing(backend: Backend, state: BackendState, *, way: Way, locale: Locale) -> BackendStanding:
    problem = state.problem
    key = f"agent_errors.{problem.message}" if problem else ""
    if not problem and not state.is_reachable:
        key = "agent_errors.suna_silent"
    params = {"agent": "Renum", **(problem.params if problem else {})}
    return BackendStanding(
        backend=backend,
        ok=state.is_reachable and problem is None,
        version=state.version,
        latency_ms=state.latency_ms,
        run_limit=state.run_limit,
        has_own_key=way is Way.KEY,
        uses_service_account=way is Way.SERVICE_ACCOUNT,
        uses_sign_in=way is Way.SIGN_IN,
        code=problem.code if problem else "timeout" if key else None,
        message_key=key,
        message=text(key, locale, **params) if key else "",
    )
