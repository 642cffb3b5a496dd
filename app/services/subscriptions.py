"""One connection that listens on all channels that somebody in this process wants to hear."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Protocol, cast

import structlog
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError, RedisError  # noqa: A004  (redis' own, not the built-in one)

_CONNECT_S = 5.0
_PING_S = 15.0
_SILENCE_S = 40.0
_RECONNECT_S = (0.05, 1.0)
_CHANNELS_A_COMMAND = 500

_log = structlog.stdlib.get_logger(__name__)


class Listener(Protocol):
    """Somebody who listens on a channel. Neither method may block."""

    def subscribed(self) -> None:
        """From now on every message arrives; what was published before this moment may have been missed.
        Called again after each loss of the connection."""
        ...

    def heard(self, message: str) -> None:
        """A message of the channel."""
        ...


class Subscriptions:
    """Runs as one task (`run`); inside it one task alone sends, one alone reads. When the connection is
    lost it is made anew, all channels are subscribed again and every listener is told."""

    def __init__(self, client: Redis) -> None:
        self._pool = client.connection_pool
        self._listeners: dict[str, set[Listener]] = {}
        self._confirmed: set[str] = set()
        self._asked: set[str] = set()
        self._changed: set[str] = set()
        self._wake = asyncio.Event()

    def join(self, channel: str, listener: Listener) -> None:
        """Begins to listen; `Listener.subscribed` is called as soon as nothing can be missed any more."""
        self._listeners.setdefault(channel, set()).add(listener)
        if channel in self._confirmed:
            listener.subscribed()
        else:
            self._touch([channel])

    def leave(self, channel: str, listener: Listener) -> None:
        """Ends listening; leaving twice is leaving once."""
        listeners = self._listeners.get(channel, set())
        listeners.discard(listener)
        if not listeners:
            self._listeners.pop(channel, None)
            self._touch([channel])

    async def run(self) -> None:
        """Listens until it is cancelled."""
        pause, longest = _RECONNECT_S
        while True:
            try:
                await self._listen()
            except* (RedisError, TimeoutError) as errors:
                _log.warning("event_connection_lost", reason=repr(errors.exceptions[0]), retry_in_s=pause)
            if self._confirmed:  # it had worked
                pause = _RECONNECT_S[0]
            self._confirmed.clear()
            self._asked.clear()
            await asyncio.sleep(pause)
            pause = min(2 * pause, longest)

    def _touch(self, channels: Iterable[str]) -> None:
        self._changed.update(channels)
        self._wake.set()

    async def _listen(self) -> None:
        connection = self._pool.make_connection()  # beside the pool: it never carries commands
        # redis-py's own time limit of sending may swallow a cancellation (before Python 3.12)
        connection.socket_timeout = None
        try:
            async with asyncio.timeout(_CONNECT_S):
                await connection.connect()
            self._touch(self._listeners)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._send(connection))
                tasks.create_task(self._read(connection))
        finally:
            await connection.disconnect(nowait=True)

    async def _send(self, connection: AbstractConnection) -> None:
        while True:
            self._wake.clear()
            for command, channels in self._due():
                for start in range(0, len(channels), _CHANNELS_A_COMMAND):
                    await connection.send_command(command, *channels[start : start + _CHANNELS_A_COMMAND])
            try:
                async with asyncio.timeout(_PING_S):
                    await self._wake.wait()
            except TimeoutError:
                await connection.send_command("PING")

    def _due(self) -> tuple[tuple[str, list[str]], tuple[str, list[str]]]:
        """The commands that make the connection listen on what is wanted now."""
        changed, self._changed = self._changed, set()
        unwanted = [c for c in changed if c not in self._listeners and c in self._asked]
        wanted = [c for c in changed if c in self._listeners and c not in self._asked]
        self._asked.difference_update(unwanted)
        self._confirmed.difference_update(unwanted)
        self._asked.update(wanted)
        return ("UNSUBSCRIBE", unwanted), ("SUBSCRIBE", wanted)

    async def _read(self, connection: AbstractConnection) -> None:
        while True:
            match cast("object", await connection.read_response(timeout=_SILENCE_S)):
                case ["subscribe", str(channel), int()] if channel in self._asked:
                    self._confirmed.add(channel)
                    for listener in tuple(self._listeners.get(channel, ())):
                        listener.subscribed()
                case ["message", str(channel), str(content)]:
                    for listener in tuple(self._listeners.get(channel, ())):
                        listener.heard(content)
                case None:
                    raise ConnectionError("the server is silent")
                case _:  # a pong, or the confirmation of an end
                    pass
