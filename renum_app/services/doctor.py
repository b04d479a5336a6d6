"""What `renum doctor` finds: one line for each thing the installation stands on."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from renum_app import database
from renum_app.agents.backend import OpenCredential
from renum_app.agents.suna import SunaCatalogue
from renum_app.auth.supabase import SupabaseAuth
from renum_app.database import reading
from renum_app.errors import Unavailable
from renum_app.i18n import text
from renum_app.repositories import liveness
from renum_app.services.suna_credentials import Way
from renum_app.settings import Settings


@dataclass(frozen=True)
class Finding:
    name: str
    ok: bool
    words: str
    may_pass: bool = False
    """Nothing is set wrongly; it only does not work now."""


async def examine(settings: Settings) -> list[Finding]:
    """Ask everything once."""
    findings = [await _database()]
    if settings.uses_supabase:
        findings.append(await supabase(settings))
    if settings.suna_api_url:
        findings.append(await _suna(settings))
    return findings


async def supabase(settings: Settings) -> Finding:
    """Whether people can sign in, as far as that can be told without one of them."""
    try:
        words = await SupabaseAuth(settings).misconfiguration()
    except Unavailable:
        words = "SUPABASE_URL does not answer: nobody can sign in until it does."
        return Finding("supabase", ok=False, words=words, may_pass=True)
    return Finding("supabase", ok=not words, words=words or "answers, and its tokens can be verified.")


async def _database() -> Finding:
    try:
        async with reading() as session:
            await liveness.ask(session)
    except database.TROUBLES as error:
        return Finding("database", ok=False, words=f"does not answer ({type(error).__name__}): check DATABASE_URL.")
    return Finding("database", ok=True, words="answers.")


async def _suna(settings: Settings) -> Finding:
    """The server, and the service account where there is one; people's own keys are theirs to test."""
    key = settings.suna_api_key

    async def service_account(user_id: UUID, service_name: str) -> OpenCredential | None:
        return OpenCredential(service_name=service_name, provider=Way.SERVICE_ACCOUNT.value, api_key=key)

    catalogue = SunaCatalogue(service_account, settings.suna_api_url)
    try:
        state = await catalogue.inspect(uuid4() if key else None)
    finally:
        await catalogue.aclose()
    if state.problem:
        problem = state.problem
        words = text(f"agent_errors.{problem.message}", "en", **{"agent": "Renum", **problem.params})
        return Finding("suna", ok=False, words=words)
    account = "the service account works" if key else "no service account (SUNA_API_KEY): people need keys of their own"
    limit = f", {state.run_limit} runs at a time" if state.run_limit else ""
    return Finding("suna", ok=True, words=f"{state.version}, answers in {state.latency_ms} ms; {account}{limit}.")
