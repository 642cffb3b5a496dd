"""A time limit that runs only while there is work that it is meant for."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager


class WorkingTime:
    """Ends the block of ``limit`` after ``seconds`` in which at least one task was `running`."""

    def __init__(self, limit: asyncio.Timeout, seconds: float) -> None:
        self._limit = limit
        self._left = seconds
        self._since = 0.0
        self._tasks = 0

    @contextmanager
    def running(self) -> Generator[None]:
        """The time runs in this block."""
        clock = asyncio.get_running_loop().time
        if self._tasks == 0:
            self._since = clock()
            self._end_at(self._since + self._left)
        self._tasks += 1
        try:
            yield
        finally:
            self._tasks -= 1
            if self._tasks == 0:
                self._left = max(0.0, self._left - (clock() - self._since))
                self._end_at(None)

    def _end_at(self, moment: float | None) -> None:
        if not self._limit.expired():
            self._limit.reschedule(moment)
