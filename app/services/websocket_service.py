"""What a WebSocket needs of Redis: a session's events after a cursor, once and in order, then live.

The stream is the truth and the published message only rings: a follower subscribes first, waits for the
confirmation, reads the stream after its cursor, then takes messages as they come. What may be missing (a new
subscription, a gap in the numbers, a full buffer) always sends it back to the stream; what comes twice
falls by its id.
"""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType
from typing import Self

import structlog
from redis.asyncio import Redis

from app.services.event_log import EventLog
from app.services.session_following import RedisFollowing
from app.services.subscriptions import Subscriptions

_log = structlog.stdlib.get_logger(__name__)


class RedisEventFeed:
    """The EventFeed on Redis. An async context manager; one connection listens for all followers.

    ``patience``: seconds for which entering a `Following` waits for a server that is away.
    """

    def __init__(self, client: Redis, *, patience: float = 5.0) -> None:
        self._patience = patience
        self._log = EventLog(client)
        self._subscriptions = Subscriptions(client)
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self._subscriptions.run(), name="event feed")
        self._running.add_done_callback(_report)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._running:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running

    def follow(self, session_id: str, after: str | None) -> RedisFollowing:
        """See EventFeed. An ``after`` that is no id, or not of this stream, begins at the beginning."""
        return RedisFollowing(self._log, self._subscriptions, session_id, after, self._patience)


def _report(task: asyncio.Task[None]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        _log.critical("event_feed_died", exc_info=error)
