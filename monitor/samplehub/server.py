"""Server: the api behind a listening socket, by the standard library's HTTP server."""

import socketserver
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from monitor.samplehub.api import MAX_BODY_BYTES, Api, RefusedError, Request, Response

MAX_CONNECTIONS = 32
IDLE_SECONDS = 15.0


class Server(ThreadingHTTPServer):
    """Serves one `Api`: a thread per connection, at most 32 of them; the next one is closed at once."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, host: str, port: int, api: Api) -> None:
        self.api = api
        # Bounds the connections that are open at the same time.
        self._places = threading.BoundedSemaphore(MAX_CONNECTIONS)
        super().__init__((host, port), _Handler)

    @property
    def url(self) -> str:
        """Where it listens, without a path."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self, poll_interval: float = 0.5) -> None:
        """Begin to serve; `shutdown` is noticed within `poll_interval` seconds."""
        # Accepts connections; ends with the process or `shutdown`.
        threading.Thread(target=self.serve_forever, args=(poll_interval,), name="http", daemon=True).start()

    def server_bind(self) -> None:
        """Bind without asking a name server for this machine's name, as the base class does."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Hand the connection to a thread, if there is a place."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Serve the connection and free its place."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """A client that goes away in the middle is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "samplehub"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1  # one write per response
    server: Server

    def _serve(self) -> None:
        try:
            body = self._body()
        except RefusedError as refused:
            self.close_connection = True  # what follows on this connection is a body that nobody reads
            self._send(refused.response())
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._send(self.server.api.handle(Request(self.command, self.path, headers, body)))

    do_GET = do_HEAD = do_PUT = do_DELETE = do_POST = do_PATCH = do_OPTIONS = _serve  # noqa: N815

    def _body(self) -> bytes:
        if "transfer-encoding" in self.headers:
            raise RefusedError(411, "length_required", "a Content-Length is required", field="Content-Length")
        text = self.headers.get("content-length", "0")
        if not (text.isascii() and text.isdigit()):
            raise RefusedError(400, "invalid_value", "the Content-Length must be a number", field="Content-Length")
        if len(text) > 9 or int(text) > MAX_BODY_BYTES:
            raise RefusedError(413, "body_too_large", f"a body has at most {MAX_BODY_BYTES} bytes")
        body = self.rfile.read(int(text))
        if len(body) < int(text):
            raise RefusedError(400, "incomplete_body", "the body is shorter than its Content-Length says")
        return body

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in response.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def send_error(self, code: int, message: str | None = None, _explain: str | None = None) -> None:
        """Give what the base class refuses the form of all other errors; an unknown method is a 405."""
        self.close_connection = True
        if code == 501:
            refused = RefusedError(405, "method_not_allowed", "this method is not known here", allow="GET, HEAD")
        else:
            refused = RefusedError(
                code if code < 500 else 400, "bad_request", message or "not a valid HTTP request"
            )
        if self.request_version == "HTTP/0.9":
            self.request_version = self.protocol_version
        self._send(refused.response())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401
        """No line per request; changes of state are logged where they happen."""
