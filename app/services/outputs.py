"""Lays the tables of a batch into files: the OutputWriter of the jobs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.errors import InvalidRequest
from app.jobs.job import JobOptions, Strategy
from app.jobs.output_ports import Cutting, OutputFile, PlannedOutput
from app.models.tables import ImageTables
from app.services import exports
from app.services.excel import MEDIA_TYPE, ExcelWriter
from app.tables.text import one_line
from app.workbook.origin import origins
from app.workbook.plan import Cutout, SourceTables, TablePart
from app.workbook.sheet_names import stem
from app.workbook.stacking import Stack, alone, stacked
from app.workbook.strategies import concatenated, consolidated

_TEXT_FORMATS: dict[str, tuple[str, str, Callable[[Sequence[Stack]], bytes]]] = {
    "csv": ("csv", "text/csv; charset=utf-8", exports.to_csv),
    "html": ("html", "text/html; charset=utf-8", exports.to_html_page),
    "markdown": ("md", "text/markdown; charset=utf-8", exports.to_markdown),
}
"""Format → suffix, media type, writer."""
_ZIP_NAME = "tables.zip"
_ZIP_TIME = (2000, 1, 1, 0, 0, 0)
"""Equal files give equal archives."""
_UNSAFE = re.compile(r'[<>:"/\\|?*]')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
"""Names that Windows keeps for devices."""
_LONGEST_STEM = 150
"""Bytes in UTF-8; file systems take 255 for the whole name."""


@dataclass(frozen=True, slots=True)
class _Group:
    """The images of one file."""

    stem: str
    images: Sequence[ImageTables]
    sources: Sequence[SourceTables]


@dataclass(frozen=True, slots=True)
class _Planned:
    """See the port PlannedOutput."""

    cutouts: Sequence[Cutout]
    write: Callable[[Mapping[Cutout, Cutting]], list[OutputFile]]

    def files(self, cuttings: Mapping[Cutout, Cutting]) -> list[OutputFile]:
        files = self.write(cuttings)
        return [*files, _archive(files)] if len(files) > 1 else files


class TableOutputs:
    """Writes xlsx, csv, json, html and markdown."""

    formats: tuple[str, ...] = ("xlsx", "csv", "json", "html", "markdown")

    def __init__(self, excel: ExcelWriter) -> None:
        self._excel = excel

    def plan(self, images: Sequence[ImageTables], options: JobOptions) -> PlannedOutput:
        """A file for each image with the strategy `separate`, and one archive of them all behind; else one
        file. InvalidRequest: unknown format."""
        if options.output_format not in self.formats:
            raise InvalidRequest(
                f"Unknown output format; use one of {', '.join(self.formats)}.",
                code="invalid_option",
            )
        groups = _groups(images, options.strategy)
        if options.output_format == "xlsx":
            return self._workbooks(groups, options)
        return _Planned((), lambda _: [_text_file(group, options) for group in groups])

    def _workbooks(self, groups: Sequence[_Group], options: JobOptions) -> _Planned:
        lay = concatenated if options.strategy is Strategy.CONCATENATED else consolidated
        plans = {group.stem: lay(group.sources, options.workbook) for group in groups}
        shown = (image.cutout for plan in plans.values() for sheet in plan.sheets for image in sheet.images)

        def write(cuttings: Mapping[Cutout, Cutting]) -> list[OutputFile]:
            return [
                OutputFile(f"{name}.xlsx", self._excel.write(plan, cuttings), MEDIA_TYPE)
                for name, plan in plans.items()
            ]

        return _Planned(tuple(dict.fromkeys(shown)), write)


def safe_stem(name: str) -> str:
    """A file name without suffix that every file system takes, as near to the given one as can be."""
    kept = _UNSAFE.sub("_", one_line(name)).strip(". ")
    kept = kept.encode()[:_LONGEST_STEM].decode(errors="ignore").rstrip(". ")
    return f"_{kept}" if _DEVICES.fullmatch(kept) else kept or "table"


def unique_stems(wanted: Iterable[str]) -> list[str]:
    """Safe stems in order; doubles, also by case alone, are numbered."""
    stems: list[str] = []
    taken: set[str] = set()
    for name in map(safe_stem, wanted):
        free, number = name, 1
        while free.casefold() in taken:
            number += 1
            free = f"{name} ({number})"
        taken.add(free.casefold())
        stems.append(free)
    return stems


def _groups(images: Sequence[ImageTables], strategy: Strategy) -> list[_Group]:
    sources = [_source(image, position) for position, image in enumerate(images)]
    if strategy is not Strategy.SEPARATE:
        return [_Group(safe_stem(stem(images[0].image) if len(images) == 1 else "tables"), images, sources)]
    stems = unique_stems(stem(image.image) for image in images)
    return [
        _Group(name, [image], [source]) for name, image, source in zip(stems, images, sources, strict=True)
    ]


def _source(image: ImageTables, position: int) -> SourceTables:
    return SourceTables(
        image.image,
        tuple(model.to_table() for model in image.tables),
        tuple(model.page for model in image.tables),
        image.engine,
        tuple(image.warnings),
        tuple(
            tuple(TablePart(part.first_row, part.rows, part.table.page) for part in model.parts)
            for model in image.tables
        ),
        position,
    )


def _text_file(group: _Group, options: JobOptions) -> OutputFile:
    if options.output_format == "json":  # the tables as they were read, whatever the strategy
        return OutputFile(f"{group.stem}.json", exports.to_json(group.images), "application/json")
    tables = origins(group.sources)
    stacks = stacked(tables) if options.strategy is Strategy.CONCATENATED else [*map(alone, tables)]
    suffix, media_type, write = _TEXT_FORMATS[options.output_format]
    return OutputFile(f"{group.stem}.{suffix}", write(stacks), media_type)


def _archive(files: Sequence[OutputFile]) -> OutputFile:
    """One ZIP of them all."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(ZipInfo(file.filename, _ZIP_TIME), file.content, ZIP_DEFLATED)
    return OutputFile(_ZIP_NAME, buffer.getvalue(), "application/zip")
