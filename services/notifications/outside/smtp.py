"""Hands mail to a mail server over SMTP (RFC 5321), and says what its answer means for the message.

no connection, no login, sender not taken, 421   MailUnreachable: about the server; everybody's mail waits
4xx about this recipient or this content         MailPostponed: later, perhaps (greylisting, full mailbox)
5xx about this recipient or this content         MailRefused: never
silence after the content was handed over        MailOutcomeUnknown: taken or not, nobody knows
"""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from urllib.parse import unquote, urlsplit

from services.messaging.settings import Secret
from services.presenting.addresses import ascii_domain

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 8.0
CONTENT_SECONDS = 45.0
"""For the last answer: servers look for viruses before they give it, and giving up too early means a second copy."""
LONGEST_SECONDS = CONNECT_SECONDS + 8 * ANSWER_SECONDS + CONTENT_SECONDS
"""No conversation lasts longer: greeting, EHLO, STARTTLS, EHLO, login (two), sender, recipient, then the content."""

_OK = (250, 251)
_GO_AHEAD = 354
_CLOSING = 421
_PERMANENT = 500
_DEFAULT_PORT = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


class MailTrouble(Exception):
    """The mail server did not take a mail. Its words are not kept: they may quote the address."""

    def __init__(self, stage: str, code: int = 0) -> None:
        super().__init__(f"{stage} {code}".strip())
        self.stage = stage
        self.code = code


class MailUnreachable(MailTrouble):
    """Nobody's mail can be handed over now."""


class MailPostponed(MailTrouble):
    """This mail may be taken later."""


class MailRefused(MailTrouble):
    """This mail will never be taken."""


class MailOutcomeUnknown(MailTrouble):
    """The content was handed over and no answer came back."""


class SmtpMail:
    """A mail server at an address such as `smtp://host:25`, `smtps://` or `smtp+starttls://user:password@host:587`.

    Certificates are checked. One connection per mail: at this volume simple is fast enough.
    """

    def __init__(self, url: Secret, *, our_name: str) -> None:
        parts = urlsplit(url.reveal())
        self._scheme = parts.scheme
        self._host = parts.hostname or "localhost"
        self._port = parts.port or _DEFAULT_PORT[parts.scheme]
        self._user = unquote(parts.username or "")
        self._password = Secret(unquote(parts.password or ""))
        self._our_name = our_name

    def send(self, mail: EmailMessage, *, sender: str, recipient: str) -> None:
        """Hand one mail to the server for one recipient.

        Raises: MailUnreachable, MailPostponed, MailRefused, MailOutcomeUnknown.
        """
        local, _, domain = recipient.rpartition("@")
        address = f"{local}@{_domain(domain)}"
        if any(not sign.isprintable() for sign in address):
            raise MailRefused("address")
        plain = address.isascii()
        content = mail.as_bytes(policy=(SMTP if plain else SMTPUTF8).clone(cte_type="7bit"))
        with self._connected() as server:
            if not plain and not server.has_extn("smtputf8"):
                raise MailRefused("smtputf8")
            self._envelope(server, sender, address, [] if plain else ["SMTPUTF8"])
            self._content(server, content)

    def _envelope(self, server: smtplib.SMTP, sender: str, recipient: str, options: list[str]) -> None:
        with _unreachable("envelope"):
            code, _ = server.mail(sender, options)
            if code not in _OK:
                raise MailUnreachable("sender", code)
            code, _ = server.rcpt(recipient)
        if code not in _OK:
            raise _about_this_mail("recipient", code)

    def _content(self, server: smtplib.SMTP, content: bytes) -> None:
        with _unreachable("content"):
            server.putcmd("data")
            code, _ = server.getreply()
        if code != _GO_AHEAD:
            raise _about_this_mail("content", code)
        try:
            if server.sock is not None:
                server.sock.settimeout(CONTENT_SECONDS)
            server.send(_dotted(content))
            code, _ = server.getreply()
        except (OSError, smtplib.SMTPException):
            raise MailOutcomeUnknown("content") from None
        if code not in _OK:
            raise _about_this_mail("content", code)

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        with _unreachable("connection"):
            server = self._connect()
        try:
            with _unreachable("greeting"):
                self._greet(server)
            yield server
        finally:
            # Whatever happens while saying goodbye, the mail was taken or refused before.
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _connect(self) -> smtplib.SMTP:
        if self._scheme == "smtps":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, self._our_name, timeout=CONNECT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, self._our_name, timeout=CONNECT_SECONDS)
        if server.sock is not None:
            server.sock.settimeout(ANSWER_SECONDS)
            # Otherwise the end of each mail waits 40 ms for the server's delayed acknowledgement.
            server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return server

    def _greet(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if self._scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if self._user:
            server.login(self._user, self._password.reveal())


@contextmanager
def _unreachable(stage: str) -> Iterator[None]:
    """Read every failure of the connection itself as "nobody's mail can go now"."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        raise MailUnreachable(stage, error.smtp_code) from None
    except (OSError, smtplib.SMTPException):
        raise MailUnreachable(stage) from None


def _about_this_mail(stage: str, code: int) -> MailTrouble:
    if code == _CLOSING or code <= 0:
        return MailUnreachable(stage, code)
    return MailRefused(stage, code) if code >= _PERMANENT else MailPostponed(stage, code)


def _domain(domain: str) -> str:
    """Return a domain as A-labels; what is no domain stays, and the server will refuse it."""
    try:
        return ascii_domain(domain)
    except UnicodeError:
        return domain


def _dotted(content: bytes) -> bytes:
    """Return content as SMTP transports it: CRLF, leading dots doubled, closed by a dot."""
    lines = content.replace(b"\r\n", b"\n").removesuffix(b"\n").split(b"\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"
