"""Where a worker writes an answer: compressed if wanted, sent in chunks, its head before the first."""

import socket
import zlib
from io import RawIOBase
from typing import TYPE_CHECKING, Any

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
            self._send_chunk()
        return len(piece)

    def finish(self) -> None:
        """Send what is left, and the end."""
        if self.begun:
            data = self._take(last=True)
            self._connection.sendall(frames.frame(frames.DATA, data) + frames.frame(frames.END))
        else:
            data = self._take(last=True)
            self._connection.sendall(frames.whole(self._head(len(data)), data))
            self.begun = True

    def finish_head(self) -> None:
        """Send the head alone, with the length of the body where it is known."""
        body = self._reply.body
        head = self._head(len(body) if isinstance(body, bytes) else None)
        self._connection.sendall(frames.whole(head, b""))
        self.begun = True

    def _head(self, length: int | None = None) -> dict[str, Any]:
        headers = [*self._reply.headers, ("content-type", self._reply.media_type)]
        if self._packer is not None:
            headers.append(("content-encoding", "gzip"))
        if length is not None:
            headers.append(("content-length", str(length)))
        return {"status": self._reply.status, "headers": headers}

    def _send_chunk(self) -> None:
        data = self._take(last=False)
        if not self.begun:
            self._connection.sendall(frames.words(frames.HEAD, **self._head()))
            self.begun = True
        if data:
            self._connection.sendall(frames.frame(frames.DATA, data))

    def _take(self, *, last: bool) -> bytes:
        """Return what is held, as it is sent."""
        data = b"".join(self._parts)
        self._parts.clear()
        self._size = 0
        if not self.begun and self._accepts_gzip and len(data) >= _WORTH_IT:
            self._packer = zlib.compressobj(_LEVEL, wbits=31)
        if self._packer is not None:
            data = self._packer.compress(data) + (self._packer.flush() if last else b"")
        return data


def _is_compressible(reply: Reply) -> bool:
    kind = reply.media_type.partition(";")[0].strip().lower()
    known = kind.startswith(_COMPRESSIBLE) or kind.endswith(_COMPRESSIBLE_SUFFIXES)
    return known and not any(name.lower() == "content-encoding" for name, _ in reply.headers)
