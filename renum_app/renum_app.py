"""The composition root: settings, runtime, API and pages become one application; it decides nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

import reflex as rx

from renum_app import crypto, database, logs, pages, runtime, server
from renum_app.agents.backend import AgentBackend, CredentialSource
from renum_app.agents.discreet import DiscreetBackend
from renum_app.agents.local import LocalBackend
from renum_app.agents.rehearsal import RehearsalBackend
from renum_app.agents.suna import SunaBackend, SunaCatalogue
from renum_app.api.app import create_api
from renum_app.api.content_policy import policy_of
from renum_app.api.door import Door
from renum_app.api.page_headers import PageHeaders
from renum_app.auth.rates import Rates
from renum_app.auth.supabase import SupabaseAuth
from renum_app.components.head import looks
from renum_app.engine import dispatch
from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.models.agent import Backend
from renum_app.services.credentials import keys_of, open_credential
from renum_app.services.suna_credentials import open_suna_credential
from renum_app.settings import get_settings, keep_private
from renum_app.state.guard import Guard

Made = TypeVar("Made")
settings = get_settings()
logs.configure(settings)
database.configure(settings.database)
crypto.configure(settings.encryption_key)


def _suna(made: Callable[[CredentialSource, str], Made]) -> dict[Backend, Made]:
    """What there is of Suna, where a server is set."""
    return {Backend.SUNA: made(open_suna_credential, settings.suna_api_url)} if settings.suna_api_url else {}


def _backends() -> dict[Backend, AgentBackend]:
    return {
        Backend.LOCAL: LocalBackend(open_credential, settings),
        Backend.REHEARSAL: RehearsalBackend(),
        **_suna(SunaBackend),
    }


@asynccontextmanager
async def lifespan(_app: object = None) -> AsyncIterator[None]:
    """Start the engine with the web server, and let it finish what it can when that stops."""
    server.belong_to_supervisor()
    keep_private()
    live = runtime.start(
        runtime.Runtime(
            settings=settings,
            supabase=SupabaseAuth(settings) if settings.uses_supabase else None,
            backends={kind: DiscreetBackend(backend, keys_of) for kind, backend in _backends().items()},
            catalogues=_suna(SunaCatalogue),
            rates=Rates(settings.redis_url),
        )
    )
    server.on_farewell(live.closing.set)
    dispatcher = InProcessDispatcher()
    dispatch.join(dispatcher)
    dispatcher.start()
    try:
        yield
    finally:
        await asyncio.to_thread(dispatcher.close, grace_seconds=settings.shutdown_grace_seconds)
        for catalogue in live.catalogues.values():
            await catalogue.aclose()
        await database.dispose()


headers = partial(PageHeaders, policy=policy_of(server.PAGES), https_only=settings.is_production)
app = rx.App(**looks(), api_transformer=[create_api(settings), Door, headers])
app.add_middleware(Guard(), index=0)
app.register_lifespan_task(lifespan)

__all__ = ["app", "pages"]
