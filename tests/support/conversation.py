"""A client of wsproto, which knows RFC 6455 by itself: it says what a correct client may say, and takes no
answer that is not correct."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Event, Request


class Conversation:
    """An upgraded connection; a context manager. What breaks the protocol raises RemoteProtocolError."""

    def __init__(self, port: int, path: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._protocol = WSConnection(ConnectionType.CLIENT)
        self._told = self._events()
        self.send(Request(host=f"127.0.0.1:{port}", target=path))
        assert isinstance(next(self._told), AcceptConnection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def send(self, *events: Event, at_once: int = 1 << 20) -> None:
        """All of them, so many bytes at a time."""
        content = b"".join(self._protocol.send(event) for event in events)
        for start in range(0, len(content), at_once):
            self._socket.sendall(content[start : start + at_once])

    def next(self) -> Event:
        """What the server says next."""
        return next(self._told)

    def rest(self) -> list[Event]:
        """What it says until it ends the connection."""
        return list(self._told)

    def _events(self) -> Iterator[Event]:
        while piece := self._socket.recv(65536):
            self._protocol.receive_data(piece)
            yield from self._protocol.events()
