"""Ends connections whose client takes nothing. Neither ASGI nor the web server knows such a limit: an answer
that nobody reads would keep its memory and its socket for ever, even after the server has closed it."""

from __future__ import annotations

import socket
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

_OPTION: int | None = getattr(socket, "TCP_USER_TIMEOUT", None)
"""Linux has it (RFC 5482): the kernel counts from the last byte that the client took."""
_INTERNET = (socket.AF_INET, socket.AF_INET6)


class UnreadLimit:
    """The connection of every request is reset when its client has taken nothing of what was sent to it for
    ``seconds``. Outermost, since only there is ``send`` the web server's own. Does nothing where there is no
    TCP, as behind a proxy on a unix socket, which then has such limits of its own."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self._milliseconds = round(seconds * 1000)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = _connection(send)
        if _OPTION is not None and connection is not None and connection.family in _INTERNET:
            connection.setsockopt(socket.IPPROTO_TCP, _OPTION, self._milliseconds)
        await self.app(scope, receive, send)


def _connection(send: Any) -> socket.socket | None:
    """The socket below uvicorn's ``send``."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    return transport.get_extra_info("socket") if transport is not None else None
