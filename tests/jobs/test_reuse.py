"""An image is read once for its owner: across jobs and sessions of a key, never across owners."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.jobs.job import Job, new_id
from app.recognition.engine import EngineName
from app.settings import Settings
from app.wiring.revisions import revisions
from tests.support.job_house import JobHouse

pytestmark = pytest.mark.anyio


async def _converted(house: JobHouse, *texts: str, **more: Any) -> tuple[Job, list[bool]]:
    """The finished job, and of each image whether its tables were taken over."""
    job = await house.submit(*texts, **more)
    await house.ended(job)
    found = await house.core.store.get(job.job_id)
    return found, [found.outcomes[image.image_id].reused for image in found.images]


async def test_the_same_image_of_a_session_is_read_once(house: JobHouse) -> None:
    house.work_here()
    session = new_id()
    first, read = await _converted(house, "a|b", session_id=session)
    assert read == [False]

    again, reused = await _converted(house, "a|b", "c|d", session_id=session)

    assert reused == [True, False]
    tables = [
        await house.core.files.get(f"jobs/{each.job_id}/tables/{each.images[0].image_id}.json")
        for each in (first, again)
    ]
    assert tables[0] == tables[1].replace(
        again.images[0].image_id.encode(), first.images[0].image_id.encode()
    )
    told = next(event for event in await house.ended(again) if event.get("reused"))
    assert (told["job_id"], told["success"], len(told["tables"])) == (again.job_id, True, 1)


async def test_others_learn_nothing_of_it(house: JobHouse) -> None:
    house.work_here()
    await _converted(house, "a|b", key="key-1")

    assert (await _converted(house, "a|b"))[1] == [False]
    assert (await _converted(house, "a|b", key="key-2"))[1] == [False]
    assert (await _converted(house, "a|b", key="key-1"))[1] == [True], "another session of the same key"


async def test_other_options_read_it_anew(house: JobHouse) -> None:
    house.work_here()
    session = new_id()
    await _converted(house, "a|b", session_id=session)

    for options in ({"reuse": False}, {"join_continued": False}, {"zero_retention": True}):
        assert (await _converted(house, "a|b", session_id=session, options=options))[1] == [False]


async def test_what_is_erased_is_not_found_any_more(house: JobHouse) -> None:
    house.work_here()
    session = new_id()
    first, _ = await _converted(house, "a|b", session_id=session)

    await house.core.erase(first.job_id)

    assert await house.core.client.keys("olmocr:recognized:*") == []
    assert (await _converted(house, "a|b", session_id=session))[1] == [False]


async def test_it_can_be_switched_off(house: JobHouse) -> None:
    house.settings = house.settings.model_copy(update={"reuse_recognition": False})
    house.work_here()
    session = new_id()

    for _ in range(2):
        assert (await _converted(house, "a|b", session_id=session))[1] == [False]


def test_another_version_or_setup_reads_anew(tmp_path: Path) -> None:
    def of(**settings: Any) -> str:
        return revisions(Settings(_env_file=None, **settings))[EngineName.LOCAL]

    prompt = tmp_path / "prompt.txt"
    prompt.write_text("one")
    with_prompt = of(olmocr_prompt_file=prompt, olmocr_api_key="k")
    prompt.write_text("two")

    assert of() == of()
    assert len({of(), of(max_pages=7), of(olmocr_api_key="k"), with_prompt}) == 4
    assert of(olmocr_prompt_file=prompt, olmocr_api_key="k") != with_prompt
