from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from app.errors import SetupError
from app.services.embedded_redis import EmbeddedRedis
from app.services.rate_limits import RedisRateLimits
from app.services.redis_service import connect
from tests.support.waiting import until

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def server_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    async with EmbeddedRedis(tmp_path_factory.mktemp("limits")) as server:
        yield server.url


@pytest.fixture
async def client(server_url: str) -> AsyncIterator[Redis]:
    async with connect(server_url, patience=0) as client:
        await client.flushdb()
        yield client


async def test_requests_are_counted_until_the_window_is_full(client: Redis) -> None:
    limits = RedisRateLimits(client, {"default": "3/minute"})
    quotas = [await limits.hit("default", "192.0.2.1") for _ in range(4)]
    assert [(q.allowed, q.remaining, q.limit, q.window_s) for q in quotas if q] == [
        (True, 2, 3, 60),
        (True, 1, 3, 60),
        (True, 0, 3, 60),
        (False, 0, 3, 60),
    ]
    assert all(q and 55 < q.reset_s <= 60 for q in quotas)


async def test_clients_and_policies_have_quotas_of_their_own(client: Redis) -> None:
    limits = RedisRateLimits(client, {"default": "1/minute", "batch": "1/minute"})
    for policy, address in (("default", "192.0.2.1"), ("default", "2001:db8::1"), ("batch", "192.0.2.1")):
        first, second = await limits.hit(policy, address), await limits.hit(policy, address)
        assert first
        assert second
        assert (first.allowed, second.allowed) == (True, False)


async def test_the_window_moves_on(client: Redis) -> None:
    limits = RedisRateLimits(client, {"default": "2/second"})
    while (quota := await limits.hit("default", "c")) and quota.allowed:
        pass
    assert quota
    assert quota.reset_s <= 1

    async def allowed_again() -> bool:
        again = await limits.hit("default", "c")
        return again is not None and again.allowed

    assert await until(allowed_again, quota.reset_s + 1)


async def test_web_processes_share_the_count(server_url: str, client: Redis) -> None:
    async with connect(server_url, patience=0) as other:
        processes = [RedisRateLimits(each, {"default": "20/minute"}) for each in (client, other)]
        quotas = await asyncio.gather(*(processes[n % 2].hit("default", "crowd") for n in range(50)))
    assert sum(quota.allowed for quota in quotas if quota) == 20


async def test_who_was_counted_before_the_clock_was_put_back_need_not_wait_for_it(
    client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits, true_time = RedisRateLimits(client, {"default": "2/minute"}), time.time
    with monkeypatch.context() as ahead:
        ahead.setattr(time, "time", lambda: true_time() + 3600)
        before = [await limits.hit("default", "c") for _ in range(3)]
    after = [await limits.hit("default", "c") for _ in range(3)]

    for quotas in (before, after):
        assert [q.allowed for q in quotas if q] == [True, True, False]
    assert all(q and q.reset_s <= 60 for q in after)


async def test_an_empty_policy_sets_no_limit(client: Redis) -> None:
    limits = RedisRateLimits(client, {"default": "", "batch": "  "})
    assert [await limits.hit(policy, "c") for policy in ("default", "batch", "other")] == [None, None, None]


async def test_requests_pass_while_redis_is_away(tmp_path: Path) -> None:
    async with connect(f"unix://{tmp_path}/none", patience=0) as client:
        limits = RedisRateLimits(client, {"default": "1/minute"})
        assert [await limits.hit("default", "c") for _ in range(3)] == [None, None, None]


async def test_a_wrong_notation_is_named(client: Redis) -> None:
    with pytest.raises(SetupError, match="lots/minute"):
        RedisRateLimits(client, {"default": "lots/minute"})
