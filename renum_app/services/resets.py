"""A forgotten password: links to a new one, made by whoever runs the server, or mailed where there is mail."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from renum_app import mail, runtime
from renum_app.auth import tokens
from renum_app.auth.supabase import SupabaseAuth
from renum_app.auth.throttle import network_of
from renum_app.database import TROUBLES, reading, transaction
from renum_app.errors import Forbidden, Malformed, NotFound, RenumError
from renum_app.i18n import Locale, text
from renum_app.models.account import ResetLink
from renum_app.models.audit import AuditAction
from renum_app.models.user import SignInProvider, User
from renum_app.models.values import utc_now
from renum_app.repositories import reset_links, sessions, users
from renum_app.services import audit, passwords
from renum_app.settings import Settings

log = logging.getLogger(__name__)

LIFETIME = timedelta(minutes=30)
_BETWEEN_MAILS = timedelta(minutes=2)
_sending: set[asyncio.Task[None]] = set()


async def link_for(email: str, settings: Settings) -> str:
    """A link with which whoever gets it sets a new password, once; for whoever has the server's own shell.

    Raises:
        NotFound: Nobody has this address, or it is the demo's.
        Forbidden: The password is another provider's.
    """
    async with reading() as session:
        user = await users.by_email(session, email)
    if user is None or user.is_demo:
        raise NotFound("no_such_account", email=email)
    if user.provider != SignInProvider.LOCAL:
        raise Forbidden("account_is_elsewhere")
    return await _link(user, settings)


def forget(email: str, *, ip: str, locale: Locale) -> None:
    """Mail a link to that address if it has an account; who asks learns nothing, not even by how long it takes.

    Raises:
        TooMany: Their network has asked too often.
    """
    live = runtime.current()
    live.resets.begin(network_of(ip), ip)
    if live.supabase:
        sending = asyncio.create_task(_mail_by(live.supabase, email, ip))
    elif live.settings.has_mail:
        sending = asyncio.create_task(_mail(email, locale))
    else:
        return
    _sending.add(sending)
    sending.add_done_callback(_sending.discard)


async def reset(token: str | None, password: str) -> None:
    """Set a new password by a link, which is used up; the person is signed out everywhere.

    Raises:
        Malformed: There is no such link, it was used, it is too old, or the password has changed since.
        Invalid: The new password is too easy to guess; the link stays good.
    """
    settings, key = runtime.current().settings, tokens.token_hash(token or "")
    async with reading() as session:
        found = await reset_links.find(session, key)
    if found is None or tokens.token_hash(found[1].password_hash) != found[0].password_mark:
        raise Malformed("invalid_reset_link")
    link, user = found
    new_hash = await passwords.hashed(password, email=user.email, host=settings.base_url)
    async with transaction() as session:
        is_first = await reset_links.use(session, link)
        if not is_first or not await users.change_password(session, user, new_hash):
            raise Malformed("invalid_reset_link")
        await sessions.end_all(session, owner=user.user_id)
        await audit.note(session, AuditAction.PASSWORD_RESET, actor_id=None, about=f"user:{user.user_id}")
    runtime.current().sessions.forget(user.user_id)


async def _mail_by(supabase: SupabaseAuth, email: str, ip: str) -> None:
    """Let the project send its own mail; never raises: nobody waits for it."""
    try:
        await supabase.recover(email.lower(), ip=ip)
    except RenumError as error:
        log.warning("A mail was not sent", extra={"action": "mail_not_sent", "why": error.code})


async def _mail(email: str, locale: Locale) -> None:
    """Never raises: nobody waits for it."""
    settings = runtime.current().settings
    try:
        async with reading() as session:
            user = await users.by_email(session, email)
            if user is None or not _may_reset(user):
                return
            if await reset_links.was_made_since(session, user.user_id, utc_now() - _BETWEEN_MAILS):
                return
        link = await _link(user, settings)
        subject = text("account.mail_subject", locale)
        await mail.send(settings, to=user.email, subject=subject, text=_words(user, link, settings, locale))
    except (mail.NotSent, *TROUBLES):
        log.warning("A mail was not sent", extra={"action": "mail_not_sent"}, exc_info=True)


def _words(user: User, link: str, settings: Settings, locale: Locale) -> str:
    parts = (
        text("account.mail_greeting", locale, name=user.name),
        text("account.mail_text", locale, address=settings.base_url),
        link,
        text("account.mail_otherwise", locale),
    )
    return "\n\n".join(parts) + "\n"


def _may_reset(user: User) -> bool:
    return not user.is_demo and not user.suspended_at and user.provider == SignInProvider.LOCAL


async def _link(user: User, settings: Settings) -> str:
    """The token stands behind the `#`, which no browser sends and no server logs."""
    token = tokens.new_token()
    row = ResetLink(
        token_hash=tokens.token_hash(token),
        user_id=user.user_id,
        password_mark=tokens.token_hash(user.password_hash),
        expires_at=utc_now() + LIFETIME,
    )
    async with transaction() as session:
        await reset_links.add(session, row)
    return f"{settings.base_url}/reset#{token}"
