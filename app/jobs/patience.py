"""Waiting out a short absence of the store: a worker must not lose a finished recognition to a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

from app.errors import Unavailable

Clock = Callable[[], datetime]
T = TypeVar("T")

PATIENCE_S = 60.0
PAUSE_S = 0.5


def utc_now() -> datetime:
    """The time now, UTC."""
    return datetime.now(UTC)


async def insist(call: Callable[[], Awaitable[T]], patience_s: float = PATIENCE_S) -> T:
    """The answer of ``call``, tried again while the store is Unavailable; raises it after ``patience_s``.

    For changes that may be made twice: the first may have happened though its answer was lost.
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + patience_s
    while True:
        try:
            return await call()
        except Unavailable:
            if clock() + PAUSE_S > deadline:
                raise
        await asyncio.sleep(PAUSE_S)
