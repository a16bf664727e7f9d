"""E-mail, handed to one server."""

import io
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

from monitor.core.channel import Channel
from monitor.core.channel_settings import Tls
from monitor.core.errors import SendError, SourceError
from monitor.core.message import Message
from monitor.net.address import SocketAddress, places
from monitor.net.connection import Deadline, DeadlineReader, connected, sentence

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_MOST_REPLY: Final = 100_000
_LONGEST_SUBJECT: Final = 200
_READY: Final = 220
_NEVER: Final = 500
"""From this code on the server will never take it."""
_HERE: Final = "hub-monitor.invalid"
"""Stands for this machine, whose name nobody has to know."""


class SmtpSender:
    """Sends plain text."""

    def __init__(
        self,
        resolver: Callable[[str, int], list[SocketAddress]] = places,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        """Find servers with `resolver`; `tls` says whom to trust."""
        self._resolver = resolver
        self._tls = tls

    def send(self, channel: Channel, message: Message, seconds: float) -> None:
        """Hand it over; it counts as sent when the server has taken it. Raises SendError."""
        deadline = Deadline(seconds)
        host, tls = channel.text("host"), Tls(channel.text("tls"))
        port = int(channel.text("port"))
        try:
            found = self._resolver(host, port)
            context = None if tls is Tls.NONE else self._tls()
            session = _Session(found, deadline, host, context if tls is Tls.TLS else None)
            with closing(session):
                if tls is Tls.STARTTLS:
                    session.starttls(context=context)
                if channel.text("user"):
                    session.login(channel.text("user"), channel.text("password"))
                refused = session.send_message(letter(channel, message))
                # Who has taken it delivers it, whether they say good-bye or not.
                with suppress(smtplib.SMTPException, OSError):
                    session.quit()
        except SourceError as problem:
            raise SendError(str(problem)) from None
        except (smtplib.SMTPException, OSError, UnicodeError, ValueError) as error:
            raise _meaning(error, seconds) from None
        if refused:
            # The others have it, and must not get it again.
            raise SendError(f"the mail server refused {len(refused)} recipients", permanent=True)


def letter(channel: Channel, message: Message) -> EmailMessage:
    """Return the message as e-mail; what is in headers is one line, what is in the text is text."""
    made = EmailMessage()
    made["Subject"] = " ".join(message.title.split())[:_LONGEST_SUBJECT]
    made["From"] = Address("Hub Monitor", addr_spec=channel.text("sender"))
    recipients = channel.settings["recipients"]
    made["To"] = ", ".join(recipients) if isinstance(recipients, tuple) else ""
    made["Date"] = format_datetime(datetime.fromtimestamp(message.at / 1000, UTC))
    made["Message-ID"] = f"<{message.id}@{_HERE}>"
    made["Auto-Submitted"] = "auto-generated"
    made["Idempotency-Key"] = message.id
    made.set_content("\n".join([*message.lines, "", message.link, ""]))
    return made


class _Session(smtplib.SMTP):
    """A dialogue that is over before the deadline, with one of the addresses found, whose replies have an end."""

    def __init__(
        self, found: list[SocketAddress], deadline: Deadline, host: str, context: ssl.SSLContext | None
    ) -> None:
        super().__init__(local_hostname=_HERE)
        self._host = host
        self._deadline = deadline
        self.sock = connected(found, deadline, context, host)
        code, words = self.getreply()
        if code != _READY:
            self.close()
            raise smtplib.SMTPConnectError(code, words)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = io.BufferedReader(_Replies(self._connected(), self._deadline))
        reply = super().getreply()
        if self.sock is not None:
            # What comes next may be the hello of TLS, which knows no deadline.
            self.sock.settimeout(self._deadline.left())
        return reply

    def send(self, s: "ReadableBuffer | str") -> None:
        self._connected().settimeout(self._deadline.left())
        super().send(s)

    def _connected(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected
        return self.sock


class _Replies(DeadlineReader):
    """What the server says, of which there may be only so much."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        super().__init__(sock, deadline)
        self._left = _MOST_REPLY

    def readinto(self, buffer: bytearray | memoryview) -> int | None:  # type: ignore[override]
        count = super().readinto(buffer)
        self._left -= count or 0
        if self._left < 0:
            raise OSError
        return count


_WORDS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (smtplib.SMTPAuthenticationError, "the mail server refused the login ({code})"),
    (smtplib.SMTPResponseException, "the mail server answered {code}"),
    (smtplib.SMTPServerDisconnected, "connection closed by the mail server"),
    (smtplib.SMTPNotSupportedError, "the mail server does not offer what the channel asks for"),
    (smtplib.SMTPException, "the mail server cannot be understood"),
)


def _meaning(error: Exception, seconds: float) -> SendError:
    """Say what went wrong, with nothing in it that the server wrote."""
    if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, TimeoutError):
        error = error.__context__
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        return SendError(f"the mail server refused every recipient ({max(codes)})", permanent=min(codes) >= _NEVER)
    words = next((words for kind, words in _WORDS if isinstance(error, kind)), None)
    if words is None:
        return SendError(sentence(error, seconds).replace("HTTP", "SMTP"))
    code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0
    permanent = code >= _NEVER or isinstance(error, smtplib.SMTPNotSupportedError)
    return SendError(words.format(code=code), permanent=permanent)
