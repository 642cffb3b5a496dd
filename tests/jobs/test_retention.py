"""What is erased, when, and what says so: on a real server, real files and a real engine process."""

from __future__ import annotations

import asyncio
import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest

from app.errors import Expired, NotFound, Unavailable
from app.jobs.cuttings import JobCuttings
from app.jobs.finish import FinishJob
from app.jobs.job import Job, JobOptions, Outcome, new_id
from app.jobs.links import input_key, tables_key
from app.jobs.output_ports import OutputFile
from app.jobs.retention import EraseOrphans, ExpireJobs, HandOver
from app.jobs.submit import Upload
from app.models.tables import ImageTables
from app.recognition.engine import DecodeLimits
from app.services.image_cutter import ChildImageCutter
from app.services.job_store import RedisJobStore
from app.services.local_files import LocalFileStore
from app.wiring.core import Core
from tests.support.job_house import JobHouse, kinds
from tests.support.jobs import now, outcome_events, stream
from tests.support.waiting import until

pytestmark = pytest.mark.anyio


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("text", ["a|b", "hang"])
async def test_erasing_leaves_a_receipt_and_nothing_else(text: str, house: JobHouse) -> None:
    house.work_here()
    job = await house.submit(text)
    await (house.reading(job) if text == "hang" else house.ended(job))
    stored = [(path.name.removesuffix(".json"), sha256(path.read_bytes())) for path in house.stored()]

    receipt = await house.core.erase(job.job_id)

    assert receipt.images == ("image-0.png",)
    kinds_of = [file.kind for file in receipt.files]
    assert kinds_of == (["input"] if text == "hang" else ["input", "results", "tables"])
    assert [(file.name, file.sha256) for file in receipt.files] == stored
    assert receipt.files[0].bytes == len(text)
    assert house.stored() == []
    assert kinds(await stream(house.core.client, job.session_id)) == ["system"]
    with pytest.raises(NotFound):
        await house.core.store.get(job.job_id)
    assert [key for key in await house.core.client.keys("olmocr:*") if job.job_id in key] == []


async def test_erasing_frees_the_worker_and_its_scratch(house: JobHouse) -> None:
    house.work_here()
    job = await house.submit("hang")
    await house.reading(job)

    await house.core.erase(job.job_id)
    await house.ended(await house.submit("a|b"), seconds=20)

    scratch = house.settings.data_dir / "scratch"
    assert [path for path in scratch.rglob("*") if path.is_file() and path.name != ".lock"] == []


class ErasingWriter:
    """Writes files for a job that is erased in the same moment."""

    formats = ("xlsx",)

    def __init__(self, house: JobHouse, job: Job) -> None:
        self._house, self._job = house, job
        self._loop = asyncio.get_running_loop()

    cutouts = ()

    def plan(self, images: object, options: object) -> ErasingWriter:
        return self

    def files(self, cuttings: object) -> list[OutputFile]:
        asyncio.run_coroutine_threadsafe(self._house.core.erase(self._job.job_id), self._loop).result(30)
        return [OutputFile("late.xlsx", b"late", "application/octet-stream")]


async def test_a_workbook_that_comes_too_late_goes_as_well(house: JobHouse, core: Core) -> None:
    job = await house.submit("a|b")
    image = job.images[0]
    tables = ImageTables(image="i", image_id=image.image_id, engine="local", pages=1, warnings=[], tables=[])
    await core.files.put(tables_key(job.job_id, image.image_id), tables.model_dump_json().encode())
    outcome = Outcome(image.image_id, tables=1)
    await core.store.record(job.job_id, outcome, outcome_events(job, outcome))

    cuttings = JobCuttings(core.files, ChildImageCutter(DecodeLimits()), house.settings.data_dir)
    await FinishJob(core.store, core.files, ErasingWriter(house, job), cuttings)(job.job_id)

    assert house.stored() == []


async def test_what_a_dead_worker_wrote_after_the_erasure_goes_with_the_next_look(
    house: JobHouse, core: Core
) -> None:
    job = await house.submit("a|b")
    await core.erase(job.job_id)
    await core.files.put(tables_key(job.job_id, job.images[0].image_id), b"late")

    await ExpireJobs(
        core.store, core.files, core.cancel, core.journal, lambda: now() + timedelta(minutes=11)
    )()

    assert house.stored() == []
    with pytest.raises(NotFound):  # not Expired: it was erased on request
        await core.store.get(job.job_id)


async def test_jobs_expire_with_their_files(house: JobHouse, core: Core) -> None:
    house.work_here()
    job = await house.submit("a|b")
    await house.ended(job)
    later = now() + timedelta(hours=25)
    expire = ExpireJobs(
        RedisJobStore(core.client), core.files, core.cancel, core.journal, clock=lambda: later
    )

    assert await expire() == 1

    assert house.stored() == []
    with pytest.raises(Expired):
        await core.store.get(job.job_id)
    assert await stream(core.client, job.session_id) == []


async def test_a_job_that_expires_while_it_runs_is_told_as_over(house: JobHouse, core: Core) -> None:
    house.work_here()
    job = await house.submit("hang", "c|d")
    await house.reading(job)
    expire = ExpireJobs(
        core.store, core.files, core.cancel, core.journal, clock=lambda: now() + timedelta(hours=25)
    )

    assert await expire() == 1

    [last] = await stream(core.client, job.session_id)
    assert (last["type"], last["status"], last["error_code"]) == ("job_error", "failed", "job_expired")
    await house.ended(await house.submit("a|b"), seconds=20)  # the worker is free again
    assert await core.store.waiting_images() == 0
    assert [path for path in house.stored() if job.job_id in path.parts] == []
    with pytest.raises(Expired):
        await core.store.get(job.job_id)


class StubbornFiles(LocalFileStore):
    """Cannot erase one job's files at the moment."""

    stubborn = ""

    async def delete_prefix(self, prefix: str) -> list[tuple[str, int]]:
        if self.stubborn in prefix:
            raise Unavailable("Try again later.", retry_after=1)
        return await super().delete_prefix(prefix)


async def test_a_job_that_cannot_expire_yet_keeps_no_other(house: JobHouse, core: Core) -> None:
    first, second = await house.submit("a|b"), await house.submit("c|d")
    files = StubbornFiles(house.settings.data_dir / "files")
    files.stubborn = first.job_id
    expire = ExpireJobs(
        core.store, files, core.cancel, core.journal, clock=lambda: now() + timedelta(hours=25)
    )

    assert await expire() == 1
    assert {path.parts[-3] for path in house.stored()} == {first.job_id}
    files.stubborn = second.job_id
    assert await expire() == 1
    assert house.stored() == []


async def test_old_files_without_a_job_are_found(house: JobHouse, core: Core) -> None:
    job, stranger = await house.submit("a|b"), new_id()
    for hours in (6, 8):
        key = input_key(stranger + str(hours), new_id())
        await core.files.put(key, b"nobody's")
        path = house.settings.data_dir / "files" / key
        then = (now() - timedelta(hours=hours)).timestamp()
        os.utime(path, (then, then))
    [own] = [path for path in house.stored() if job.job_id in path.parts]
    os.utime(own, (0, 0))

    assert await EraseOrphans(core.store, core.files)() == 1

    assert [path.parts[-3] for path in house.stored()] == sorted([job.job_id, f"{stranger}6"])


async def test_erased_values_leave_the_append_only_file(house: JobHouse, core: Core) -> None:
    folder = await _data_folder(core)
    upload = Upload.of("zirkonium-kranich.png", b"a|b")
    job = await core.submit(new_id(), [upload], JobOptions())
    assert await _written(folder, b"zirkonium-kranich")

    await core.erase(job.job_id)
    await until(lambda: _unwritten(folder, b"zirkonium-kranich", core))

    assert not await core.journal.forget()  # there is nothing more to do


async def test_without_retention_nothing_but_numbers_stays(house: JobHouse, core: Core) -> None:
    house.work_here()
    upload = Upload.of("zirkonium-kranich.png", b"kiesel|basalt")
    job = await core.submit(new_id(), [upload], JobOptions(zero_retention=True))
    await house.ended(job)

    assert {path.parent.name for path in house.stored()} == {"tables", "results"}
    folder = await _data_folder(core)
    for word in (b"zirkonium", b"kiesel", b"basalt"):
        assert not await _written(folder, word)
    found = await core.store.get(job.job_id)
    await HandOver(core.files)(found, found.files[0])
    assert house.stored() == []
    assert (await core.store.get(job.job_id)).images[0].filename == "image-1"


async def test_without_retention_a_cancelled_job_keeps_nothing(house: JobHouse, core: Core) -> None:
    job = await house.submit("a|b", "c|d", options={"zero_retention": True})

    await core.cancel(job.job_id)

    assert house.stored() == []


async def _data_folder(core: Core) -> Path:
    answer = await core.client.config_get("dir")
    return Path(answer["dir"])


async def _written(folder: Path, marker: bytes) -> bool:
    return await asyncio.to_thread(_holds, folder, marker)


def _holds(folder: Path, marker: bytes) -> bool:
    """Whether any file below the folder holds it."""
    return any(marker in path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def _unwritten(folder: Path, marker: bytes, core: Core) -> bool:
    await core.journal.forget()
    return not await _written(folder, marker)
