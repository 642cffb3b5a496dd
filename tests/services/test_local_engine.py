"""The local engine's process: named errors come back, crashes and late ones are named, nothing is left."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from app.errors import EngineCrashed, EngineFailed, EngineUnavailable, NoTableFound
from app.recognition.engine import Progress, Recognition, SourceImage, Stage
from app.recognition.survey import Survey
from app.services.local_engine import LocalEngine
from tests.support.recognizers import HomelessRecognizer, ObedientRecognizer, StillbornRecognizer

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def _engine(timeout_s: float = 30.0) -> AsyncGenerator[LocalEngine]:
    engine = LocalEngine(ObedientRecognizer, timeout_s=timeout_s)
    try:
        yield engine
    finally:
        await engine.close()


@pytest.fixture
def image(tmp_path: Path) -> Callable[[str], SourceImage]:
    def write(text: str) -> SourceImage:
        path = tmp_path / f"{abs(hash(text))}.txt"
        path.write_text(text)
        return SourceImage(path, "image.txt")

    return write


def _children() -> set[int]:
    found = psutil.Process(os.getpid()).children()
    return {child.pid for child in found if "engine_child" in " ".join(child.cmdline())}


async def _until_hanging(engine: LocalEngine, source: SourceImage) -> asyncio.Task[Recognition]:
    begun = asyncio.Event()

    def report(progress: Progress) -> None:
        if progress.stage is Stage.WORDS:
            begun.set()

    task = asyncio.create_task(engine.recognize(source, report))
    await begun.wait()
    return task


async def test_reads_and_reports_stages(image: Callable[[str], SourceImage]) -> None:
    passed: list[Progress] = []
    async with _engine() as engine:
        found = await engine.recognize(image("a|b\nc|d"), passed.append)

    assert [[cell.text for cell in row] for row in found.tables[0].table.dense()] == [["a", "b"], ["c", "d"]]
    assert [progress.stage for progress in passed] == list(Stage)
    assert not _children()


async def test_failures_come_back_by_name_and_the_process_goes_on(
    image: Callable[[str], SourceImage],
) -> None:
    async with _engine() as engine:
        with pytest.raises(NoTableFound, match="holds no table"):
            await engine.recognize(image("refuse"), lambda _: None)
        before = _children()
        await engine.recognize(image("a|b"), lambda _: None)

        assert _children() == before


@pytest.mark.parametrize(("command", "error"), [("crash", EngineCrashed), ("bug", EngineFailed)])
async def test_a_dead_process_is_named_and_replaced(
    command: str, error: type[Exception], image: Callable[[str], SourceImage]
) -> None:
    async with _engine() as engine:
        with pytest.raises(error):
            await engine.recognize(image(command), lambda _: None)

        assert (await engine.recognize(image("a|b"), lambda _: None)).pages == 1


async def test_a_late_image_is_given_up(image: Callable[[str], SourceImage]) -> None:
    async with _engine(timeout_s=0.2) as engine:
        with pytest.raises(EngineUnavailable) as late:
            await engine.recognize(image("hang"), lambda _: None)

        assert late.value.code == "engine_timeout"
        assert not _children()
        assert (await engine.recognize(image("a|b"), lambda _: None)).pages == 1


async def test_cancelling_ends_the_work_within_a_second(image: Callable[[str], SourceImage]) -> None:
    async with _engine() as engine:
        task = await _until_hanging(engine, image("hang"))
        task.cancel()
        async with asyncio.timeout(1):
            await asyncio.wait([task])

        assert task.cancelled()
        assert not _children()


async def test_images_wait_their_turn(image: Callable[[str], SourceImage]) -> None:
    async with _engine() as engine:
        both = await asyncio.gather(*(engine.recognize(image(text), lambda _: None) for text in ("a", "b")))

    assert [found.tables[0].table.cells[0].text for found in both] == ["a", "b"]


async def test_a_survey_is_told_between_readings(image: Callable[[str], SourceImage]) -> None:
    async with _engine() as engine:
        _, survey = await asyncio.gather(
            engine.recognize(image("a|b"), lambda _: None), engine.survey(image("abc"))
        )

        assert survey == Survey(characters=3)
        with pytest.raises(NoTableFound, match="holds no table"):
            await engine.survey(image("refuse"))
        with pytest.raises(EngineCrashed):
            await engine.survey(image("crash"))


async def test_an_engine_that_cannot_start_says_so(image: Callable[[str], SourceImage]) -> None:
    engine = LocalEngine(HomelessRecognizer)

    with pytest.raises(EngineUnavailable, match="could not be started"):
        await engine.recognize(image("a|b"), lambda _: None)
    assert not _children()


async def test_an_engine_that_dies_while_it_starts_has_crashed(image: Callable[[str], SourceImage]) -> None:
    engine = LocalEngine(StillbornRecognizer)

    with pytest.raises(EngineCrashed):
        await engine.recognize(image("a|b"), lambda _: None)


async def test_what_libraries_print_stays_off_stdout(
    image: Callable[[str], SourceImage], capfd: pytest.CaptureFixture[str]
) -> None:
    async with _engine() as engine:
        await engine.recognize(image("print"), lambda _: None)

    captured = capfd.readouterr()
    assert captured.out == ""
    assert "a library that talks" in captured.err
