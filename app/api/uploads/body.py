"""A request body in pieces, with its limits: bytes in all, and how long a client may be silent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request

from app.errors import InvalidRequest, TooLarge
from app.jobs.limits import MIB

_PIECE = 256 * 1024
_SILENCE_S = 30.0
_DRAIN_S = 1.0


class BodyReader:
    """Reads the body of ``request`` once. Content-Length is believed only when it says "too much"."""

    def __init__(self, request: Request, limit: int) -> None:
        self._request = request
        self._limit = limit
        self._started = False
        self._ended = False

    async def pieces(self) -> AsyncIterator[bytes]:
        """Pieces of about 256 KiB. TooLarge; InvalidRequest (request_timeout); ClientDisconnect."""
        declared = self._request.headers.get("content-length", "0")
        total, gathered = 0, bytearray()
        if declared.isdigit() and int(declared) > self._limit:
            raise self._too_large()
        while not self._ended:
            chunk = await self._next_chunk()
            total += len(chunk)
            if total > self._limit:
                raise self._too_large()
            gathered += chunk
            if len(gathered) >= _PIECE or self._ended:
                yield bytes(gathered)
                gathered.clear()

    async def drain(self) -> None:
        """Reads on for a moment and forgets: a client that is still sending gets to see its refusal.

        (Closing a connection with unread bytes makes the kernel drop what we answered.)
        """
        if not self._started and "expect" in self._request.headers:
            return  # it waits for our 100 Continue and has sent nothing
        try:
            async with asyncio.timeout(_DRAIN_S):
                while not self._ended:
                    await self._receive()
        except (TimeoutError, ClientDisconnect):
            return

    async def _next_chunk(self) -> bytes:
        try:
            async with asyncio.timeout(_SILENCE_S):
                return await self._receive()
        except TimeoutError as error:
            raise InvalidRequest(
                f"Nothing of the body arrived for {_SILENCE_S:g} s; send it again.", code="request_timeout"
            ) from error

    async def _receive(self) -> bytes:
        self._started = True
        message = await self._request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect()
        self._ended = not message.get("more_body", False)
        return message.get("body", b"")

    def _too_large(self) -> TooLarge:
        return TooLarge(f"The request is larger than {self._limit / MIB:g} MB; send fewer images at once.")
