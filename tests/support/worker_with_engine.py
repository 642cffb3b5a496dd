"""A real worker process on a real server, with an engine that does what the image says:
`python -m tests.support.worker_with_engine LEASE_S [quick]` with REDIS_URL and DATA_DIR in the environment.
`quick`: the engine runs within the worker, so that an image can kill it whole."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from app.recognition.engine import EngineName
from app.services.local_engine import LocalEngine
from app.services.logs import configure_logs
from app.settings import Settings
from app.wiring.core import open_core
from app.wiring.worker import worker_parts
from app.worker import stopped_by_signals
from tests.support.clock import mend_sleep
from tests.support.quick_engine import QuickEngine
from tests.support.recognizers import ObedientRecognizer


async def work(settings: Settings, lease: timedelta, *, quick: bool) -> None:
    stop = stopped_by_signals()
    engine = (
        QuickEngine() if quick else LocalEngine(ObedientRecognizer, timeout_s=settings.recognition_timeout_s)
    )
    engines = {EngineName.AUTO: engine, EngineName.LOCAL: engine}
    assert settings.redis_url is not None
    async with open_core(settings, settings.redis_url.get_secret_value()) as core:
        await worker_parts(settings, core, engines, lease=lease, sweep_s=0.5).run(stop)
    await engine.close()


if __name__ == "__main__":
    mend_sleep()
    settings = Settings()
    configure_logs(settings.log_level, settings.log_format)
    asyncio.run(work(settings, timedelta(seconds=float(sys.argv[1])), quick="quick" in sys.argv[2:]))
