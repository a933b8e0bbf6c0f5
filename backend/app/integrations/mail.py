"""Outgoing mail: SMTP, or the log where no server is configured (refused in production by the settings)."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Protocol

from app.core.config import MailSettings
from app.core.logging import get_logger

log = get_logger(__name__)

TIMEOUT_S = 10


class MailError(Exception):
    """The message was not taken by the server."""


@dataclass(frozen=True, slots=True)
class Mail:
    to: str
    subject: str
    text: str


class Mailer(Protocol):
    def send(self, mail: Mail) -> None:
        """Raises MailError. May take seconds: never call it inside a transaction."""


class SmtpMailer:
    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    def send(self, mail: Mail) -> None:
        settings = self._settings
        try:
            with smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_S) as server:
                if settings.starttls:
                    server.starttls(context=ssl.create_default_context())
                if settings.username:
                    server.login(settings.username, settings.password.get_secret_value())
                server.send_message(self._message(mail))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise MailError(type(error).__name__) from error

    def _message(self, mail: Mail) -> EmailMessage:
        """Raises ValueError for an address with a line break in it."""
        message = EmailMessage()
        message["From"] = self._settings.sender
        message["To"] = mail.to
        message["Subject"] = mail.subject
        message["Date"] = formatdate(usegmt=True)
        message["Message-ID"] = make_msgid(domain=self._settings.sender.partition("@")[2] or None)
        message.set_content(mail.text)
        return message


class LogMailer:
    """For development: the text, links included, is written to the log."""

    def send(self, mail: Mail) -> None:
        log.info("mail.not_sent", subject=mail.subject, text=mail.text)


def make_mailer(settings: MailSettings) -> Mailer:
    return SmtpMailer(settings) if settings.host else LogMailer()
