import json
import zlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.samplehub.envelope import HEADER, MAX_FRAME_BYTES, EnvelopeError, FrameReader, pack, unpack

MESSAGES = st.lists(st.dictionaries(st.text(), st.text() | st.integers()), min_size=1, max_size=8)


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(MESSAGES, min_size=1, max_size=3), st.data())
def test_messages_survive_however_the_stream_is_cut(envelopes, data):
    """What is packed comes out again, whatever pieces the socket makes of it."""
    stream = b"".join(pack([json.dumps(message).encode() for message in messages])[0] for messages in envelopes)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=5).map(sorted))
    reader = FrameReader()
    edges = [0, *cuts, len(stream)]
    pieces = [stream[start:end] for start, end in pairwise(edges)]
    assert [unpack(frame) for piece in pieces for frame in reader.feed(piece)] == envelopes


def test_several_messages_in_one_envelope_are_smaller():
    """The shared envelope of 16 similar messages is sent in less than half the bytes of 16 envelopes."""
    messages = [
        json.dumps({"id": number, "prompt": "summarise the report for region"}).encode() for number in range(16)
    ]
    together, raw = pack(messages)
    assert raw == sum(map(len, messages)) + 17
    assert len(together) < sum(len(pack([message])[0]) for message in messages) / 2


@pytest.mark.parametrize("frame", [b"", b"not zlib", zlib.compress(b"{"), zlib.compress(b'{"id": 1}')])
def test_garbage_is_an_envelope_error(frame):
    """Whatever is not a compressed JSON array is refused by one kind of error."""
    with pytest.raises(EnvelopeError):
        unpack(frame)


def test_an_oversized_frame_is_refused_by_its_header():
    """The length is judged before anything is stored."""
    with pytest.raises(EnvelopeError, match="over the limit"):
        list(FrameReader().feed(HEADER.pack(MAX_FRAME_BYTES + 1)))
