"""A real worker process on a real server, with the recognizer that does what the image says:
`python -m tests.support.worker_with_engine LEASE_S` with REDIS_URL and DATA_DIR in the environment."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from app.recognition.engine import Engine, EngineName
from app.services.local_engine import LocalEngine
from app.services.logs import configure_logs
from app.settings import Settings
from app.wiring.core import open_core
from app.wiring.worker import worker_parts
from app.worker import stopped_by_signals
from tests.support.recognizers import ObedientRecognizer


async def work(settings: Settings, lease: timedelta) -> None:
    stop = stopped_by_signals()
    engine = LocalEngine(ObedientRecognizer, timeout_s=settings.recognition_timeout_s)
    engines: dict[EngineName, Engine] = {EngineName.AUTO: engine, EngineName.LOCAL: engine}
    assert settings.redis_url is not None
    async with open_core(settings, settings.redis_url.get_secret_value()) as core:
        await worker_parts(settings, core, engines, lease=lease, sweep_s=0.5).run(stop)
    await engine.close()


if __name__ == "__main__":
    settings = Settings()
    configure_logs(settings.log_level, settings.log_format)
    asyncio.run(work(settings, timedelta(seconds=float(sys.argv[1]))))
