"""Frames between the web side and a worker, over a pair of connected sockets.

A frame is one byte for its kind, the length of its payload (32 bits, big endian) and the payload.
A worker says READY once. Each request is one ASK; a short answer to it is one WHOLE, a long one a
HEAD, any number of DATA and an END. Where it cannot be answered, a REFUSED or STALE stands in place
of the first, and a BROKEN in place of the END.
"""

import asyncio
import json
import pickle
import socket
import struct
from collections.abc import Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any

from .exchange import Request

READY, ASK, WHOLE, HEAD, DATA, END = b"R", b"A", b"W", b"H", b"D", b"E"
REFUSED, STALE, BROKEN = b"X", b"S", b"B"

_VALUES = attrgetter(*(field.name for field in fields(Request)))
_LENGTH = struct.Struct("!I")
_PREFIX = struct.Struct("!cI")

#: Bytes of an answer that are sent at once.
CHUNK = 64 * 1024


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """Return a frame as bytes."""
    return _PREFIX.pack(kind, len(payload)) + payload


def words(kind: bytes, **values: Any) -> bytes:
    """Return a frame whose payload is JSON."""
    return frame(kind, json.dumps(values).encode())


def whole(head: Mapping[str, Any], body: bytes) -> bytes:
    """Return the frame of a whole answer."""
    text = json.dumps(head).encode()
    return frame(WHOLE, _LENGTH.pack(len(text)) + text + body)


def parted(payload: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the head and the body of a whole answer."""
    (length,) = _LENGTH.unpack_from(payload)
    end = _LENGTH.size + length
    return told(payload[_LENGTH.size : end]), payload[end:]


def ask(route: int, head_only: bool, accepts_gzip: bool, request: Request) -> bytes:
    """Return the frame that puts a request to the handler of a route, by its number."""
    # The values alone: a class would be looked up field by field, at both ends.
    return frame(ASK, pickle.dumps((route, head_only, accepts_gzip, _VALUES(request))))


def asked(payload: bytes) -> tuple[int, bool, bool, Request]:
    """Return what `ask` was given."""
    # The other end of the socket is the process that started this one.
    route, head_only, accepts_gzip, values = pickle.loads(payload)  # noqa: S301
    return route, head_only, accepts_gzip, Request(*values)


async def read(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Return the kind and the payload of the next frame.

    :raises asyncio.IncompleteReadError: if the other end has gone
    """
    kind, length = _PREFIX.unpack(await reader.readexactly(_PREFIX.size))
    return kind, await reader.readexactly(length) if length else b""


def receive(connection: socket.socket) -> tuple[bytes, bytes]:
    """Return the next frame as `read` does, and wait for it.

    :raises EOFError: if the other end has gone
    """
    kind, length = _PREFIX.unpack(_exactly(connection, _PREFIX.size))
    return kind, _exactly(connection, length)


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise EOFError
        data += part
    return bytes(data)


def told(payload: bytes) -> dict[str, Any]:
    """Return the values of a payload that is JSON."""
    values: dict[str, Any] = json.loads(payload)
    return values
