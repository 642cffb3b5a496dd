"""One page in conversation with the model: failed tries are repeated more boldly, sideways pages turned."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from app.errors import EngineAnswerUnusable, EngineRefused, NoTableFound
from app.recognition.olmocr.bands import is_long, stitched
from app.recognition.olmocr.crops import is_small
from app.recognition.olmocr.page_image import turned_png
from app.recognition.olmocr.prompt import Prompt, Question
from app.recognition.olmocr.response import PageAnswer, PlacedTable, read_answer, refused
from app.recognition.olmocr.sampling import FINISHED, TEMPERATURES
from app.recognition.spending import Spending, spend
from app.services.olmocr_patience import PatientApi
from app.services.olmocr_stream import LOOPING, REFUSED, TOO_LONG
from app.services.olmocr_upright import UprightPage
from app.services.working_time import WorkingTime

_REFUSALS = 2
"""Whoever refuses twice means it."""
Bands = Callable[[], Awaitable[Sequence[Sequence[bytes]]]]
"""The bands of each table of the page; none where there is nothing to cut."""
log = structlog.get_logger()


_TOO_LONG = "wrote more than an answer can hold."
_STOPPED = {
    LOOPING: "The olmOCR model repeated itself without end.",
    TOO_LONG: "The olmOCR model wrote more than a page can hold.",
}


def given_up(why: str) -> EngineAnswerUnusable:
    """After the last try. ``why`` it failed: what the model did."""
    advice = "Send fewer rows in one image" if why == _TOO_LONG else "Send a larger or cleaner image"
    return EngineAnswerUnusable(
        f"The olmOCR model gave no usable answer in {len(TEMPERATURES)} tries; the last time it "
        f"{why.rstrip('.')}. {advice}, or use the local engine."
    )


class _CutOff(Exception):
    """The answer was too long."""


class PageReader:
    """Asks for a page until there is a usable answer."""

    def __init__(self, api: PatientApi, prompt: Prompt) -> None:
        self._api = api
        self._prompt = prompt

    async def read(
        self, page: UprightPage, on_answer: Callable[[], None], time: WorkingTime, bands: Bands | None = None
    ) -> tuple[PlacedTable, ...]:
        """The page's tables, none when it has none. ``on_answer`` is called when an answer begins; ``bands``
        where the print is small, or the answer will be too long, or was.

        EngineAnswerUnusable: no try gave one. EngineUnavailable: the API does not serve us.
        """
        if bands is not None and (is_long(page.survey) or is_small(page.survey)):
            try:
                if tables := await self._in_bands(await bands(), on_answer, time):
                    return tables
            except EngineAnswerUnusable as failure:
                log.info("olmocr did not read a crop", reason=failure.message)
            bands = None
        log.info("the page is shown whole")
        return await self._shown(page.png, on_answer, time, bands)

    async def _shown(
        self, png: bytes, on_answer: Callable[[], None], time: WorkingTime, bands: Bands | None = None
    ) -> tuple[PlacedTable, ...]:
        turns, refusals = [0], 0
        tries, why = iter(TEMPERATURES), ""
        temperature: float | None = next(tries)
        shown = png
        while temperature is not None:
            try:
                answer = await self._ask(Question(self._prompt, shown, temperature), on_answer, time)
                turn = (turns[-1] + answer.front_matter.turn) % 360
                if turn in turns:
                    return await asyncio.to_thread(answer.placed_tables)
                turns.append(turn)  # costs no try: the answer to a page that lay on its side was a good one
                shown = await asyncio.to_thread(turned_png, png, turn)
            except NoTableFound:
                return ()
            except _CutOff:
                log.info("olmocr answer too long", temperature=temperature)
                if bands is not None and (tables := await self._in_bands(await bands(), on_answer, time)):
                    return tables
                bands, temperature, why = None, next(tries, None), _TOO_LONG
            except EngineRefused:
                refusals += 1
                if refusals == _REFUSALS:
                    raise
                temperature = next(tries)
            except EngineAnswerUnusable as failure:
                log.info("olmocr try failed", temperature=temperature, reason=failure.message)
                temperature, why = next(tries, None), failure.message.removeprefix("The olmOCR model ")
        raise given_up(why)

    async def _in_bands(
        self, tables: Sequence[Sequence[bytes]], on_answer: Callable[[], None], time: WorkingTime
    ) -> tuple[PlacedTable, ...]:
        """Every table of a page, band by band; none where one of them shows none."""
        placed: list[PlacedTable] = []
        for bands in tables:
            answers = [await self._shown(band, on_answer, time) for band in bands]
            if not all(answers):
                log.info("olmocr saw no table in a crop")
                return ()
            if len(answers) == 1:
                placed += answers[0]
            else:
                placed.append(
                    (stitched([table for answer in answers for table, _ in answer]), answers[0][0][1])
                )
        spend(Spending(crops=sum(map(len, tables))))
        return tuple(placed)

    async def _ask(self, question: Question, on_answer: Callable[[], None], time: WorkingTime) -> PageAnswer:
        completion = await self._api.complete(question, on_answer, time)
        if completion.finish_reason == REFUSED:
            raise refused()
        if completion.finish_reason == "length":
            raise _CutOff
        if completion.finish_reason != FINISHED:
            raise EngineAnswerUnusable(
                _STOPPED.get(completion.finish_reason, "The olmOCR model did not finish.")
            )
        return read_answer(completion.text)
