from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from app.services.embedded_redis import EmbeddedRedis
from app.settings import Settings
from app.wiring.core import Core, open_core
from tests.support.job_house import JobHouse


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def server_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[str]:
    async with EmbeddedRedis(tmp_path_factory.mktemp("server")) as server:
        yield server.url


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path_factory.mktemp("data"), max_batch_size=500)


@pytest.fixture
async def core(settings: Settings, server_url: str) -> AsyncGenerator[Core]:
    async with open_core(settings, server_url) as core:
        await core.client.flushdb()
        yield core


@pytest.fixture
async def house(core: Core, settings: Settings) -> AsyncGenerator[JobHouse]:
    house = JobHouse(core, settings)
    yield house
    await house.close()
