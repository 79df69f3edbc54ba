"""HTTP/1.1 on a connection, with bounds on what a request may hold before it is understood."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: Bytes of a request's line and headers.
_HEAD = 128 * 1024
#: Seconds from the opening of a connection, or the first byte of a request, to the end of its head.
_HEAD_S = 20


class LimitedProtocol(HttpToolsProtocol):
    """Closes connections whose request's head is too long, or too long in coming."""

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._in_head = True
        self._bytes_of_head = 0
        self._timer: asyncio.TimerHandle | None = self.loop.call_later(_HEAD_S, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request."""
        if self._in_head:
            self._bytes_of_head += len(data)
            if self._timer is None:
                self._timer = self.loop.call_later(_HEAD_S, self._too_slow)
        super().data_received(data)
        if self._in_head and self._bytes_of_head > _HEAD:
            self.send_400_response("The head of the request is too long.")

    def on_headers_complete(self) -> None:
        """Go on to the body."""
        self._in_head = False
        self._stop_timer()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Wait for the next request."""
        super().on_message_complete()
        self._in_head = True
        self._bytes_of_head = 0

    def _too_slow(self) -> None:
        self._timer = None
        if self._in_head and not self.transport.is_closing():
            self.transport.close()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
