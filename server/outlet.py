"""Where a worker writes an answer: compressed if wanted, sent in chunks, its head before the first."""

import socket
import zlib
from io import RawIOBase
from typing import TYPE_CHECKING

from . import frames
from .exchange import Reply

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

#: A level that costs less than the engine's own writing.
_LEVEL = 1
#: Bytes below which an answer is not compressed.
_WORTH_IT = 1024
_COMPRESSIBLE = (
    "text/",
    "application/json",
    "application/n-",
    "application/sparql",
    "application/trig",
)
_COMPRESSIBLE_SUFFIXES = ("+json", "+xml", "/xml", "javascript")


class Outlet(RawIOBase):
    """A file to write one reply's body to.

    An answer that fits one chunk is sent with its length; of a longer one nothing is kept.
    """

    def __init__(self, connection: socket.socket, reply: Reply, accepts_gzip: bool) -> None:
        """Take the head of the reply; nothing is sent yet."""
        self._connection = connection
        self._reply = reply
        self._accepts_gzip = accepts_gzip and _is_compressible(reply)
        self._parts: list[bytes] = []
        self._size = 0
        self._packer: zlib._Compress | None = None
        self.begun = False

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        """Take bytes of the body; those of a full chunk are sent."""
        piece = bytes(data)
        self._parts.append(piece)
        self._size += len(piece)
        if self._size >= frames.CHUNK:
            self._send_chunk(last=False)
        return len(piece)

    def finish(self) -> None:
        """Send what is left, and the end."""
        self._send_chunk(last=True)
        self._connection.sendall(frames.frame(frames.END))

    def head(self, length: int | None = None) -> None:
        """Send the head; `length` in bytes where it is known."""
        reply = self._reply
        headers = [*reply.headers, ("content-type", reply.media_type)]
        if self._packer is not None:
            headers.append(("content-encoding", "gzip"))
        if length is not None:
            headers.append(("content-length", str(length)))
        self._connection.sendall(frames.words(frames.HEAD, status=reply.status, headers=headers))
        self.begun = True

    def _send_chunk(self, *, last: bool) -> None:
        data = b"".join(self._parts)
        self._parts.clear()
        self._size = 0
        if not self.begun and self._accepts_gzip and len(data) >= _WORTH_IT:
            self._packer = zlib.compressobj(_LEVEL, wbits=31)
        if self._packer is not None:
            data = self._packer.compress(data) + (self._packer.flush() if last else b"")
        if not self.begun:
            self.head(len(data) if last else None)
        if data:
            self._connection.sendall(frames.frame(frames.DATA, data))


def _is_compressible(reply: Reply) -> bool:
    kind = reply.media_type.partition(";")[0].strip().lower()
    known = kind.startswith(_COMPRESSIBLE) or kind.endswith(_COMPRESSIBLE_SUFFIXES)
    return known and not any(name.lower() == "content-encoding" for name, _ in reply.headers)
