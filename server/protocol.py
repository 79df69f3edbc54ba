"""HTTP/1.1 on a connection, with bounds on what a request may hold before it is understood."""

import asyncio
import re
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: Bytes of a request's line and headers.
_HEAD = 128 * 1024
#: Seconds from the opening of a connection, or the first byte of a request, to the end of its head;
#: also for the rest of a body after the answer.
_PATIENCE_S = 20
_UPGRADE = re.compile(rb"\r\nupgrade:", re.IGNORECASE)


class LimitedProtocol(HttpToolsProtocol):
    """Closes connections whose request's head is too long, or too long in coming."""

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._in_head = True
        self._bytes_of_head = 0
        self._timer: asyncio.TimerHandle | None = None
        self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request."""
        if self._in_head:
            self._bytes_of_head += len(data)
            if self._timer is None:
                self._start_timer()
            data = _without_upgrade(data)
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
        self._stop_timer()
        if self.cycle.response_complete:  # the end of a body that was not waited for
            self._unset_keepalive_if_required()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def on_response_complete(self) -> None:
        """Go on to the next request; a body that nobody waited for must end soon."""
        is_unread = not self.pipeline and self.cycle.more_body
        super().on_response_complete()
        if is_unread and not self.transport.is_closing():
            self._start_timer()

    def _too_slow(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self.transport.close()

    def _start_timer(self) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(_PATIENCE_S, self._too_slow)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _without_upgrade(data: bytes) -> bytes:
    """Return a part of a request with no wish for another protocol in its head.

    A server is free to go on in HTTP/1.1 (RFC 9110, section 7.8), as clients of Java ask with every
    request; the parser would take the body for what comes in that protocol, and lose it.
    """
    head, end, rest = data.partition(b"\r\n\r\n")
    return _UPGRADE.sub(b"\r\nno-upgrade:", head) + end + rest
