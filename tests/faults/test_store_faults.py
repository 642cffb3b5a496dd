"""A Redis of the administrator's that restarts, is cut off, slow, dumb or full, among jobs."""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable

import pytest

from app.services.redis_service import connect
from tests.faults.conftest import Deployment
from tests.support.campaign import Campaign

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(3600)]
Fault = Callable[[Deployment, Campaign], Awaitable[None]]


async def restarted(deployment: Deployment, campaign: Campaign) -> None:
    await deployment.redis.end(signal.SIGTERM)
    await deployment.redis.start()


async def killed(deployment: Deployment, campaign: Campaign) -> None:
    await deployment.redis.end(signal.SIGKILL)
    await deployment.redis.start()


async def cut_off(deployment: Deployment, campaign: Campaign) -> None:
    """In the middle of whatever is on its way: commands without an answer, answers without a reader."""
    for over in range(campaign.over, campaign.over + 4):
        deployment.proxy.cut()
        await campaign.until_over(over)


async def slow(deployment: Deployment, campaign: Campaign) -> None:
    deployment.proxy.delay_s = 0.03
    await campaign.until_over(campaign.over + 2)
    deployment.proxy.delay_s = 0


async def dumb(deployment: Deployment, campaign: Campaign) -> None:
    await deployment.proxy.stand_still(7)  # longer than a command may take


async def full(deployment: Deployment, campaign: Campaign) -> None:
    async with connect(deployment.redis.url) as admin:
        await admin.config_set("maxmemory", "1mb")
        await campaign.until_unavailable()
        await admin.config_set("maxmemory", "0")


FAULTS: list[Fault] = [restarted, cut_off, slow, full, killed, dumb]


@pytest.mark.parametrize(
    ("jobs", "faults"),
    [
        pytest.param(36, FAULTS, id="each once"),
        *(pytest.param(200, [each] * 6, id=each.__name__, marks=pytest.mark.soak) for each in FAULTS),
    ],
)
async def test_nothing_is_lost_or_doubled(deployment: Deployment, jobs: int, faults: list[Fault]) -> None:
    campaign = Campaign(deployment.bases)

    async def happen() -> None:
        for number, fault in enumerate(faults):
            await campaign.until_over(1 + number * (jobs - 10) // len(faults))
            await fault(deployment, campaign)

    await campaign.run(jobs, happen)
