"""What requests to one olmOCR provider share, in one process and in all of them on a real Redis."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest

from app.errors import EngineUnavailable
from app.recognition.spending import Spending
from app.services import redis_keys
from app.services.embedded_redis import EmbeddedRedis
from app.services.olmocr_provider import OwnProvider, Provider, Shares, provider_name
from app.services.olmocr_shared import SharedProvider
from app.services.redis_service import connect
from tests.support.clock import JumpingClock
from tests.support.redis_server import DurableValkey
from tests.support.waiting import turns, until

pytestmark = pytest.mark.anyio
DOWN = EngineUnavailable("The olmOCR API fails at the moment. Try again later.", code="engine_broken")
SPENT = Spending(1, 1500, 300, 0.25)
Open = Callable[[Shares], tuple[Provider, Provider]]
"""Two views of one provider, as two workers have them."""


@pytest.fixture(scope="module")
async def redis_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    async with EmbeddedRedis(tmp_path_factory.mktemp("provider")) as server:
        yield server.url


@pytest.fixture(params=["own", "shared"])
async def workers(request: pytest.FixtureRequest, redis_url: str) -> AsyncIterator[Open]:
    if request.param == "own":
        yield lambda shares: (OwnProvider(shares),) * 2
        return
    async with aclosing(connect(redis_url)) as first, aclosing(connect(redis_url)) as second:
        await first.flushdb()
        yield lambda shares: (SharedProvider(first, "p", shares), SharedProvider(second, "p", shares))


async def tried_again(provider: Provider, request: object = None) -> None:
    """Returns when it has had a turn."""

    async def served() -> bool:
        return await refused(provider, request) is None

    await until(served)


async def refused(provider: Provider, request: object = None) -> str | None:
    """The code of the refusal; None: there was a turn."""
    try:
        async with asyncio.timeout(20), provider.turn(request or object()):
            return None
    except EngineUnavailable as failure:
        return failure.code


async def test_no_more_at_once_than_allowed_and_nobody_is_left_out(workers: Open) -> None:
    running = most = done = 0

    async def request(provider: Provider) -> None:
        nonlocal running, most, done
        async with provider.turn(object()):
            running += 1
            most = max(most, running)
            while running < 3 and done < 8:
                await turns(1)
            await turns(50)
            running -= 1
            done += 1

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        for provider in workers(Shares(concurrency=3)) * 5:
            group.create_task(request(provider))

    assert (most, done) == (3, 10)


async def test_no_more_in_a_minute_than_allowed(workers: Open) -> None:
    both = workers(Shares(concurrency=8, per_minute=3, minute_s=0.5))
    sent: list[float] = []

    async def request(provider: Provider) -> None:
        async with provider.turn(object()):
            sent.append(time.monotonic())

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        for provider in both * 4:
            group.create_task(request(provider))

    assert len(sent) == 8
    in_order = sorted(sent)
    assert in_order[7] - in_order[0] >= 0.9, "the first three, a minute, three, a minute, two"


async def test_provider_that_fails_rests_then_one_request_tries_it(workers: Open) -> None:
    first, second = workers(Shares(rest_s=2.0))
    await first.rest(DOWN)

    assert await refused(first) == await refused(second) == "engine_broken"
    await tried_again(second)
    others = [asyncio.create_task(refused(provider)) for provider in (first, second) * 3]
    await turns(50)
    assert not any(other.done() for other in others), "what becomes of the one is not known yet"
    await second.served(SPENT)
    assert await asyncio.gather(*others) == [None] * 6


async def test_requests_behind_a_trial_that_brings_no_news_do_not_wait_for_ever(workers: Open) -> None:
    first, second = workers(Shares(concurrency=1, rest_s=1.0))
    await first.rest(DOWN)
    await tried_again(first)

    assert await refused(second) is None, "its own trial"


async def test_request_that_tries_a_resting_provider_may_be_repeated(workers: Open) -> None:
    first, second = workers(Shares(rest_s=2.0))
    await first.rest(DOWN)
    await tried_again(first, request := object())

    other = asyncio.create_task(refused(second))
    await turns(50)
    assert await refused(first, request) is None
    await first.rest(DOWN)
    assert await other == "engine_broken", "it has failed"
    assert await refused(first, request) == "engine_broken"


async def test_trial_that_fails_means_another_rest(workers: Open) -> None:
    first, second = workers(Shares(rest_s=2.0))
    await first.rest(DOWN)
    await tried_again(first)

    await first.rest(DOWN)

    assert await refused(second) == "engine_broken"


async def test_pause_that_the_provider_asks_for_holds_for_all(workers: Open) -> None:
    first, second = workers(Shares())
    started = time.monotonic()
    await first.pause(0.6)

    assert await refused(second) is None
    assert time.monotonic() - started >= 0.6


async def test_turn_is_given_back_after_a_failure(workers: Open) -> None:
    first, second = workers(Shares(concurrency=1))
    with pytest.raises(ZeroDivisionError):
        async with first.turn(object()):
            raise ZeroDivisionError

    assert await refused(second) is None


HOLD = """
import asyncio, sys
from app.services.olmocr_provider import Shares
from app.services.olmocr_shared import SharedProvider
from app.services.redis_service import connect

async def main():
    async with SharedProvider(connect(sys.argv[1]), "killed", Shares(concurrency=1), lease_s=1.5).turn(0):
        print("mine", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@asynccontextmanager
async def holding_a_turn(url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    holder = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HOLD, url), cwd=Path(__file__).parents[2], stdout=asyncio.subprocess.PIPE
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"mine\n"
    yield holder
    await holder.wait()


async def test_turn_of_a_killed_worker_is_free_after_its_lease(redis_url: str) -> None:
    async with aclosing(connect(redis_url)) as client, holding_a_turn(redis_url) as holder:
        mine = SharedProvider(client, "killed", Shares(concurrency=1))
        with pytest.raises(TimeoutError):  # longer than a lease: it is renewed
            async with asyncio.timeout(3), mine.turn(object()):
                pass
        holder.kill()
        await holder.wait()

        assert await refused(mine) is None


async def test_clock_put_back_keeps_nobody_waiting_for_it(tmp_path: Path) -> None:
    clock, shares = JumpingClock(tmp_path / "clock"), Shares(concurrency=1, per_minute=1, minute_s=1)
    store = DurableValkey(tmp_path, clock)
    clock.jump(1)
    await store.start()
    async with aclosing(connect(store.url)) as client, holding_a_turn(store.url) as holder:
        mine = SharedProvider(client, "killed", shares, lease_s=1.5)
        await mine.pause(0.5)
        holder.kill()
        clock.jump(0)

        async def is_back() -> bool:
            return (await client.time())[0] < time.time() + 60

        await until(is_back)
        assert await refused(mine) is None
    await store.end()


async def test_what_all_spend_is_added_up(redis_url: str) -> None:
    async with aclosing(connect(redis_url)) as client:
        await client.delete(redis_keys.spent())
        for name in ("one", "two"):
            await SharedProvider(client, name, Shares()).served(SPENT)

        spent = await client.hgetall(redis_keys.spent())
    assert spent == {"requests": "2", "prompt_tokens": "3000", "completion_tokens": "600", "price": "0.5"}


def test_name_tells_apart_and_nothing_else() -> None:
    named = {provider_name(*parts) for parts in (("u", "k", "m"), ("u", "k2", "m"), ("v", "k", "m"))}

    assert len(named) == 3
    assert all(len(name) == 16 and "k2" not in name for name in named)
