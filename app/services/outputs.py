"""Lays the tables of a batch into files: the OutputWriter of the jobs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from app.errors import InvalidRequest
from app.jobs.job import Strategy
from app.jobs.ports import OutputFile
from app.models.tables import ImageTables
from app.services import exports
from app.services.excel import MEDIA_TYPE, ExcelWriter
from app.tables.text import one_line
from app.workbook.plan import SourceTables, WorkbookPlan
from app.workbook.sheet_names import stem
from app.workbook.strategies import concatenated, consolidated

_TEXT_FORMATS: dict[str, tuple[str, str, Callable[[Sequence[ImageTables]], bytes]]] = {
    "csv": ("csv", "text/csv; charset=utf-8", exports.to_csv),
    "json": ("json", "application/json", exports.to_json),
    "html": ("html", "text/html; charset=utf-8", exports.to_html_page),
    "markdown": ("md", "text/markdown; charset=utf-8", exports.to_markdown),
}
"""Format → suffix, media type, writer."""
_UNSAFE = re.compile(r'[<>:"/\\|?*]')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
"""Names that Windows keeps for devices."""
_LONGEST_STEM = 150
"""Bytes in UTF-8; file systems take 255 for the whole name."""


class TableOutputs:
    """Writes xlsx, csv, json, html and markdown."""

    formats = ("xlsx", *_TEXT_FORMATS)

    def __init__(self, excel: ExcelWriter) -> None:
        self._excel = excel

    def write(
        self, images: Sequence[ImageTables], strategy: Strategy, output_format: str
    ) -> list[OutputFile]:
        """A file for each image with the strategy `separate`, else one. InvalidRequest: unknown format."""
        groups = [[image] for image in images] if strategy is Strategy.SEPARATE else [list(images)]
        names = unique_stems("tables" if len(group) != 1 else stem(group[0].image) for group in groups)
        return [
            self._file(name, group, strategy, output_format)
            for name, group in zip(names, groups, strict=True)
        ]

    def _file(
        self, name: str, images: Sequence[ImageTables], strategy: Strategy, output_format: str
    ) -> OutputFile:
        if output_format == "xlsx":
            return OutputFile(f"{name}.xlsx", self._excel.write(_plan(images, strategy)), MEDIA_TYPE)
        if output_format not in _TEXT_FORMATS:
            raise InvalidRequest(
                f"The format {output_format!r} is not known; choose one of {', '.join(self.formats)}.",
                code="invalid_option",
            )
        suffix, media_type, write = _TEXT_FORMATS[output_format]
        return OutputFile(f"{name}.{suffix}", write(images), media_type)


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


def _plan(images: Sequence[ImageTables], strategy: Strategy) -> WorkbookPlan:
    sources = [_source(image) for image in images]
    return concatenated(sources) if strategy is Strategy.CONCATENATED else consolidated(sources)


def _source(image: ImageTables) -> SourceTables:
    return SourceTables(
        image.image,
        tuple(model.to_table() for model in image.tables),
        tuple(model.page for model in image.tables),
        image.engine,
        tuple(image.warnings),
        tuple(max([model.page, *(part.table.page for part in model.parts)]) for model in image.tables),
    )
