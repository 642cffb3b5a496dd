from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.support.clock import JumpingClock
from tests.support.redis_server import DurableValkey
from tests.support.server import RunningServer
from tests.support.tcp_proxy import TcpProxy

COMMAND = ("tests.support.web_with_engine",)
UNREAD_S = 4
"""A socket whose client takes nothing for so long is closed."""


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@dataclass(frozen=True)
class Deployment:
    """Two web processes and a worker; all reach a Valkey through a proxy of ours."""

    store: DurableValkey
    clock: JumpingClock
    """The store's: leases, turns and expiry go by it."""
    proxy: TcpProxy
    webs: tuple[RunningServer, RunningServer]

    @property
    def bases(self) -> list[str]:
        return [web.base_url for web in self.webs]


@pytest.fixture(scope="module")
async def deployment(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Deployment]:
    folder = tmp_path_factory.mktemp("deployment")
    clock = JumpingClock(folder / "clock")
    store = DurableValkey(folder, clock)
    await store.start()
    async with TcpProxy(store.port) as proxy:
        url = f"redis://127.0.0.1:{proxy.port}/0"
        settings = {
            "REDIS_URL": url,
            "DATA_DIR": str(folder / "data"),
            "WORKER_PROCESSES": "1",
            "SOCKET_SEND_TIMEOUT_S": str(UNREAD_S),
        }
        webs = tuple(RunningServer(folder / name, settings, command=COMMAND) for name in ("one", "two"))
        try:
            for web in webs:
                await asyncio.to_thread(web.start)
            yield Deployment(store, clock, proxy, (webs[0], webs[1]))
        finally:
            for web in webs:
                if web.process is not None:
                    await asyncio.to_thread(web.stop)
    await store.end()
