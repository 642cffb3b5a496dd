"""Ending tasks for certain, and waiting until all have ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Any

_AGAIN_S = 1.0


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancels the tasks until they are done, whatever comes of them.

    Once is not enough: before Python 3.12 a time limit within a library that ends in the same moment may
    swallow a cancellation (redis-py on a lost connection does).
    """
    running = {task for task in tasks if not task.done()}
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=_AGAIN_S)


async def all_of(works: Iterable[Awaitable[Any]]) -> None:
    """Waits for all of them, side by side. The first failure is raised when the others have ended."""
    for outcome in await asyncio.gather(*works, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome
