"""A web process as far as its local stack goes: `python -m tests.support.stack_process FOLDER WORKERS [URL]`.

Prints one line when it serves, ends in order on SIGTERM. Its workers write a line into FOLDER/workers.log
when they begin and when they have drained.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import structlog

from app.errors import SetupError
from app.services.local_stack import LocalStack

WORKER = """
import os, signal, sys
from pathlib import Path

def say(word):
    with open(Path(os.environ["DATA_DIR"]) / "workers.log", "a") as log:
        log.write(f"{word} {os.getpid()} {os.environ['REDIS_URL']}\\n")

signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
say("began")
signal.sigwait([signal.SIGTERM])
say("drained")
"""


async def main(folder: Path, workers: int, url: str | None) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    command = (sys.executable, "-S", "-c", WORKER)
    try:
        async with LocalStack(
            folder, workers=workers, env=dict(os.environ), redis_url=url, command=command
        ) as stack:
            print("serving", stack.redis_url, flush=True)
            await stop.wait()
    except SetupError as error:
        print("refused", error.message, flush=True)


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None))
