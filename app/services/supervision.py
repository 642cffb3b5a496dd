"""Keeps a child process running: started again when it ends, ended in order when we are told to stop."""

from __future__ import annotations

import asyncio
from typing import Protocol

import structlog

from app.errors import SetupError

_PAUSE_S = (0.1, 30.0)
_STEADY_S = 30.0
"""Whoever lived so long is started again at once; whoever dies sooner, after longer and longer pauses."""

_log = structlog.stdlib.get_logger(__name__)


class Service(Protocol):
    """Something that runs as a child process of ours."""

    async def start(self) -> None:
        """Starts it (again). SetupError: it cannot run here as things are."""
        ...

    async def wait(self) -> int:
        """Waits for its end; its exit code."""
        ...

    async def stop(self) -> None:
        """Ends it in order, in the end by force; nothing when it does not run."""
        ...


async def keep_running(name: str, service: Service, *, started: bool = False) -> None:
    """Runs until it is cancelled, and has stopped the service then. ``started``: it runs already."""
    pause, longest = _PAUSE_S
    try:
        while True:
            lived = await _life(name, service, started=started)
            started = False
            if lived > _STEADY_S:
                pause = _PAUSE_S[0]
            await asyncio.sleep(pause)
            pause = min(2 * pause, longest)
    finally:
        await service.stop()


async def _life(name: str, service: Service, *, started: bool) -> float:
    """Starts the service and waits for its end; the seconds that it lived."""
    clock = asyncio.get_running_loop().time
    begun = clock()
    try:
        if not started:
            await service.start()
        code = await service.wait()
    except SetupError as error:
        _log.error("a child process cannot be started", child=name, reason=error.message)
    else:
        _log.warning("a child process ended; it is started again", child=name, exit_code=code)
    return clock() - begun
