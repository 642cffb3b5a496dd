"""Connections of a server that was asked to stop: requests that are on their way are answered first.

uvicorn closes a connection without a request at once: who has just connected, or sends its next request in
that moment, is cut off.
"""

from __future__ import annotations

from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

_PATIENCE_S = 2.0
"""As long as a request may take from its client to us."""
_NO_SOCKET = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"
)


class HttpProtocol(HttpToolsProtocol):
    """uvicorn's, but a connection has its last request answered, with `Connection: close` (RFC 9112, 9.6).
    Who asks for a socket is sent elsewhere."""

    _leaving = False

    def shutdown(self) -> None:
        self._leaving = True
        if self._is_answering():
            super().shutdown()
            return
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(_PATIENCE_S, self.timeout_keep_alive_handler)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        if self._leaving and self._is_answering():
            self.cycle.keep_alive = False

    def _is_answering(self) -> bool:
        cycle = cast("RequestResponseCycle | None", self.cycle)  # none before the first request
        return cycle is not None and not cycle.response_complete

    def handle_websocket_upgrade(self) -> None:
        if self._leaving:
            self.transport.write(_NO_SOCKET)
            self.transport.close()
        else:
            super().handle_websocket_upgrade()
