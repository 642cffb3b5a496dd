"""The sheets that are about the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.workbook.checks_sheet import checks_sheet
from app.workbook.doubt import Doubt
from app.workbook.evidence_sheet import evidence_sheet
from app.workbook.images_sheet import images_sheet
from app.workbook.long_texts import continued_sheet
from app.workbook.options import WorkbookOptions
from app.workbook.placed import PlacedTable
from app.workbook.plan import PlannedSheet, SourceTables
from app.workbook.review_sheet import review_sheet
from app.workbook.summary import summary_sheet


def about_sheets(
    tables: Sequence[PlacedTable],
    images: Sequence[SourceTables],
    found: Sequence[Doubt],
    remarks: Sequence[str],
    options: WorkbookOptions,
) -> Iterator[PlannedSheet]:
    """Those that are wanted and would not be empty; what a reader must act on first."""
    review = review_sheet(found) if options.review_sheet else None
    checks = checks_sheet(tables)
    yield from (sheet for sheet in (review, checks) if sheet is not None)
    if options.evidence_sheet:
        yield evidence_sheet(tables)
    if options.source_images and tables:
        yield images_sheet(tables)
    if continued := continued_sheet(tables):
        yield continued
    yield summary_sheet(tables, images, remarks)
