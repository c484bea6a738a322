"""Mail, by SMTP_URL; in development without one it is written to the instance folder and its link to the log."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from lumina.clock import real_now
from lumina.config import Config
from lumina.extensions import socketio
from lumina.presenters import digests
from lumina.presenters.amounts import amount
from lumina.presenters.texts import t
from lumina.presenters.times import day_and_clock
from lumina.services import events
from lumina.services.events import Departure, Event

log = logging.getLogger(__name__)
TIMEOUT = 20


def outlet_for(config: Config) -> Callable[[Event], Departure | None]:
    """The outlet that sends what concerns mail."""

    def outlet(event: Event) -> Departure | None:
        if isinstance(event, events.PasswordResetAsked):
            mail, link = _reset_mail(config, event), event.link
        elif isinstance(event, events.DigestDue):
            mail, link = _digest_mail(config, event), ""
        elif isinstance(event, events.EscrowReminder):
            mail, link = _reminder_mail(config, event), ""
        else:
            return None
        if config.smtp_url is None:
            return Departure(lambda: _keep(config, mail, link))
        url = config.smtp_url
        # The answer must not wait for a mail server, nor tell by its time that there was a mail to send.
        return Departure(lambda: socketio.start_background_task(_send, url, mail))

    return outlet


def _mail(config: Config, to: str, subject: str, body: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = config.mail_from, to
    mail["Subject"] = subject
    mail["Date"], mail["Message-ID"] = formatdate(), make_msgid()
    mail.set_content(body)
    return mail


def _reset_mail(config: Config, event: events.PasswordResetAsked) -> EmailMessage:
    body = t("mail.reset.body", name=event.name, link=event.link)
    return _mail(config, event.email, t("mail.reset.subject"), body)


def _reminder_mail(config: Config, event: events.EscrowReminder) -> EmailMessage:
    escrow = event.escrow
    body = t(
        "mail.reminder.body",
        name=event.expert_name,
        client=event.client_name,
        amount=amount(escrow.amount_minor),
        due=f"{day_and_clock(escrow.answer_by)} UTC",
        link=f"{_site(config)}/priority/{escrow.conversation_id}",
    )
    return _mail(config, event.email, t("mail.reminder.subject", client=event.client_name), body)


def _site(config: Config) -> str:
    return config.public_url or f"http://localhost:{config.port}"


def _digest_mail(config: Config, event: events.DigestDue) -> EmailMessage:
    site = _site(config)
    link = f"{site}/unsubscribe/{event.unsubscribe}"
    subject, body = digests.words(event, site, link)
    mail = _mail(config, event.email, subject, body)
    # RFC 8058: a mail program ends them by one POST.
    mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"] = f"<{link}>", "List-Unsubscribe=One-Click"
    return mail


def _keep(config: Config, mail: EmailMessage, link: str) -> None:
    if not config.development:
        log.warning("a mail was not sent: SMTP_URL is not set")
        return
    folder = config.instance / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{real_now():%Y%m%d-%H%M%S-%f}.eml"
    file.write_bytes(mail.as_bytes())
    log.info("mail written to %s: %s", file, link)


def _send(url: str, mail: EmailMessage) -> None:
    """smtp://user:password@host:587 speaks TLS where the server offers it; smtps:// from the start."""
    parts = urlsplit(url)
    host, context = parts.hostname or "localhost", ssl.create_default_context()
    try:
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT)
        with server:
            if parts.scheme != "smtps" and server.has_extn("starttls"):
                server.starttls(context=context)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(mail)
    except (OSError, smtplib.SMTPException):
        log.exception("a mail could not be sent")
