"""The engine `both`: what olmOCR answers, checked cell by cell against what the local engine read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from typing import Protocol

from app.errors import EngineFailed, NoTableFound
from app.recognition.engine import Engine, EngineName, Progress, Recognition, Report, SourceImage
from app.recognition.reconciling.page import reconcile_page
from app.recognition.reconciling.told import sentences


class WordReader(Protocol):
    """An engine that tells all that it read."""

    async def read(self, image: SourceImage, report: Report) -> Recognition:
        """With the words of every page; no tables where none were found. ImageFailed, EngineFailed."""
        ...


class ReconcilingEngine:
    """Asks both engines at the same time. Where one of them fails or finds nothing the other one's tables
    are the result, with a warning; NoTableFound where neither finds any.

    It closes neither: they belong to whoever built them.
    """

    name = EngineName.BOTH

    def __init__(self, olmocr: Engine, local: WordReader) -> None:
        self._olmocr = olmocr
        self._local = local

    async def recognize(self, image: SourceImage, report: Report) -> Recognition:
        slower = _Slower(report)
        answered, read = await asyncio.gather(
            self._olmocr.recognize(image, slower.listener()),
            self._local.read(image, slower.listener()),
            return_exceptions=True,
        )
        if isinstance(read, EngineFailed) and not isinstance(answered, BaseException):
            return _warned(answered, f"Not checked, since the local engine failed: {_reason(read)}.")
        if isinstance(read, BaseException):
            raise read
        if isinstance(answered, NoTableFound | EngineFailed) and read.tables:
            return _warned(replace(read, words=()), f"Read by the local engine alone: {_reason(answered)}.")
        if isinstance(answered, BaseException):
            raise answered
        return await asyncio.to_thread(reconciled, answered, read)

    async def close(self) -> None:
        pass


def reconciled(answered: Recognition, read: Recognition) -> Recognition:
    """The tables of the answer, page by page, checked and completed by what was read; boxes and words in
    pixels of the page. Takes seconds for pages of a thousand rows."""
    words = {page.page: page.words for page in read.words}
    said = {page: list(found) for page, found in groupby(answered.tables, lambda found: found.page)}
    local = {page: list(found) for page, found in groupby(read.tables, lambda found: found.page)}
    results = {
        page: reconcile_page(said.get(page, ()), local.get(page, ()), words.get(page, ()))
        for page in sorted({*said, *local})
    }
    told = [text for page, result in results.items() for text in sentences(page, result)]
    return replace(
        answered,
        tables=tuple(found for result in results.values() for found in (*result.tables, *result.lost)),
        engine=EngineName.BOTH,
        warnings=(*answered.warnings, *told),
    )


class _Slower:
    """Reports the progress of the slower one of two."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._latest: list[Progress | None] = []

    def listener(self) -> Callable[[Progress], None]:
        place = len(self._latest)
        self._latest.append(None)

        def listen(progress: Progress) -> None:
            self._latest[place] = progress
            known = [each for each in self._latest if each is not None]
            if len(known) == len(self._latest):
                self._report(min(known, key=lambda each: each.fraction))

        return listen


def _warned(recognition: Recognition, warning: str) -> Recognition:
    return replace(recognition, warnings=(warning, *recognition.warnings))


def _reason(failure: EngineFailed | NoTableFound) -> str:
    """What happened, without the advice."""
    return failure.message.partition(". ")[0].rstrip(".")
