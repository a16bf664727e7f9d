import contextlib
import http.client
import json
import socket

import pytest

from monitor.samplehub.api import Response
from monitor.samplehub.server import MAX_CONNECTIONS, Server


class EchoApi:
    """Answers with what it was given."""

    def handle(self, request):
        value = {"method": request.method, "path": request.path, "body": request.body.decode()}
        return Response(200, json.dumps(value).encode(), headers={"X-Test": "yes"})


@pytest.fixture
def server():
    made = Server("127.0.0.1", 0, EchoApi())
    made.start(poll_interval=0.01)
    yield made
    made.shutdown()
    made.server_close()


def raw(server, data):
    """All that the server says to these bytes until it closes the connection."""
    with socket.create_connection(server.server_address, timeout=5) as connection:
        connection.sendall(data)
        with contextlib.suppress(ConnectionResetError):
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


def test_a_connection_serves_many_requests(server):
    """Requests follow each other on one connection, with their bodies."""
    connection = http.client.HTTPConnection(*server.server_address, timeout=5)
    for number in range(3):
        connection.request("PUT", f"/{number}", body=str(number))
        response = connection.getresponse()
        assert json.loads(response.read()) == {"method": "PUT", "path": f"/{number}", "body": str(number)}
        assert response.getheader("X-Test") == "yes"
    connection.close()


def test_head_has_no_body(server):
    """The headers of a GET, its length included, and nothing after."""
    answer = raw(server, b"HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert answer.startswith("HTTP/1.1 200")
    assert answer.endswith("\r\n\r\n")


@pytest.mark.parametrize(
    ("request_head", "status", "code"),
    [
        (b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 4097\r\n\r\n", 413, "body_too_large"),
        (b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", 413, "body_too_large"),
        (b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400, "invalid_value"),
        (b"PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411, "length_required"),
        (b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 405, "method_not_allowed"),
        (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", 400, "bad_request"),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", 431, "bad_request"),
        (b"GET /" + b"x" * 70000 + b" HTTP/1.1\r\n\r\n", 414, "bad_request"),
        (b"one two three four\r\n\r\n", 400, "bad_request"),
    ],
)
def test_malformed_requests_get_a_json_error(server, request_head, status, code):
    """Whatever is wrong before the api sees it has the same form of error, is a 4xx and ends the connection."""
    head, _, body = raw(server, request_head).partition("\r\n\r\n")
    assert head.split()[:2] == ["HTTP/1.1", str(status)]
    assert json.loads(body)["error"]["code"] == code


def test_connections_are_bounded_and_places_come_back(server):
    """With all places taken the next connection is closed at once; when one leaves, there is room again."""
    with contextlib.ExitStack() as open_connections:
        for _ in range(MAX_CONNECTIONS):
            connection = socket.create_connection(server.server_address, timeout=5)
            open_connections.enter_context(connection)
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(12) == b"HTTP/1.1 200"
        assert not raw(server, b"")
    assert any("200" in (raw(server, b"GET / HTTP/1.0\r\n\r\n") or "") for _ in range(100))


def test_clients_that_go_away_leave_no_trace(server, capfd):
    """A client that resets in the middle of its body costs no traceback."""
    connection = socket.create_connection(server.server_address, timeout=5)
    connection.sendall(b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    connection.close()
    assert all(server._places.acquire(timeout=5.0) for _ in range(MAX_CONNECTIONS)), "all have ended"
    assert capfd.readouterr().err == ""
