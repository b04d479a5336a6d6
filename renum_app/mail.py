"""Mail, through the server that the settings name; whether it arrived, nobody can know."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import formatdate, make_msgid

import aiosmtplib

from renum_app.settings import Settings, SmtpSecurity

_SECONDS = 20


class NotSent(Exception):
    """The mail server was not reached, or refused; the words are its own."""


async def send(settings: Settings, *, to: str, subject: str, text: str) -> None:
    """Hand a mail over.

    Raises:
        NotSent: The server did not take it.
    """
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.smtp_from, to, subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="renum")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    try:
        await aiosmtplib.send(
            message,
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_username or None,
            password=settings.smtp_password or None,
            use_tls=settings.smtp_security is SmtpSecurity.TLS,
            start_tls=settings.smtp_security is SmtpSecurity.STARTTLS,
            timeout=_SECONDS,
        )
    except (aiosmtplib.SMTPException, OSError) as error:
        raise NotSent(str(error)) from error
