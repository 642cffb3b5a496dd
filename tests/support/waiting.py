"""Waiting for what cannot ring: another process' files, a server's counters, the loop's turns."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(look: Callable[[], Awaitable[T]], seconds: float = 90) -> T:
    """The first true answer of ``look``. TimeoutError after so many seconds."""
    async with asyncio.timeout(seconds):
        while not (answer := await look()):  # noqa: ASYNC110  (what is looked at does not ring)
            await asyncio.sleep(0.02)
        return answer


def until_true(look: Callable[[], bool], seconds: float = 90) -> None:
    """Returns when ``look`` answers True; AssertionError after so many seconds."""
    end = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.1)


async def turns(count: int) -> None:
    """Lets the other tasks run so many times."""
    for _ in range(count):
        await asyncio.sleep(0)
