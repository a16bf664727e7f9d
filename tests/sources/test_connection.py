"""Asking servers that behave, and servers that do not."""

import gzip
import itertools
import socket
import ssl
import time
import tracemalloc

import pytest

from monitor.core.errors import SourceError
from monitor.net.address import Address, parse_address
from monitor.sources.preset import load_preset
from monitor.sources.prometheus import PrometheusSource

GOOD = b"# TYPE hub_queue_depth gauge\nhub_queue_depth 3\n"
COUNTING = b"hub_operations_total %d\nprocess_start_time_seconds 1000\n"


def source(url, preset="hub"):
    return PrometheusSource(parse_address("target", url), load_preset(preset), 1.0)


def reason(url):
    """Return the sentence with which a scrape fails."""
    scraper = source(url)
    try:
        with pytest.raises(SourceError) as failure:
            scraper.read()
    finally:
        scraper.close()
    return str(failure.value)


def answering(*args, **kwargs):
    def handle(peer):
        while peer.request():
            peer.answer(*args, **kwargs)

    return handle


def once(*args, **kwargs):
    def handle(peer):
        peer.request()
        peer.answer(*args, **kwargs)

    return handle


def chunked(peer, *pieces):
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n")
    for piece in pieces:
        peer.send(b"%x\r\n%s\r\n" % (len(piece), piece))


def test_a_scrape_is_a_reading(serve):
    """The mapped metric is read over one kept connection, and closing is clean."""
    server = serve(answering(GOOD))
    scraper = source(server.url)
    assert [scraper.read().values for _ in range(3)] == [{"queue_depth": 3.0}] * 3
    assert server.connections == 1
    scraper.close()


def test_gzip_is_asked_for_and_read(serve):
    """A compressed answer is inflated, also in several members and with padding."""
    seen = []

    def handle(peer):
        while request := peer.request():
            seen.append(request)
            peer.answer(gzip.compress(GOOD[:20]) + gzip.compress(GOOD[20:]) + b"\0\0", "Content-Encoding: gzip")

    scraper = source(serve(handle).url)
    assert scraper.read().values == {"queue_depth": 3.0}
    assert b"Accept-Encoding: gzip" in seen[0]
    scraper.close()


@pytest.mark.parametrize("pieces", [[GOOD, b""], [GOOD[:7], GOOD[7:], b""]])
def test_chunked_answers_are_read(serve, pieces):
    """However the answer is cut into chunks."""
    scraper = source(serve(lambda peer: chunked(peer, *pieces)).url)
    assert scraper.read().values == {"queue_depth": 3.0}
    scraper.close()


def test_a_kept_connection_that_was_closed_is_opened_again_once(serve):
    """A target that closes after each answer, unannounced, costs a connection each time and nothing else."""

    def handle(peer):
        peer.request()
        peer.answer(GOOD)

    server = serve(handle)
    scraper = source(server.url)
    assert [scraper.read().values for _ in range(3)] == [{"queue_depth": 3.0}] * 3
    assert server.connections == 3
    scraper.close()


def test_a_new_connection_that_fails_is_not_tried_again(serve):
    """A target in trouble is asked once per tick."""
    server = serve(lambda peer: peer.request())
    assert reason(server.url) == "connection closed by the target"
    assert server.connections == 1


def test_an_announced_close_is_followed(serve):
    """An answer with "Connection: close" and no length ends with the connection."""

    def handle(peer):
        peer.request()
        peer.send(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n" + GOOD)

    server = serve(handle)
    scraper = source(server.url)
    assert [scraper.read().values for _ in range(2)] == [{"queue_depth": 3.0}] * 2
    assert server.connections == 2
    scraper.close()


def test_it_recovers_from_a_failure(serve):
    """After failures of several kinds the next good answer is a reading again."""
    answers = itertools.cycle([(GOOD, {}), (b"x", {"status": "500 No"}), (GOOD, {"length": 10_000})])

    def handle(peer):
        peer.request()
        body, options = next(answers)
        peer.answer(body, **options)

    scraper = source(serve(handle).url)
    for _ in range(3):
        assert scraper.read().values == {"queue_depth": 3.0}
        for _ in range(2):
            with pytest.raises(SourceError):
                scraper.read()
    scraper.close()


BOMB = gzip.compress(b"hub_queue_depth 3\n" + b"#" * 50_000_000, 9)


@pytest.mark.parametrize(
    ("handler", "sentence"),
    [
        pytest.param(answering(b"no", status="404 Not Found"), "HTTP 404", id="404"),
        pytest.param(answering(b"no", status="500 Oops"), "HTTP 500", id="500"),
        pytest.param(answering(b"", status="204 No Content"), "HTTP 204", id="204"),
        pytest.param(
            answering(b"", "Location: http://169.254.169.254/", status="302 Found"), "HTTP 302", id="redirect"
        ),
        pytest.param(
            answering(b"<html>log in</html>", "Content-Type: text/html"),
            "answers text/html, not Prometheus text",
            id="html",
        ),
        pytest.param(
            answering(b"<html>log in</html>"), "answer is not in Prometheus text format", id="html as text"
        ),
        pytest.param(answering(b'{"a": 1}'), "answer is not in Prometheus text format", id="json as text"),
        pytest.param(answering(b""), "answer is empty", id="empty"),
        pytest.param(
            answering(b"# nothing\n"), "none of the metrics that the preset maps is there", id="comments"
        ),
        pytest.param(
            answering(b"up 1\n"), "none of the metrics that the preset maps is there", id="other metrics"
        ),
        pytest.param(answering(bytes(range(256))), "answer is not UTF-8 text", id="binary"),
        pytest.param(answering(GOOD.decode().encode("utf-16")), "answer is not UTF-8 text", id="utf-16"),
        pytest.param(answering(b"\xef\xbb\xbf" + GOOD), "answer starts with a byte order mark", id="bom"),
        pytest.param(answering(GOOD.replace(b"\n", b"\r\n")), "lines end in CR LF instead of LF", id="crlf"),
        pytest.param(answering(GOOD * 2), "series of hub_queue_depth exposed twice", id="duplicate series"),
        pytest.param(once(GOOD, length=1000), "answer was cut off", id="cut off by a lying length"),
        pytest.param(answering(GOOD, length=10**10), "answer larger than 4 MB", id="announced 10 GB"),
        pytest.param(answering(GOOD + b"#" * 4_000_000), "answer larger than 4 MB", id="4 MB"),
        pytest.param(
            lambda peer: chunked(peer, *[b"#" * 65536] * 1000), "answer larger than 4 MB", id="endless chunks"
        ),
        pytest.param(lambda peer: chunked(peer, GOOD), "answer is not valid HTTP", id="chunks without an end"),
        pytest.param(answering(BOMB, "Content-Encoding: gzip"), "answer larger than 4 MB", id="gzip bomb"),
        pytest.param(
            answering(gzip.compress(b"") * 20_000, "Content-Encoding: gzip"),
            "answer is empty",
            id="many empty members",
        ),
        pytest.param(
            answering(gzip.compress(GOOD)[:-9], "Content-Encoding: gzip"), "answer was cut off", id="gzip cut off"
        ),
        pytest.param(
            answering(gzip.compress(GOOD)[:-8] + b"12345678", "Content-Encoding: gzip"),
            "answer is not valid gzip",
            id="gzip with a wrong checksum",
        ),
        pytest.param(answering(GOOD, "Content-Encoding: gzip"), "answer is not valid gzip", id="gzip that is not"),
        pytest.param(
            answering(GOOD, "Content-Encoding: br"),
            "answer is in an encoding that was not asked for",
            id="brotli",
        ),
        pytest.param(
            lambda peer: (peer.request(), peer.send(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")),
            "answer is not valid HTTP",
            id="not http",
        ),
        pytest.param(
            lambda peer: (peer.request(), peer.send(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n")),
            "answer is not valid HTTP",
            id="500 headers",
        ),
        pytest.param(
            lambda peer: (peer.request(), peer.send(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000)),
            "answer is not valid HTTP",
            id="100 kB header",
        ),
        pytest.param(lambda peer: peer.request(), "connection closed by the target", id="closed at once"),
        pytest.param(
            answering(b"".join(b'hub_queue_depth{n="%d"} 1\n' % n for n in range(10_001))),
            "more than 10,000 samples",
            id="samples",
        ),
        pytest.param(
            answering(b"".join(b"other_%d 1\n" % n for n in range(10_001))),
            "more than 10,000 samples",
            id="unmapped samples",
        ),
        pytest.param(answering(GOOD + b"\n" * 100_001), "more than 100,000 lines", id="lines"),
        pytest.param(
            answering(b"hub_queue_depth{" + b",".join(b'l%d="v"' % n for n in range(31)) + b"} 1\n"),
            "more than 30 labels on hub_queue_depth",
            id="31 labels",
        ),
        pytest.param(
            answering(b"hub_queue_depth{" + b",".join(b'l%d="v"' % n for n in range(100_000)) + b"} 1\n"),
            "labels of hub_queue_depth are too long",
            id="100,000 labels",
        ),
        pytest.param(
            answering(b'hub_queue_depth{%s="v"} 1\n' % (b"n" * 129)),
            "label name longer than 128 bytes on hub_queue_depth",
            id="label name",
        ),
        pytest.param(
            answering('hub_queue_depth{{n="{}"}} 1\n'.format("ä" * 513).encode()),
            "label value longer than 1024 bytes on hub_queue_depth",
            id="label value",
        ),
    ],
)
def test_a_bad_answer_fails_the_scrape_whole(serve, handler, sentence):
    """Each with one short sentence in which nothing stands that the target wrote."""
    assert reason(serve(handler).url) == sentence


def test_refused(serve):
    """Nobody listens."""
    server = serve(answering(GOOD))
    server.close()
    assert reason(server.url) == "connection refused"


def slowly(peer):
    peer.request()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
    for byte in head + GOOD * 100:
        if peer.stop.wait(0.05):
            return
        peer.send(bytes([byte]))


def slow_body(peer):
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\n")
    while not peer.stop.wait(0.05):
        peer.send(b"#")


@pytest.mark.parametrize(
    "handler",
    [
        pytest.param(lambda peer: peer.hang(), id="no header"),
        pytest.param(
            lambda peer: (peer.request(), peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), peer.hang()),
            id="no body",
        ),
        pytest.param(slowly, id="header byte by byte"),
        pytest.param(slow_body, id="body byte by byte"),
    ],
)
def test_the_deadline_is_for_everything_together(serve, handler):
    """A target that sends a little now and then is given up as early as one that sends nothing."""
    server = serve(handler)
    started = time.monotonic()
    assert reason(server.url) == "no answer within 0.8 s"
    assert 0.7 < time.monotonic() - started < 2.0


def test_a_connection_that_is_never_made_is_given_up():
    """The deadline holds for connecting, too: the listener's queue is full, packets are dropped."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for sock in waiting:
            sock.setblocking(False)
            sock.connect_ex(listener.getsockname())
        started = time.monotonic()
        assert reason(f"http://127.0.0.1:{listener.getsockname()[1]}/metrics") == "no answer within 0.8 s"
        assert time.monotonic() - started < 2.0
        for sock in waiting:
            sock.close()


def test_an_address_that_swallows_packets_leaves_time_for_the_next(serve):
    """Of a name with two addresses the second is reached when the first does not answer."""
    server = serve(answering(GOOD))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for sock in waiting:
            sock.setblocking(False)
            sock.connect_ex(listener.getsockname())
        good = ("127.0.0.1", parse_address("target", server.url).port)

        def resolver(_: Address):
            return [(socket.AF_INET, listener.getsockname()), (socket.AF_INET, good)]

        scraper = PrometheusSource(parse_address("target", server.url), load_preset("hub"), 1.0, resolver)
        assert scraper.read().values == {"queue_depth": 3.0}
        scraper.close()
        for sock in waiting:
            sock.close()


def test_a_bomb_costs_little_memory(serve):
    """50 MB behind 50 kB are never held at once."""
    server = serve(answering(BOMB, "Content-Encoding: gzip"))
    tracemalloc.start()
    try:
        reason(server.url)
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


def test_https_to_a_server_without_tls_fails_with_a_sentence(serve):
    """No traceback of the ssl module reaches the page."""
    server = serve(lambda peer: peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
    assert reason(server.url.replace("http:", "https:")) == "TLS failed"


def test_https_checks_the_certificate(serve, monkeypatch):
    """The context that is used verifies name and chain."""
    contexts = []
    create = ssl.create_default_context

    def remember():
        contexts.append(create())
        return contexts[-1]

    monkeypatch.setattr(ssl, "create_default_context", remember)
    source("https://localhost/metrics").close()
    assert [(context.check_hostname, context.verify_mode) for context in contexts] == [(True, ssl.CERT_REQUIRED)]


def test_rates_come_from_the_clock_of_the_exchange(serve):
    """Two scrapes of a counter that grows by 10 give a rate, the first gives none."""
    counts = itertools.count(0, 10)

    def handle(peer):
        while peer.request():
            peer.answer(COUNTING % next(counts))

    scraper = source(serve(handle).url)
    first, second = scraper.read(), scraper.read()
    assert "throughput_ops_sec" not in first.values
    assert second.values["throughput_ops_sec"] > 10
    assert second.started_at == 1000
    scraper.close()
