"""Notices that the server was asked to stop. It then waits for the answers that it still gives, and one
without an end would keep it waiting: streams end when they are told here."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def noticed() -> Generator[asyncio.Event]:
    """Set at SIGTERM or SIGINT; the server's own handlers run as before. Never set outside the main thread,
    where signals cannot be heard."""
    leaving = asyncio.Event()
    if threading.current_thread() is not threading.main_thread():
        yield leaving
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def notice(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(leaving.set)
        if callable(handler := before[signal.Signals(number)]):
            handler(number, frame)

    heard = [number for number, handler in before.items() if callable(handler)]
    for number in heard:
        signal.signal(number, notice)
    try:
        yield leaving
    finally:
        for number in heard:
            signal.signal(number, before[number])
