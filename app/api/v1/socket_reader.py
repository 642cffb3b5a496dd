"""What clients may say on the socket: nothing that matters, and little of it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.websockets import WebSocketDisconnect

MAX_MESSAGE = 4096
"""Characters or bytes."""
MESSAGES, WINDOW_S = 60, 10.0
"""So many messages within so many seconds are let pass."""

_POLICY, _TOO_BIG = 1008, 1009


class TooTalkative(Exception):
    """The client sends too much; carries the code and reason to close with."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


async def read_along(
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]], reply: Callable[[str], Awaitable[None]]
) -> None:
    """Answers `ping` with `pong`, forgets the rest. WebSocketDisconnect: the client left. TooTalkative."""
    seen, since = 0, time.monotonic()
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        content: str | bytes = message.get("text") or message.get("bytes") or ""
        if len(content) > MAX_MESSAGE:
            raise TooTalkative(_TOO_BIG, "Messages to the server may have 4096 characters.")
        if time.monotonic() - since > WINDOW_S:
            seen, since = 0, time.monotonic()
        seen += 1
        if seen > MESSAGES:
            raise TooTalkative(_POLICY, "Too many messages; the server needs none.")
        if content == "ping":
            await reply("pong")
