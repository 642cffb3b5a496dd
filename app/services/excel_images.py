"""Images in worksheets: how large they are shown, and the room that they need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.jobs.output_ports import Cutting
from app.workbook.plan import Cutout, PlannedSheet

MARGIN_PX = 2
_WIDEST_PX = 420
"""Of an image in line with texts; wider ones are shown smaller."""
_POINTS_PER_PX = 0.75
_DIGIT_PX = 7
_HIGHEST = 409.0
"""Points; Excel's limit for a row."""


@dataclass(frozen=True, slots=True)
class ShownImage:
    """An image in its cell."""

    row: int
    col: int
    content: bytes
    scale: float
    width: float
    """Pixels of the screen, as is ``height``."""
    height: float
    description: str
    in_line: bool
    """Whether it stands in line with texts, in a column that makes room for it."""


def shown_images(sheet: PlannedSheet, cuttings: Mapping[Cutout, Cutting]) -> list[ShownImage]:
    """The sheet's images as far as they could be cut."""
    found: list[ShownImage] = []
    for image in sheet.images:
        cutting = cuttings.get(image.cutout)
        if cutting is None:
            continue
        scale = 1.0
        if image.height is not None:
            scale = min(image.height / cutting.height, _WIDEST_PX / cutting.width)
        found.append(
            ShownImage(
                image.row,
                image.col,
                cutting.content,
                scale,
                scale * cutting.width,
                scale * cutting.height,
                image.description,
                in_line=image.height is not None,
            )
        )
    return found


def with_image_widths(widths: Mapping[int, float], images: Sequence[ShownImage]) -> dict[int, float]:
    """The widths of columns, in digits, with room for images that stand in line with texts."""
    wide = dict(widths)
    for image in images:
        if image.in_line:
            wide[image.col] = max(wide.get(image.col, 0.0), (image.width + 2 * MARGIN_PX) / _DIGIT_PX)
    return wide


def with_image_heights(heights: Mapping[int, float], images: Sequence[ShownImage]) -> dict[int, float]:
    """The heights of rows, in points, with room for images."""
    high = dict(heights)
    for image in images:
        needed = (image.height + 2 * MARGIN_PX) * _POINTS_PER_PX
        high[image.row] = min(_HIGHEST, max(high.get(image.row, 0.0), needed))
    return high
