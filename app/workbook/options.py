"""What a user may switch on and off in workbooks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorkbookOptions:
    """What stands in a workbook besides the values. Sheets that would be empty are never made."""

    title_and_notes: bool = True
    """A table's sheet has its title above it and its notes below."""
    mark_doubtful: bool = True
    """Doubtful cells are filled and carry a note."""
    review_sheet: bool = True
    """A sheet that lists the doubtful cells, each with its part of the source image."""
    evidence_sheet: bool = False
    """A sheet that lists every cell: what was read where, and what became of it."""
    source_images: bool = False
    """A sheet that shows the pages that the tables stand on."""
    checks: bool = True
    """Relations between numbers are looked for, checked, and listed on a sheet."""
    live_totals: bool = False
    """Sums that are exactly right become formulas."""
