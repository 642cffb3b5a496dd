"""The engine `both`: what olmOCR answers, checked cell by cell against what the local engine read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Protocol

from app.errors import EngineFailed, NoTableFound
from app.recognition.engine import (
    Engine,
    EngineName,
    FoundTable,
    PageReading,
    Progress,
    Recognition,
    Report,
    SourceImage,
    Stage,
)
from app.recognition.reconciling.page import PageResult, reconcile_page
from app.recognition.reconciling.told import sentences
from app.recognition.reconciling.upright import as_it_lay, upright


class WordReader(Protocol):
    """An engine that tells all that it read."""

    async def read(self, image: SourceImage, report: Report) -> Recognition:
        """With the words of every page; no tables where none were found. ImageFailed, EngineFailed."""
        ...


class Answerer(Engine, Protocol):
    """An engine that makes use of what another one has read of the image."""

    async def recognize(
        self, image: SourceImage, report: Report, read: Recognition | None = None
    ) -> Recognition: ...


class ReconcilingEngine:
    """Asks the local engine first: it tells the other one how the pages lie and where long tables can be
    cut. Where one of them fails or finds nothing the other one's tables are the result, with a warning;
    NoTableFound where neither finds any.

    It closes neither: they belong to whoever built them.
    """

    name = EngineName.BOTH

    def __init__(self, olmocr: Answerer, local: WordReader) -> None:
        self._olmocr = olmocr
        self._local = local

    async def recognize(self, image: SourceImage, report: Report) -> Recognition:
        together = _Together(report)
        first, second = together.listener(), together.listener()
        try:
            read = await self._local.read(image, first)
        except EngineFailed as failure:
            answered = await self._olmocr.recognize(image, second)
            return _warned(answered, f"Not checked, since the local engine failed: {_reason(failure)}.")
        try:
            answered = await self._olmocr.recognize(image, second, read)
        except (NoTableFound, EngineFailed) as failure:
            if not read.tables:
                raise
            why = _reason(failure) if isinstance(failure, EngineFailed) else "olmOCR saw no table"
            return _warned(replace(read, words=()), f"Read by the local engine alone: {why}.")
        return await asyncio.to_thread(reconciled, answered, read)

    async def close(self) -> None:
        pass


def reconciled(answered: Recognition, read: Recognition) -> Recognition:
    """The tables of the answer, page by page, checked and completed by what was read; boxes and words in
    pixels of the page. Takes seconds for pages of a thousand rows."""
    said = {page: list(found) for page, found in groupby(answered.tables, lambda found: found.page)}
    pages = sorted({*said, *(found.page for found in read.tables)})
    results = {page: _of_page(said.get(page, ()), read.of_page(page)) for page in pages}
    told = [text for page, result in results.items() for text in sentences(page, result)]
    return replace(
        answered,
        tables=tuple(found for result in results.values() for found in (*result.tables, *result.lost)),
        engine=EngineName.BOTH,
        warnings=(*answered.warnings, *told),
    )


def _of_page(said: Sequence[FoundTable], read: PageReading | None) -> PageResult:
    if read is None:
        return reconcile_page(said, (), ())
    result = reconcile_page(said, *upright(read))
    return replace(
        result, tables=tuple(as_it_lay(result.tables, read)), lost=tuple(as_it_lay(result.lost, read))
    )


class _Together:
    """Reports how far two engines are on the whole."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._fractions: list[float] = []

    def listener(self) -> Report:
        place = len(self._fractions)
        self._fractions.append(0.0)

        def listen(progress: Progress) -> None:
            self._fractions[place] = progress.fraction
            done = sum(self._fractions) / len(self._fractions) * progress.pages
            stages = list(Stage)
            page = min(int(done), progress.pages - 1)
            self._report(Progress(stages[int((done - page) * len(stages))], page + 1, progress.pages))

        return listen


def _warned(recognition: Recognition, warning: str) -> Recognition:
    return replace(recognition, warnings=(warning, *recognition.warnings))


def _reason(failure: EngineFailed) -> str:
    """What happened, without the advice."""
    return failure.message.partition(". ")[0].rstrip(".")
