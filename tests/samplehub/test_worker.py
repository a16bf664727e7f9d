import json
import random
import socket

import pytest

from monitor.samplehub.envelope import FrameReader, pack, unpack
from monitor.samplehub.faults import Faults
from monitor.samplehub.model import Model
from monitor.samplehub.worker import Worker


@pytest.fixture
def worker(socket_directory):
    model = Model(Faults(lambda: 0.0), random.Random(1), lambda _: None)  # noqa: S311
    made = Worker(1, str(socket_directory / "1"), model)
    made.start()
    yield made
    made.retire()
    assert made.join(5.0)


def connect(worker):
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(5.0)
    connection.connect(worker.path)
    return connection


def send(connection, *ids):
    connection.sendall(pack([json.dumps({"id": number, "prompt": "a b"}).encode() for number in ids])[0])


def ids_of_one_answer(connection):
    reader = FrameReader()
    while data := connection.recv(65536):
        for frame in reader.feed(data):
            return [answer["id"] for answer in unpack(frame)]
    return None


def test_a_kept_connection_carries_many_envelopes(worker):
    """Each envelope is answered by one envelope, on the same connection."""
    with connect(worker) as connection:
        for ids in ([1, 2, 3], [4], [5, 6]):
            send(connection, *ids)
            assert ids_of_one_answer(connection) == ids


def test_waiting_connections_are_answered_in_turn(worker):
    """One message per connection works as well, and the worker ends each when its sender has."""
    connections = [connect(worker) for _ in range(5)]
    for number, connection in enumerate(connections):
        send(connection, number)
        connection.shutdown(socket.SHUT_WR)
    for number, connection in enumerate(connections):
        assert ids_of_one_answer(connection) == [number]
        assert connection.recv(1) == b""
        connection.close()


def test_garbage_costs_its_connection_and_nothing_else(worker):
    """The connection ends; the next one is served."""
    with connect(worker) as broken:
        broken.sendall(b"\x00\x00\x00\x03abc")
        assert broken.recv(1) == b""
    with connect(worker) as connection:
        send(connection, 7)
        assert ids_of_one_answer(connection) == [7]


def test_it_counts_its_own_cpu_time(worker):
    """After work the thread's clock stands above zero."""
    with connect(worker) as connection:
        send(connection, 1)
        ids_of_one_answer(connection)
        send(connection, 2)
        ids_of_one_answer(connection)
    assert 0.0 < worker.cpu_seconds < 1.0
