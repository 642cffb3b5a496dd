"""Use case: convert images from a folder into files in a folder, without a server or a store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.errors import EngineFailed, ImageFailed, OlmOCRError, UnreadableImage, WorkbookTooLarge
from app.jobs.cuttings import by_image
from app.jobs.job import JobOptions, Strategy
from app.jobs.output_ports import Cutting, ImageCutter, OutputFile, OutputWriter
from app.jobs.tables import as_asked, image_tables
from app.models.tables import ImageTables
from app.recognition.engine import Engine, Progress, SourceImage
from app.workbook.plan import Cutout


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of one source image."""

    source: Path
    files: tuple[Path, ...] = ()
    """Written for this image alone; empty under strategies that put several images into one file."""
    warnings: tuple[str, ...] = ()
    failure: OlmOCRError | None = None


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who is told while images are converted; both are called in the event loop and must be cheap."""

    progressed: Callable[[Path, Progress], None]
    finished: Callable[[Converted], None]


@dataclass(frozen=True, slots=True)
class ConvertImages:
    """Converts images side by side, one at a time on each engine. One bad image does not stop the rest."""

    engines: Sequence[Engine]
    outputs: OutputWriter
    cutter: ImageCutter
    options: JobOptions

    async def __call__(self, sources: Sequence[Path], folder: Path, watcher: Watcher) -> list[Converted]:
        """The outcome of each source, in their order. OSError where ``folder`` cannot be written."""
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        stems = dict(zip(sources, _unique_stems(sources), strict=True))
        read: dict[Path, ImageTables] = {}
        done: dict[Path, Converted] = {}
        waiting = iter(stems)

        async def work(engine: Engine) -> None:
            for source in waiting:
                done[source] = await self._convert(engine, source, folder / stems[source], read, watcher)
                watcher.finished(done[source])

        async with asyncio.TaskGroup() as group:
            for engine in self.engines:
                group.create_task(work(engine))
        if self.options.strategy is not Strategy.SEPARATE and read:
            tables = {source: read[source] for source in stems if source in read}
            await self._write(tables, lambda output, _: folder / output.filename)
        return [done[source] for source in stems]

    async def _convert(
        self, engine: Engine, source: Path, target: Path, read: dict[Path, ImageTables], watcher: Watcher
    ) -> Converted:
        try:
            if not await asyncio.to_thread(source.is_file):
                raise UnreadableImage("There is no such file. Check the path.", code="unsupported_format")
            image = SourceImage(source, source.name)
            seen = await engine.recognize(image, lambda progress: watcher.progressed(source, progress))
        except (ImageFailed, EngineFailed) as failure:
            return Converted(source, failure=failure)
        found = as_asked(seen, join_continued=self.options.join_continued)
        tables = image_tables(found, source.name)
        if self.options.strategy is not Strategy.SEPARATE:
            read[source] = tables
            return Converted(source, warnings=found.warnings)
        try:
            files = await self._write({source: tables}, lambda output, number: _named(target, output, number))
        except WorkbookTooLarge as refusal:
            return Converted(source, failure=refusal)
        return Converted(source, files, found.warnings)

    async def _write(
        self, read: dict[Path, ImageTables], place: Callable[[OutputFile, int], Path]
    ) -> tuple[Path, ...]:
        """``read``: the tables of each source."""
        planned = await asyncio.to_thread(self.outputs.plan, list(read.values()), self.options)
        cuttings: dict[Cutout, Cutting] = {}
        for image, wanted in by_image(planned.cutouts).items():
            source = list(read)[image]
            cuttings |= await self.cutter.cut(SourceImage(source, source.name), wanted)
        outputs = await asyncio.to_thread(planned.files, cuttings)
        paths = tuple(place(output, number) for number, output in enumerate(outputs, 1))
        for path, output in zip(paths, outputs, strict=True):
            await asyncio.to_thread(_write_whole, path, output.content)
        return paths


def _named(target: Path, output: OutputFile, number: int) -> Path:
    """The first file of an image is ``<stem>.<ending>``, further ones ``<stem>-2.<ending>`` …"""
    tail = "" if number == 1 else f"-{number}"
    return target.with_name(f"{target.name}{tail}{Path(output.filename).suffix}")


def _write_whole(path: Path, content: bytes) -> None:
    """Nobody ever sees half a file."""
    partial = path.with_name(f".{path.name}.part")
    partial.write_bytes(content)
    partial.replace(path)


def _unique_stems(sources: Sequence[Path]) -> Iterator[str]:
    """File stems; sources whose stems are alike keep their ending as well, then get a number."""
    taken: set[str] = set()
    for source in sources:
        stem, number = source.stem, 1
        while stem.casefold() in taken:
            stem = source.name if number == 1 else f"{source.name}-{number}"
            number += 1
        taken.add(stem.casefold())
        yield stem
