"""The olmOCR engine against a real server that speaks, and breaks, the chat completions API."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from structlog.testing import capture_logs

from app.errors import EngineAnswerUnusable, EngineUnavailable, NoTableFound
from app.recognition.continuation.join import join_continued
from app.recognition.engine import DecodeLimits, EngineName, Progress, Recognition, SourceImage, Stage
from app.recognition.olmocr.page_image import page_png
from app.recognition.spending import Spending, metered
from app.recognition.survey import Survey
from app.services.olmocr import OlmOcrEngine
from app.services.olmocr_cost import Prices
from app.services.olmocr_messages import RenderedPage
from app.services.olmocr_options import OlmOcrOptions
from app.services.olmocr_provider import Shares
from app.services.olmocr_render import ChildRenderer
from app.services.olmocr_upright import UprightPage
from tests.support.chat_server import (
    KEY,
    MODEL,
    ChatServer,
    Reply,
    answer,
    chat_server,
    cut,
    endless,
    garbage,
    hanging,
    refused,
    refusing,
    unfinished,
)
from tests.support.drawing import table

pytestmark = pytest.mark.anyio

HEAD = "---\nprimary_language: en\nis_rotation_valid: {}\nrotation_correction: {}\nis_table: {}\n---\n"
GOOD = (
    HEAD.format(True, 0, True) + "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>"
)
TABLE = table("A | B", "1 | 2", header_rows=1)


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        running.script(answer(GOOD))
        yield running


@pytest.fixture
def options(server: ChatServer) -> OlmOcrOptions:
    return OlmOcrOptions(KEY, server.url, MODEL, prompt="Read this.", backoff_s=0.01)


@pytest.fixture
async def engine(options: OlmOcrOptions) -> AsyncIterator[OlmOcrEngine]:
    built = OlmOcrEngine(options, _one_page)
    yield built
    await built.close()


async def _one_page(image: SourceImage) -> AsyncGenerator[RenderedPage]:
    """Renders an image that is known to be harmless without a process of its own."""
    pixels = np.asarray(Image.open(image.path).convert("RGB"))
    yield RenderedPage(1, 1, page_png(pixels))


@pytest.fixture
def image(tmp_path: Path) -> SourceImage:
    """300 × 200, a black mark in the top left corner."""
    drawing = Image.new("RGB", (300, 200), "white")
    ImageDraw.Draw(drawing).rectangle((0, 0, 60, 40), "black")
    return _saved(tmp_path, drawing)


def _saved(folder: Path, drawing: Image.Image, *more: Image.Image) -> SourceImage:
    path = folder / "image"
    drawing.save(path, format="TIFF" if more else "PNG", save_all=bool(more), append_images=more)
    return SourceImage(path, "image.png")


async def _read(options: OlmOcrOptions, image: SourceImage) -> Recognition:
    engine = OlmOcrEngine(options, _one_page)
    try:
        return await engine.recognize(image, lambda _: None)
    finally:
        await engine.close()


async def test_request_is_what_the_model_was_trained_on(
    server: ChatServer, options: OlmOcrOptions, image: SourceImage
) -> None:
    stages: list[Progress] = []
    engine = OlmOcrEngine(options, ChildRenderer(DecodeLimits()))

    recognition = await engine.recognize(image, stages.append)
    await engine.close()

    (request,) = server.requests
    assert [part["type"] for part in request.parts] == ["text", "image_url"]
    assert request.parts[0]["text"] == "Read this."
    assert request.image.size == (1288, 859)
    assert request.body["max_tokens"] == 8000
    assert request.body["temperature"] == 0.1
    assert request.body["model"] == MODEL
    assert request.authorization == f"Bearer {KEY}"
    assert [found.table for found in recognition.tables] == [TABLE]
    assert (recognition.engine, recognition.pages, recognition.warnings) == (EngineName.OLMOCR, 1, ())
    assert [step.stage for step in stages] == [Stage.DECODE, Stage.PREPARE, Stage.WORDS, Stage.TABLES]


async def test_failed_tries_are_repeated_at_rising_temperature(
    server: ChatServer, engine: OlmOcrEngine, image: SourceImage
) -> None:
    server.script(unfinished(GOOD), answer(""), answer("no head, no table"), answer(GOOD))

    recognition = await engine.recognize(image, lambda _: None)

    assert recognition.tables[0].table == TABLE
    assert [request.body["temperature"] for request in server.requests] == [0.1, 0.1, 0.2, 0.3]


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize(
    "refusal",
    [
        refusing(),
        Reply("", finish_reason="content_filter"),
        answer("I'm sorry, but I can't assist with that."),
    ],
    ids=["field", "filter", "text"],
)
async def test_refusal_is_taken_at_its_second_word(
    server: ChatServer, engine: OlmOcrEngine, image: SourceImage, refusal: Reply, streams: bool
) -> None:
    refusal = replace(refusal, streams=streams)
    server.script(refusal, answer(GOOD), refusal)

    assert (await engine.recognize(image, lambda _: None)).tables[0].table == TABLE
    with pytest.raises(EngineAnswerUnusable, match="refuses to read"):
        await engine.recognize(image, lambda _: None)

    assert len(server.requests) == 4


async def test_page_fails_after_eight_tries(
    server: ChatServer, engine: OlmOcrEngine, image: SourceImage
) -> None:
    server.script(unfinished(GOOD))

    with pytest.raises(EngineAnswerUnusable, match=r"8 tries; .* than an answer can hold.* Send fewer rows"):
        await engine.recognize(image, lambda _: None)

    temperatures = [request.body["temperature"] for request in server.requests]
    assert temperatures == [0.1, 0.1, 0.2, 0.3, 0.5, 0.8, 0.9, 1.0]


async def test_loop_is_stopped_while_it_streams(
    server: ChatServer, engine: OlmOcrEngine, image: SourceImage
) -> None:
    server.script(endless("<tr><td>0</td><td>0</td></tr>\n"), answer(GOOD))

    recognition = await engine.recognize(image, lambda _: None)

    assert recognition.tables[0].table == TABLE
    assert await asyncio.to_thread(server.hung_up.wait, 10)


@pytest.mark.parametrize(
    "fault",
    [
        refused(429),
        refused(500),
        refused(503, retry_after="0"),
        cut(GOOD[:150]),
        cut(),
        garbage(),
        garbage("text/event-stream"),
        Reply(raw=b"data: {{{\n\n", content_type="text/event-stream"),
        Reply(raw=b'data: {"error": {"message": "overloaded"}}\n\n', content_type="text/event-stream"),
        Reply(raw=b'data: [1, 2]\n\ndata: {"choices": "no"}\n\n', content_type="text/event-stream"),
        Reply(raw=b"\xff\xfe[]", content_type="application/json"),
    ],
    ids=lambda fault: f"{fault.status}-{fault.then}-{(fault.raw or b'')[:20]!r}",
)
async def test_transport_faults_use_up_no_try(
    server: ChatServer, engine: OlmOcrEngine, image: SourceImage, fault: Reply
) -> None:
    server.script(fault, fault, answer(GOOD))

    recognition = await engine.recognize(image, lambda _: None)

    assert recognition.tables[0].table == TABLE
    assert [request.body["temperature"] for request in server.requests] == [0.1, 0.1, 0.1]


async def test_retry_after_is_honoured(server: ChatServer, engine: OlmOcrEngine, image: SourceImage) -> None:
    server.script(refused(429, retry_after="1"), answer(GOOD))
    started = time.monotonic()

    await engine.recognize(image, lambda _: None)

    assert time.monotonic() - started >= 1.0


@pytest.mark.parametrize(
    ("fault", "code", "requests"),
    [
        (refused(429, retry_after="3600"), "engine_unavailable", 1),
        (refused(500), "engine_unavailable", 6),
        (cut(), "engine_unavailable", 6),
        (garbage(), "engine_unavailable", 6),
        (refused(401), "engine_rejected_key", 1),
        (refused(403), "engine_rejected_key", 1),
        (refused(402), "engine_quota", 1),
        (refused(429, code="insufficient_quota"), "engine_quota", 1),
        (refused(404, "The model does not exist"), "engine_model_unknown", 1),
        (refused(400, "images are not supported"), "engine_refused", 1),
    ],
    ids=lambda value: f"{value.status}" if isinstance(value, Reply) else str(value),
)
async def test_refusals_are_named(
    server: ChatServer, engine: OlmOcrEngine, image: SourceImage, fault: Reply, code: str, requests: int
) -> None:
    server.script(fault)

    with pytest.raises(EngineUnavailable) as failure:
        await engine.recognize(image, lambda _: None)

    assert failure.value.code == code
    assert failure.value.message.endswith(".")
    assert ("cannot be reached" in failure.value.message) == (fault.then == "cut"), "else it was"
    assert len(server.requests) == requests


async def test_wrong_key_and_wrong_model_are_said_in_one_sentence(
    options: OlmOcrOptions, image: SourceImage
) -> None:
    with pytest.raises(EngineUnavailable, match="rejected the key"):
        await _read(replace(options, api_key="sk-wrong"), image)
    with pytest.raises(EngineUnavailable, match="does not know the model 'gpt-0'"):
        await _read(replace(options, model="gpt-0"), image)


async def test_nobody_listens(options: OlmOcrOptions, image: SourceImage) -> None:
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        await _read(replace(options, base_url="http://127.0.0.1:9/v1"), image)


async def test_key_stands_in_no_error_and_no_log(
    options: OlmOcrOptions, image: SourceImage, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = "sk-wrong-but-secret"
    with pytest.raises(EngineUnavailable) as failure:
        await _read(replace(options, api_key=wrong), image)

    said: list[str] = [repr(options), *capfd.readouterr()]
    error: BaseException | None = failure.value
    while error is not None:
        said += [str(error), repr(error)]
        error = error.__cause__
    assert "Incorrect API key provided: ***" in said[-1], "what the API said is kept for the log"
    assert not [text for text in said if wrong in text or KEY in text]


@pytest.mark.parametrize("fault", [hanging(), hanging(GOOD[:60])], ids=["before", "amid"])
async def test_silent_api_is_given_up(
    server: ChatServer, options: OlmOcrOptions, image: SourceImage, fault: Reply
) -> None:
    server.script(fault)

    with pytest.raises(EngineUnavailable, match="in time") as failure:
        await _read(replace(options, first_token_s=0.4, answer_s=0.6), image)

    assert failure.value.code == "engine_timeout"
    assert len(server.requests) == 2


async def test_image_has_a_deadline(server: ChatServer, options: OlmOcrOptions, image: SourceImage) -> None:
    server.script(hanging())

    with pytest.raises(EngineUnavailable, match="within 2 s") as failure:
        await _read(replace(options, image_s=2.0), image)

    assert failure.value.code == "engine_timeout"


async def test_cancelled_at_once(server: ChatServer, engine: OlmOcrEngine, image: SourceImage) -> None:
    server.script(hanging(GOOD[:60]))
    arrived = asyncio.Event()
    work = asyncio.create_task(
        engine.recognize(image, lambda step: arrived.set() if step.stage is Stage.TABLES else None)
    )
    await asyncio.wait_for(arrived.wait(), 20)
    started = time.monotonic()

    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work

    assert time.monotonic() - started < 1.0


async def test_sideways_page_is_turned_counter_clockwise(
    server: ChatServer, engine: OlmOcrEngine, image: SourceImage
) -> None:
    server.script(answer(HEAD.format(False, 90, True) + "gibberish"), answer(GOOD))

    recognition = await engine.recognize(image, lambda _: None)

    first, second = (request.image.convert("L") for request in server.requests)
    assert first.getpixel((20, 20)) == 0
    assert second.size == (859, 1288)
    assert second.getpixel((20, 1268)) == 0, "top left goes to bottom left"
    assert [request.body["temperature"] for request in server.requests] == [0.1, 0.1]
    assert recognition.tables[0].table == TABLE


async def test_model_that_always_wants_to_turn_is_stopped(
    server: ChatServer, engine: OlmOcrEngine, image: SourceImage
) -> None:
    server.script(
        answer(GOOD.replace("valid: True", "valid: False").replace("correction: 0", "correction: 90"))
    )

    recognition = await engine.recognize(image, lambda _: None)

    assert len(server.requests) == 4
    assert recognition.tables[0].table == TABLE


async def test_api_that_does_not_stream(server: ChatServer, engine: OlmOcrEngine, image: SourceImage) -> None:
    server.script(Reply(GOOD, streams=False))

    assert (await engine.recognize(image, lambda _: None)).tables[0].table == TABLE


async def test_pages_are_read_few_at_a_time_and_kept_in_order(
    server: ChatServer, options: OlmOcrOptions, tmp_path: Path
) -> None:
    pages = [Image.new("RGB", (40, 40 + 10 * number), "white") for number in range(5)]
    document = _saved(tmp_path, *pages)
    steps: list[Progress] = []
    engine = OlmOcrEngine(replace(options, shares=Shares(2)), ChildRenderer(DecodeLimits()))

    recognition = await engine.recognize(document, steps.append)
    await engine.close()

    assert [found.page for found in recognition.tables] == [1, 2, 3, 4, 5]
    assert server.most_at_once <= 2
    fractions = [step.fraction for step in steps]
    assert fractions == sorted(fractions)
    assert {step.pages for step in steps[1:]} == {5}


async def test_unreadable_page_does_not_cost_the_others(
    server: ChatServer, options: OlmOcrOptions, tmp_path: Path
) -> None:
    pages = [Image.new("RGB", (40, 40), "white") for _ in range(2)]
    server.script(*[unfinished("x")] * 8, answer(GOOD))

    engine = OlmOcrEngine(replace(options, shares=Shares(1)), ChildRenderer(DecodeLimits()))

    recognition = await engine.recognize(_saved(tmp_path, *pages), lambda _: None)
    await engine.close()

    assert [found.page for found in recognition.tables] == [2]
    assert "Page 1 could not be read" in recognition.warnings[0]


PRICES = Prices(prompt=0.10, completion=0.20)


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize("prices", [Prices(), PRICES])
async def test_what_was_spent_is_told(
    server: ChatServer, options: OlmOcrOptions, image: SourceImage, streams: bool, prices: Prices
) -> None:
    server.script(unfinished("x"), refused(503), Reply(GOOD, streams=streams, usage=(1600, 200)))

    with metered() as meter:
        await _read(replace(options, prices=prices), image)

    price = None if prices is not PRICES else pytest.approx((3100 * 0.10 + 500 * 0.20) / 1e6)
    assert meter.total == Spending(2, 3100, 500, price, prompt="file")


@pytest.mark.parametrize("fault", ["untold", "unknown option", "stopped"])
async def test_what_the_api_does_not_tell_is_estimated(
    server: ChatServer, options: OlmOcrOptions, image: SourceImage, fault: str
) -> None:
    server.knows_stream_options = fault != "unknown option"
    server.script(Reply(GOOD, usage=None))
    if fault == "stopped":
        server.script(endless("<tr><td>0</td></tr>\n"), answer(GOOD))

    with metered() as meter:
        await _read(options, image)

    assert meter.total is not None
    assert meter.total.estimated
    assert meter.total.prompt_tokens >= 46 * 31, "28 × 28 pixels a token"
    assert 30 < meter.total.completion_tokens < 3000


async def test_a_provider_that_does_not_serve_us_is_not_asked_again_and_again(
    server: ChatServer, engine: OlmOcrEngine, image: SourceImage
) -> None:
    server.script(refused(401))
    for _ in range(3):
        with pytest.raises(EngineUnavailable, match="rejected the key") as failure:
            await engine.recognize(image, lambda _: None)
        assert failure.value.code == "engine_rejected_key"

    assert len(server.requests) == 1


async def test_image_that_the_api_refuses_keeps_nobody_else_away(
    server: ChatServer, engine: OlmOcrEngine, image: SourceImage
) -> None:
    server.script(refused(400, "cannot decode the image"), answer(GOOD))
    with pytest.raises(EngineUnavailable):
        await engine.recognize(image, lambda _: None)

    assert (await engine.recognize(image, lambda _: None)).tables


async def test_wait_for_a_turn_takes_no_time_of_an_image(
    server: ChatServer, options: OlmOcrOptions, image: SourceImage
) -> None:
    server.script(Reply(GOOD, wait_s=1.0))
    engine = OlmOcrEngine(replace(options, shares=Shares(1), image_s=3.0), _one_page)

    read = await asyncio.gather(*(engine.recognize(image, lambda _: None) for _ in range(5)))
    await engine.close()

    assert len(read) == 5


@pytest.mark.parametrize(("between", "tables"), [("", 1), ("Another matter altogether.\n\n", 2)])
async def test_table_of_the_next_page_may_go_on(
    server: ChatServer, options: OlmOcrOptions, tmp_path: Path, between: str, tables: int
) -> None:
    row = "<tr><td>Linz</td><td>1,204</td></tr>"
    first = GOOD.replace("</table>", row + "</table>")
    second = GOOD.replace("<td>1</td><td>2</td>", "<td>Graz</td><td>88</td>").replace(
        "<table>", between + "<table>"
    )
    pages = [Image.new("RGB", (40, 40), "white") for _ in range(2)]
    server.script(answer(first), answer(second))
    engine = OlmOcrEngine(replace(options, shares=Shares(1)), ChildRenderer(DecodeLimits()))
    recognition = join_continued(await engine.recognize(_saved(tmp_path, *pages), lambda _: None))
    assert len(recognition.tables) == tables
    assert recognition.tables[0].table.rows == (4 if tables == 1 else 3)
    await engine.close()


BAND = GOOD.replace("<td>1</td><td>2</td>", "<td>3</td><td>4</td>")


async def test_answer_that_breaks_off_is_asked_for_in_bands(
    server: ChatServer, options: OlmOcrOptions, image: SourceImage
) -> None:
    parts = [page_png(np.full((20, 40 + width, 3), 255, np.uint8)) for width in (0, 40)]

    async def cut(*_: object) -> list[list[bytes]]:
        return [parts]

    server.script(unfinished(GOOD), answer(GOOD), unfinished("x"), answer(BAND))
    engine = OlmOcrEngine(options, _one_page, cut=cut)

    recognition = await engine.recognize(image, lambda _: None)
    await engine.close()

    assert [found.table for found in recognition.tables] == [table("A | B", "1 | 2", "3 | 4", header_rows=1)]
    assert [request.image.size for request in server.requests[1:]] == [(1288, 644), (1288, 322), (1288, 322)]


async def test_page_whose_answer_would_be_too_long_is_asked_for_in_bands_at_once(
    server: ChatServer, options: OlmOcrOptions, image: SourceImage
) -> None:
    parts = [page_png(np.full((20, 40 + width, 3), 255, np.uint8)) for width in (0, 40)]

    async def long(image: SourceImage, page: RenderedPage, known: Survey | None) -> UprightPage:
        return UprightPage(page.png, Survey(runs=400, characters=3000))

    async def cut(*_: object) -> list[list[bytes]]:
        return [parts]

    server.script(answer(GOOD), answer(BAND))
    engine = OlmOcrEngine(options, _one_page, straighten=long, cut=cut)

    recognition = await engine.recognize(image, lambda _: None)
    await engine.close()

    assert [found.table for found in recognition.tables] == [table("A | B", "1 | 2", "3 | 4", header_rows=1)]
    assert [request.image.size for request in server.requests] == [(1288, 644), (1288, 322)]


async def test_page_with_nothing_to_cut_is_tried_on(
    server: ChatServer, options: OlmOcrOptions, image: SourceImage
) -> None:
    async def cut(*_: object) -> list[list[bytes]]:
        return []

    server.script(unfinished(GOOD), unfinished(GOOD), answer(GOOD))
    engine = OlmOcrEngine(options, _one_page, cut=cut)

    recognition = await engine.recognize(image, lambda _: None)
    await engine.close()

    assert recognition.tables[0].table == TABLE
    assert len(server.requests) == 3


async def test_page_without_table(server: ChatServer, engine: OlmOcrEngine, image: SourceImage) -> None:
    server.script(answer(HEAD.format(True, 0, False) + "Dear Sir, there is no table here."))

    with pytest.raises(NoTableFound):
        await engine.recognize(image, lambda _: None)

    assert len(server.requests) == 1


async def test_log_says_at_start_whether_the_api_serves_us(options: OlmOcrOptions) -> None:
    nowhere = "http://127.0.0.1:9/v1"
    secret = "http://me:hidden@127.0.0.1:9/v1?key=hidden"
    elsewhere = options.base_url.removesuffix("/v1")
    changes = (
        {},
        {"model": "other"},
        {"api_key": "sk-wrong"},
        {"base_url": nowhere},
        {"base_url": elsewhere},
        {"base_url": secret},
    )
    with capture_logs() as logs:
        for change in changes:
            engine = OlmOcrEngine(replace(options, **change), _one_page)
            await engine.announce()
            await engine.close()

    assert [line["log_level"] for line in logs] == ["info", *["warning"] * 5]
    assert {line["prompt"] for line in logs} == {"the prompt of OLMOCR_PROMPT_FILE"}
    ready, other, wrong, unreachable, unlisted, hidden = (line["event"] for line in logs)
    assert f"{options.base_url} is ready with the model {MODEL}" in ready
    assert f"does not list the model other; it lists {MODEL}. Check OLMOCR_MODEL" in other
    assert "rejected the key" in wrong
    assert f"{nowhere} is not usable: The olmOCR API cannot be reached" in unreachable
    assert "Check OLMOCR_BASE_URL, and whether a server runs there." in unreachable
    assert hidden == unreachable
    assert "Check OLMOCR_BASE_URL; most end in /v1" in unlisted
    assert KEY not in ready + other + wrong + unreachable + unlisted


async def test_failure_is_in_the_log_though_another_engine_may_step_in(
    server: ChatServer, options: OlmOcrOptions, image: SourceImage
) -> None:
    server.script(refused(401, f"no such key: {KEY}"))
    engine = OlmOcrEngine(options, _one_page)

    with capture_logs() as logs, pytest.raises(EngineUnavailable):
        await engine.recognize(image, lambda _: None)
    await engine.close()

    (warning,) = [line for line in logs if line["log_level"] == "warning"]
    assert warning["code"] == "engine_rejected_key"
    assert "OLMOCR_API_KEY" in warning["reason"]
    assert KEY not in str(warning)
