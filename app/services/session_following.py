"""One client's view of a session's stream: replay, then live, no gap, no double."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

from redis.exceptions import RedisError

from app.errors import Unavailable
from app.services import redis_keys
from app.services.event_log import BEGINNING, Entry, EventId, EventLog, StreamEnds, parse_id, parse_message
from app.services.redis_service import RETRY_AFTER_S, translate_errors
from app.services.subscriptions import Subscriptions

BUFFERED_EVENTS = 100
"""Events that wait in memory for one slow reader, at most. The stream holds the others for it."""
_LIVE_AT_MOST = BUFFERED_EVENTS // 2
_REPLAYED_AT_ONCE = BUFFERED_EVENTS // 2
_RETRY_S = 0.5


class RedisFollowing:
    """The Following of one client.

    Iteration ends by itself in one case alone: the reader was so slow that events were trimmed from the
    stream before it took them. It should then enter anew with its cursor, and learn that it is not recovered.
    """

    def __init__(
        self,
        log: EventLog,
        subscriptions: Subscriptions,
        session_id: str,
        after: str | None,
        patience: float,
    ) -> None:
        self.recovered = True
        self._log = log
        self._subscriptions = subscriptions
        self._session_id = session_id
        self._channel = redis_keys.session_channel(session_id)
        self._after = after or str(BEGINNING)
        self._patience = patience
        self._position = BEGINNING
        self._seq: int | None = None  # of the event at the position, None: not known
        self._replayed: deque[Entry] = deque()
        self._live: deque[Entry] = deque()
        self._behind = True  # there may be more in the stream than in the two buffers
        self._confirmed = asyncio.Event()
        self._news = asyncio.Event()

    @property
    def cursor(self) -> str:
        """Id of the last event that was handed out, at first the one to go on from; "" is the beginning."""
        return "" if self._position == BEGINNING else str(self._position)

    @property
    def buffered(self) -> int:
        """Events that wait in memory to be taken; never more than ``BUFFERED_EVENTS``."""
        return len(self._replayed) + len(self._live)

    async def __aenter__(self) -> Self:
        self._subscriptions.join(self._channel, self)
        with contextlib.ExitStack() as undo, translate_errors():
            undo.callback(self._subscriptions.leave, self._channel, self)
            await self._confirmation()
            ends = await self._log.ends(self._session_id)
            undo.pop_all()
        self._position, self.recovered = _begin(parse_id(self._after), ends)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._subscriptions.leave(self._channel, self)

    def subscribed(self) -> None:
        """The connection was made (anew): what was published before may be missing."""
        self._fall_behind()
        self._confirmed.set()

    def heard(self, message: str) -> None:
        """A live event: kept while there is room and nothing is missing before it."""
        entry = parse_message(message)
        if entry is None or self._behind:
            return
        if len(self._live) >= _LIVE_AT_MOST:
            self._fall_behind()
            return
        self._live.append(entry)
        self._news.set()

    def _fall_behind(self) -> None:
        self._live.clear()
        self._behind = True
        self._news.set()

    def __aiter__(self) -> AsyncIterator[str]:
        return self

    async def __anext__(self) -> str:
        while True:
            entry = self._next_buffered()
            if entry is not None:
                self._position, self._seq = entry.event_id, entry.seq
                return entry.as_json()
            if self._behind:
                if not await self._catch_up():
                    raise StopAsyncIteration
            else:
                self._news.clear()
                await self._news.wait()

    def _next_buffered(self) -> Entry | None:
        while self._replayed:
            entry = self._replayed.popleft()
            if entry.event_id > self._position:
                return entry
        while self._live:
            entry = self._live.popleft()
            if self._seq is not None and entry.seq > self._seq + 1:
                self._fall_behind()
            elif entry.event_id > self._position:
                return entry
        return None

    async def _catch_up(self) -> bool:
        """Reads on in the stream; False when events were trimmed from it before we had them."""
        self._behind = False  # what is published from here on is kept in the live buffer
        try:
            found = await self._log.after(self._session_id, self._position, _REPLAYED_AT_ONCE)
            if await self._is_trimmed(found):
                return False
        except RedisError:
            self._fall_behind()
            await self._pause()
            return True
        except asyncio.CancelledError:
            self._fall_behind()
            raise
        self._replayed.extend(found)
        if len(found) == _REPLAYED_AT_ONCE:
            self._fall_behind()
        return True

    async def _is_trimmed(self, found: list[Entry]) -> bool:
        # a gap in the numbers is also left by an erased job; then older events are mostly still there
        if not found or self._seq is None or found[0].seq <= self._seq + 1:
            return False
        ends = await self._log.ends(self._session_id)
        return ends is not None and ends.first is not None and ends.first.event_id > self._position

    async def _pause(self) -> None:
        """Until the connection is made anew, or for a moment if it was never lost."""
        self._news.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_RETRY_S):
                await self._news.wait()

    async def _confirmation(self) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self._confirmed.wait()
        except TimeoutError as error:
            raise Unavailable(
                "Events cannot be followed at the moment. Connect again in a few seconds.",
                retry_after=RETRY_AFTER_S,
            ) from error


def _begin(after: EventId | None, ends: StreamEnds | None) -> tuple[EventId, bool]:
    """Where to begin, and whether everything after ``after`` (None: nonsense) can be had from there."""
    if after is None or ends is None or after > ends.last_id:
        return BEGINNING, after == BEGINNING
    if after == BEGINNING:
        return BEGINNING, ends.first is None or ends.first.seq == 1
    # trimming takes the oldest: while something as old as the cursor is there, nothing after it is gone
    whole = after == ends.last_id or (ends.first is not None and ends.first.event_id <= after)
    return after, whole
