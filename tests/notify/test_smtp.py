"""E-mail against real servers: one that works, and ones that do not."""

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.errors import SendError
from monitor.core.message import Message
from monitor.notify.smtp import SmtpSender, letter
from notices import channel, fired, message
from peers import Handler, Peer, Server

Serve = Callable[[Handler], Server]


class Box:
    """Takes mail; `replies` are said instead of "250 OK" at the command of their name."""

    def __init__(self) -> None:
        self.mail: list[Any] = []
        self.recipients: list[list[str]] = []
        self.logins: list[tuple[bytes, bytes]] = []
        self.replies: dict[str, str] = {}
        self.encrypted: list[bool] = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        reply = self.replies.get(address) or self.replies.get("RCPT")
        if reply is None:
            envelope.rcpt_tos.append(address)
        return reply or "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if "DATA" in self.replies:
            return self.replies["DATA"]
        self.mail.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients.append(list(envelope.rcpt_tos))
        self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        return "250 OK"

    def login(self, server, session, envelope, mechanism, auth_data):
        assert isinstance(auth_data, LoginPassword)
        self.logins.append((auth_data.login, auth_data.password))
        return AuthResult(success=auth_data.password == b"w0rd", handled=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a key and a certificate of 127.0.0.1 that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def start() -> Iterator[Callable[..., tuple[Box, int]]]:
    """Start mail servers that end with the test; return what they take, and their port."""
    running: list[Controller] = []

    def begin(certificate: Path | None = None, *, at_once: bool = False) -> tuple[Box, int]:
        box = Box()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        context = None
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
        options: dict[str, Any] = {"authenticator": box.login, "auth_require_tls": False}
        if at_once:
            options["ssl_context"] = context
        elif context is not None:
            options |= {"tls_context": context, "require_starttls": True}
        controller = Controller(box, "127.0.0.1", port, **options)
        controller.start()
        running.append(controller)
        return box, port

    yield begin
    for controller in running:
        controller.stop()


def tell(
    port: int, made: Message | None = None, trusted: Path | None = None, seconds: float = 5.0, **settings: Any
):
    def tls() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=None if trusted is None else str(trusted))

    SmtpSender(tls=tls).send(channel("email", settings={"port": port, **settings}), made or message(), seconds)


def problem(port: int, **options: Any) -> SendError:
    with pytest.raises(SendError) as failure:
        tell(port, **options)
    assert "w0rd" not in str(failure.value)
    return failure.value


def test_a_message_arrives_as_plain_text(start: Callable[..., tuple[Box, int]]) -> None:
    """From, to, subject, key; a line per alert and the link."""
    box, port = start()
    tell(port, message(fired(0), fired(1, "High CPU")), recipients=["a@example.org", "b@example.org"])
    [mail] = box.mail
    assert box.recipients == [["a@example.org", "b@example.org"]]
    assert mail["Subject"] == "Alerts on hub: 2 firing"
    assert mail["From"] == "Hub Monitor <monitor@example.org>"
    assert mail["Message-ID"] == "<k1@hub-monitor.invalid>"
    assert mail["Idempotency-Key"] == "k1"
    assert mail.get_content_type() == "text/plain"
    lines = mail.get_content().splitlines()
    assert lines[0].startswith("[warning] High Latency: 162 ms > 150 ms")
    assert lines[-1] == "http://localhost:8081/dashboard/alerts"


@pytest.mark.parametrize("at_once", [True, False])
def test_mail_goes_encrypted_after_a_login(
    start: Callable[..., tuple[Box, int]], certificate: Path, at_once: bool
) -> None:
    """By STARTTLS or from the first byte on."""
    box, port = start(certificate, at_once=at_once)
    kept = {"tls": "tls" if at_once else "starttls", "user": "me", "password": "w0rd"}
    tell(port, trusted=certificate, **kept)
    assert box.encrypted == [True]
    assert box.logins == [(b"me", b"w0rd")]
    refused = problem(port, trusted=certificate, **kept | {"password": "wr0ng"})
    assert (str(refused), refused.permanent) == ("the mail server refused the login (535)", True)
    untrusted = problem(port, **kept)
    assert (str(untrusted), untrusted.permanent) == ("certificate not trusted", False)
    assert len(box.mail) == 1


def test_a_server_without_encryption_gets_nothing_that_asks_for_it(start: Callable[..., tuple[Box, int]]) -> None:
    """Neither the mail nor the password."""
    box, port = start()
    refused = problem(port, tls="starttls", user="me", password="w0rd")  # noqa: S106 - of this test alone
    assert refused.permanent
    assert "does not offer" in str(refused)
    assert (box.mail, box.logins) == ([], [])


@pytest.mark.parametrize(
    ("command", "reply", "permanent"),
    [
        ("RCPT", "550 no such user w0rd", True),
        ("RCPT", "451 later", False),
        ("DATA", "554 spam", True),
        ("DATA", "452 disk full", False),
    ],
)
def test_a_server_that_refuses(
    start: Callable[..., tuple[Box, int]], command: str, reply: str, permanent: bool
) -> None:
    """For now or for ever, with its number and without its words."""
    box, port = start()
    box.replies[command] = reply
    refused = problem(port)
    assert refused.permanent is permanent
    assert reply[:3] in str(refused)
    box.replies.clear()
    tell(port)
    assert len(box.mail) == 1


def test_one_of_two_recipients_that_is_refused_is_shown(start: Callable[..., tuple[Box, int]]) -> None:
    """The other one has the mail, and does not get it again and again."""
    box, port = start()
    box.replies["b@example.org"] = "550 unknown"
    refused = problem(port, recipients=["a@example.org", "b@example.org"])
    assert (str(refused), refused.permanent) == ("the mail server refused 1 recipients", True)
    assert box.recipients == [["a@example.org"]]


def converse(*replies: bytes) -> Handler:
    """Say a line per line that comes, then close."""

    def handle(peer: Peer) -> None:
        peer.send(b"220 mail.example ESMTP\r\n")
        for reply in replies:
            while not (line := peer._sock.recv(65536)).endswith(b"\r\n"):
                if not line:
                    return
            peer.send(reply)

    return handle


def drip(peer: Peer) -> None:
    for byte in b"220 " + b"a" * 1000:
        peer.send(bytes([byte]))
        if peer.stop.wait(0.05):
            return


def flood(peer: Peer) -> None:
    while not peer.stop.is_set():
        peer.send(b"220-more\r\n" * 1000)


OK = b"250 ok\r\n"


@pytest.mark.parametrize(
    ("handler", "sentence"),
    [
        (Peer.hang, "no answer within 0.4 s"),
        (drip, "no answer within 0.4 s"),
        (lambda peer: None, "connection closed by the mail server"),
        (lambda peer: peer.send(b"554 go away\r\n"), "the mail server answered 554"),
        (converse(b"nonsense\r\n", b"nonsense\r\n"), "the mail server answered -1"),
        (converse(OK, OK, OK, b"354 go on\r\n"), "connection closed by the mail server"),
    ],
)
def test_a_server_that_hangs_or_goes_or_talks_nonsense(serve: Serve, handler: Handler, sentence: str) -> None:
    """The last one has read the mail, and did not say that it took it."""
    failure = problem(int(serve(handler).url.split(":")[2].split("/")[0]), seconds=0.4)
    assert str(failure) == sentence


def mute(peer: Peer) -> None:
    converse(OK, OK, OK, b"354 go on\r\n", OK)(peer)
    peer.hang()


@pytest.mark.parametrize("handler", [converse(OK, OK, OK, b"354 go on\r\n", OK), mute])
def test_a_server_that_took_it_and_says_no_good_bye_is_not_sent_it_again(serve: Serve, handler: Handler) -> None:
    """It closes, or hangs."""
    port = int(serve(handler).url.split(":")[2].split("/")[0])
    tell(port, seconds=0.4)


def test_a_reply_without_end_is_not_read_to_its_end(serve: Serve) -> None:
    """There is a limit to what is read."""
    failure = problem(int(serve(flood).url.split(":")[2].split("/")[0]), seconds=10.0)
    assert str(failure) == "connection closed by the mail server"


def test_a_server_that_is_not_there() -> None:
    """It may come back."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    failure = problem(port)
    assert (str(failure), failure.permanent) == ("connection refused", False)


def test_metadata_services_are_never_asked() -> None:
    """Mail servers are judged like everything else."""
    assert "never asked" in str(problem(25, host="169.254.169.254"))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120), st.sampled_from(["hub", "a\r\nBcc: x@y"]))
def test_no_name_makes_a_header(name: str, target: str) -> None:
    """Whatever stands in it, the mail has the headers it should have."""
    made = letter(channel("email"), message(fired(0, name), target=target))
    read = message_from_bytes(bytes(made), policy=policy.default)
    assert set(read.keys()) == {
        "Subject",
        "From",
        "To",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "Idempotency-Key",
        "Content-Type",
        "Content-Transfer-Encoding",
        "MIME-Version",
    }
    assert read["To"] == "ops@example.org"
    assert read.get_content_type() == "text/plain"
