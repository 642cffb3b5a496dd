"""Which engine reads, and what becomes of a failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import (
    EngineAnswerUnusable,
    EngineFailed,
    EngineUnavailable,
    ImageFailed,
    InvalidRequest,
    NoTableFound,
)
from app.recognition.choice import AutoEngine, check_engine, choose_engine, runs_remotely
from app.recognition.engine import EngineName, FoundTable, Recognition, Report, SourceImage
from tests.support.drawing import table

pytestmark = pytest.mark.anyio
IMAGE = SourceImage(Path("a.png"), "a.png")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class ReadingEngine:
    """Finds one table, and has a warning of its own."""

    def __init__(self, name: EngineName) -> None:
        self.name = name
        self.closed = False

    async def recognize(self, image: SourceImage, report: Report) -> Recognition:
        return Recognition((FoundTable(table("A | B"), 1),), 1, self.name, (f"{self.name} was here",))

    async def read(self, image: SourceImage, report: Report) -> Recognition:
        return await self.recognize(image, report)

    async def close(self) -> None:
        self.closed = True


class FailingEngine(ReadingEngine):
    """Raises what it is given."""

    def __init__(self, name: EngineName, failure: EngineFailed | ImageFailed) -> None:
        super().__init__(name)
        self._failure = failure
        self.calls = 0

    async def recognize(self, image: SourceImage, report: Report) -> Recognition:
        self.calls += 1
        raise self._failure


LOCAL = ReadingEngine(EngineName.LOCAL)
OLMOCR = ReadingEngine(EngineName.OLMOCR)
DOWN = EngineUnavailable("The olmOCR API cannot be reached. Try again later.")


async def _read(engine: AutoEngine) -> Recognition:
    return await engine.recognize(IMAGE, lambda _: None)


async def test_primary_engine_reads_when_there_is_one() -> None:
    assert (await _read(AutoEngine(OLMOCR, LOCAL))).engine is EngineName.OLMOCR
    assert (await _read(AutoEngine(None, LOCAL))).engine is EngineName.LOCAL


async def test_fall_back_is_marked() -> None:
    recognition = await _read(AutoEngine(FailingEngine(EngineName.OLMOCR, DOWN), LOCAL))

    assert recognition.engine is EngineName.LOCAL
    mark, own = recognition.warnings
    assert mark == "Read by the local engine, since olmocr failed: The olmOCR API cannot be reached."
    assert own == "local was here"


async def test_each_image_is_tried_again_with_the_primary_engine() -> None:
    failing = FailingEngine(EngineName.OLMOCR, EngineAnswerUnusable("gibberish"))
    auto = AutoEngine(failing, LOCAL)

    assert [(await _read(auto)).engine for _ in range(2)] == [EngineName.LOCAL] * 2
    assert failing.calls == 2


async def test_image_at_fault_is_not_read_again() -> None:
    with pytest.raises(NoTableFound):
        await _read(AutoEngine(FailingEngine(EngineName.OLMOCR, NoTableFound("none")), LOCAL))


async def test_both_fail() -> None:
    last = EngineFailed("the local one too")

    with pytest.raises(EngineFailed, match="the local one too"):
        await _read(AutoEngine(FailingEngine(EngineName.OLMOCR, DOWN), FailingEngine(EngineName.LOCAL, last)))


async def test_both_are_closed() -> None:
    first, second = ReadingEngine(EngineName.OLMOCR), ReadingEngine(EngineName.LOCAL)

    await AutoEngine(first, second).close()

    assert (first.closed, second.closed) == (True, True)


def test_olmocr_without_a_key_is_refused() -> None:
    with pytest.raises(InvalidRequest) as refusal:
        check_engine(EngineName.OLMOCR, olmocr_configured=False)
    assert refusal.value.code == "engine_not_configured"
    with pytest.raises(InvalidRequest):
        choose_engine(EngineName.OLMOCR, local=LOCAL, olmocr=None)
    with pytest.raises(InvalidRequest):
        choose_engine(EngineName.BOTH, local=LOCAL, olmocr=None)

    for name in EngineName:
        check_engine(name, olmocr_configured=True)


def test_engine_by_name() -> None:
    assert choose_engine(EngineName.LOCAL, local=LOCAL, olmocr=OLMOCR) is LOCAL
    assert choose_engine(EngineName.OLMOCR, local=LOCAL, olmocr=OLMOCR) is OLMOCR
    assert choose_engine(EngineName.AUTO, local=LOCAL, olmocr=None).name is EngineName.AUTO
    assert choose_engine(EngineName.BOTH, local=LOCAL, olmocr=OLMOCR).name is EngineName.BOTH


@pytest.mark.parametrize(
    ("name", "configured", "remote"),
    [
        ("auto", True, True),
        ("auto", False, False),
        ("olmocr", True, True),
        ("local", True, False),
        ("both", True, False),
    ],
)
def test_api_bound_work_is_told_from_core_bound(name: str, configured: bool, remote: bool) -> None:
    assert runs_remotely(EngineName(name), olmocr_configured=configured) is remote
