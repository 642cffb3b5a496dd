"""A TCP proxy that can be slow, stand still and cut all that passes through it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self

_PIECE = 64 * 1024


class TcpProxy:
    """Passes bytes to the local ``port``. An async context manager."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._writers: set[asyncio.StreamWriter] = set()
        self._open = asyncio.Event()
        self._open.set()
        self.delay_s = 0.0
        """Each piece is passed on so much later."""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self.cut()
        await self._server.wait_closed()

    def cut(self) -> None:
        """Ends all connections at once, in the middle of whatever they carry."""
        for writer in self._writers:
            writer.transport.abort()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nothing passes meanwhile; it is lost only if it is cut before the end."""
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()

    async def stand_still(self, seconds: float) -> None:
        """Nothing passes for a while, and nothing is lost."""
        with self.held():
            await asyncio.sleep(seconds)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._target)
            self._writers |= {writer, up_writer}
            ways = (self._pass(reader, up_writer), self._pass(up_reader, writer))
            await asyncio.gather(*ways)
            self._writers -= {writer, up_writer}
        writer.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(_PIECE):
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                await self._open.wait()
                writer.write(piece)
                await writer.drain()
        writer.transport.abort()
