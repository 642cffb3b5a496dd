"""What a web process brings along for the store that it is given."""

from __future__ import annotations

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from app.settings import Settings
from app.wiring.web import open_store

URL = "redis://localhost:6379/0"


@pytest.mark.anyio
@pytest.mark.parametrize(("workers", "warnings"), [(None, 1), (0, 0)])
async def test_a_shared_redis_without_workers_is_told_unless_asked_for(
    workers: int | None, warnings: int
) -> None:
    settings = Settings(_env_file=None, redis_url=SecretStr(URL), worker_processes=workers)  # type: ignore[call-arg]

    with capture_logs() as logs:
        async with open_store(settings) as url:
            assert url == URL

    assert sum("olmocr-backend worker" in line["event"] for line in logs) == warnings
