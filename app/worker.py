"""A worker process: `python -m app.worker`. Takes tasks from the server that REDIS_URL names until SIGTERM,
then lets what runs come to its end."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile

import structlog

from app.errors import SetupError
from app.services.logs import configure_logs
from app.settings import Settings, load_settings
from app.wiring.core import open_core
from app.wiring.engines import open_engines
from app.wiring.tracing import traced
from app.wiring.worker import worker_parts

log = structlog.get_logger()


def main() -> None:
    """Runs one worker. Exit code 2: it cannot be set up."""
    try:
        settings = load_settings()
        configure_logs(settings.log_level, settings.log_format)
        with traced(settings, "worker"):
            asyncio.run(work(settings))
    except SetupError as error:
        log.error("worker cannot start", reason=error.message)
        sys.exit(2)


async def work(settings: Settings) -> None:
    """Works until SIGTERM or SIGINT. SetupError: there is no server to work for."""
    if settings.redis_url is None:
        raise SetupError("A worker needs REDIS_URL. `olmocr-backend serve` runs workers of its own.")
    stop = stopped_by_signals()
    redis_url = settings.redis_url.get_secret_value()
    async with open_core(settings, redis_url) as core, open_engines(settings, core.client) as engines:
        parts = worker_parts(settings, core, engines)
        tempfile.tempdir = str(parts.scratch)  # what engines and libraries need for a moment goes with us
        log.info("worker started")
        await parts.run(stop)
    log.info("worker stopped")


def stopped_by_signals() -> asyncio.Event:
    """Set at SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


if __name__ == "__main__":
    main()
