"""Envelope: one compressed frame that carries one or several JSON messages over a stream socket.

A frame is a 4-byte big-endian length and that many bytes of zlib data, which inflate to one JSON array.
"""

import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

HEADER = struct.Struct(">I")
MAX_FRAME_BYTES = 1_000_000
# An envelope is a few kilobytes: a window of 8 KB sees all of it and spares zlib its usual 256 KB of state
# per call.
WINDOW_BITS = 13
MEMORY_LEVEL = 6
LEVEL = 6


class EnvelopeError(ValueError):
    """A frame that is too long or does not hold a JSON array."""


def pack(messages: Sequence[bytes]) -> tuple[bytes, int]:
    """The frame for messages that are encoded already, and their size before compression in bytes."""
    body = b"[" + b",".join(messages) + b"]"
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, WINDOW_BITS, MEMORY_LEVEL)
    packed = deflate.compress(body) + deflate.flush()
    return HEADER.pack(len(packed)) + packed, len(body)


def unpack(frame: bytes) -> list[dict[str, Any]]:
    """The messages of one frame without its header; EnvelopeError for anything else."""
    try:
        messages = json.loads(zlib.decompress(frame))
    except (zlib.error, ValueError) as error:
        raise EnvelopeError(f"unreadable envelope: {error}") from error
    if not isinstance(messages, list):
        raise EnvelopeError("an envelope holds an array of messages")
    return messages


class FrameReader:
    """Cuts a byte stream into frames."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield each frame that `data` completes, without its header; EnvelopeError for one over 1 MB."""
        self._buffer += data
        while len(self._buffer) >= HEADER.size:
            (length,) = HEADER.unpack_from(self._buffer)
            if length > MAX_FRAME_BYTES:
                raise EnvelopeError(f"a frame of {length} bytes is over the limit of {MAX_FRAME_BYTES}")
            end = HEADER.size + length
            if len(self._buffer) < end:
                return
            frame, self._buffer = self._buffer[HEADER.size : end], self._buffer[end:]
            yield frame
