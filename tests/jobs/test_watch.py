"""What the deployment tells of itself, on a real server, and what makes it not ready."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from app.jobs.watch import EVENTS, IMAGES_DONE, JOBS_ENDED, RECOGNITION_SECONDS, STAGE_SECONDS
from app.services.health import (
    FilesCheck,
    disk_has_room,
    files_writable,
    queue_moves,
    store_writable,
    workers_alive,
)
from app.services.local_files import LocalFileStore
from app.services.redis_service import connect
from app.wiring.core import Core
from tests.support.job_house import JobHouse, kinds
from tests.support.waiting import until

pytestmark = pytest.mark.anyio


async def test_counts_are_those_of_the_jobs(house: JobHouse, core: Core) -> None:
    house.work_here()
    first, second = await house.submit("a|b", "refuse"), await house.submit("c|d")
    events = await house.ended(first) + await house.ended(second)
    third = await house.submit("hang")
    await house.reading(third)
    await core.cancel(third.job_id)

    totals = await core.watch.totals()

    assert totals.counts[IMAGES_DONE] == {("ok",): 2, ("no_table_found",): 1}
    assert totals.counts[JOBS_ENDED] == {("partially_completed",): 1, ("completed",): 1, ("cancelled",): 1}
    told = totals.counts[EVENTS]
    assert told[("job_completed",)] == 2
    assert told[("single_image_completed",)] == kinds(events).count("single_image_completed") == 3
    whole = totals.distributions[RECOGNITION_SECONDS]
    assert sum(sum(found.counts) for found in whole.values()) >= 3
    stages = {labels[1] for labels in totals.distributions[STAGE_SECONDS]}
    assert stages == {"decode", "prepare", "words", "tables", "cells"}


async def test_the_queue_stands_until_somebody_works(house: JobHouse, core: Core) -> None:
    job = await house.submit("a|b", "c|d")

    standing = await core.watch.standing()
    assert (standing.images_waiting, standing.jobs_open, standing.workers) == (2, 1, 0)
    assert "No worker" in (await workers_alive(core.watch) or "")
    assert "2 images wait" in (await queue_moves(core.watch, -1.0) or "")
    assert await queue_moves(core.watch, 3600.0) is None

    house.work_here()
    await house.ended(job)
    standing = await core.watch.standing()
    assert (standing.images_waiting, standing.jobs_open, standing.oldest_s) == (0, 0, 0.0)
    assert standing.idle_s is not None
    assert await workers_alive(core.watch) is None
    assert await queue_moves(core.watch, -1.0) is None
    await house.close()
    await until(partial(workers_alive, core.watch))


async def test_a_store_that_takes_no_writes_is_told(core: Core, tmp_path: Path) -> None:
    assert await store_writable(core.client) is None
    await core.client.config_set("maxmemory", "1")
    try:
        assert "takes no writes" in (await store_writable(core.client) or "")
    finally:
        await core.client.config_set("maxmemory", "0")
    async with connect(f"unix://{tmp_path}/nothing.sock", patience=0) as away:
        assert "takes no writes" in (await store_writable(away) or "")


async def test_a_place_that_keeps_no_files_is_told(tmp_path: Path) -> None:
    files = LocalFileStore(tmp_path)
    check = FilesCheck(files)
    assert await check() is None
    (tmp_path / ".incoming").rmdir()

    assert await files_writable(files) is not None
    assert await check() is None  # what it told a moment ago still holds

    assert await disk_has_room(tmp_path, 0) is None
    assert "are free" in (await disk_has_room(tmp_path, 10**9) or "")
