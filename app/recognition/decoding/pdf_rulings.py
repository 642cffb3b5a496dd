"""The vector rules of a PDF page: strokes along an axis and filled rectangles as thin as a line."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from app.recognition.decoding.page import Pixels
from app.recognition.decoding.pdfium import PageToPixels, raw
from app.recognition.decoding.seen_rulings import seen_part
from app.recognition.evidence import Ruling

_MAX_RULINGS = 20_000  # above it the page is a drawing
_MAX_THICKNESS = 4.0  # points; thicker fills are coloured areas
_MIN_LENGTH = 3.0  # points
_STRAIGHT = 0.5  # points that a segment may leave its axis by

Point = tuple[float, float]


def vector_rulings(page: Any, to_pixels: PageToPixels, pixels: Pixels) -> tuple[Ruling, ...]:
    """Rulings in pixels, as far as they are to be seen in the rendered ``pixels``."""
    unit = abs(to_pixels.xx) + abs(to_pixels.xy)
    found: list[Ruling] = []
    for path in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
        for (ax, ay), (bx, by), thickness in _strokes(path):
            a, b = to_pixels.point(ax, ay), to_pixels.point(bx, by)
            ruling = _ruling(a, b, max(1.0, thickness * unit), unit)
            seen = seen_part(ruling, pixels) if ruling else None
            if seen is not None:
                found.append(seen)
        if len(found) > _MAX_RULINGS:
            return ()
    return tuple(found)


def _strokes(path: Any) -> Iterator[tuple[Point, Point, float]]:
    """Segments with their thickness, in page coordinates."""
    fill_mode, stroked = ctypes.c_int(), raw.FPDF_BOOL()
    raw.FPDFPath_GetDrawMode(path, fill_mode, stroked)
    for points in _subpaths(path):
        if stroked.value:
            width = ctypes.c_float()
            raw.FPDFPageObj_GetStrokeWidth(path, width)
            for a, b in pairwise(points):
                yield a, b, width.value
        elif fill_mode.value != raw.FPDF_FILLMODE_NONE and len(points) > 3:
            yield from _thin_fill(points)


def _thin_fill(points: list[Point]) -> Iterator[tuple[Point, Point, float]]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    if height <= _MAX_THICKNESS and width > 2 * height:
        yield (min(xs), middle_y), (max(xs), middle_y), height
    elif width <= _MAX_THICKNESS and height > 2 * width:
        yield (middle_x, min(ys)), (middle_x, max(ys)), width


def _subpaths(path: Any) -> Iterator[list[Point]]:
    """Corner points of each part; a closed part ends where it began. Curves end a part: they rule nothing."""
    points: list[Point] = []
    for index in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        point = _on_page(path, segment)
        if kind != raw.FPDF_SEGMENT_LINETO:
            yield from [points] if len(points) > 1 else []
            points = []
        points.append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1:
        yield points


def _on_page(path: Any, segment: Any) -> Point:
    x, y = ctypes.c_float(), ctypes.c_float()
    raw.FPDFPathSegment_GetPoint(segment, x, y)
    point = (x.value, y.value)
    owner = path
    while owner is not None:  # through the forms that the path is nested in
        point = owner.get_matrix().on_point(*point)
        owner = owner.container
    return point


def _ruling(a: Point, b: Point, thickness: float, unit: float) -> Ruling | None:
    across, down = abs(a[0] - b[0]), abs(a[1] - b[1])
    if max(across, down) < _MIN_LENGTH * unit or min(across, down) > _STRAIGHT * unit:
        return None
    if across > down:
        return Ruling(min(a[0], b[0]), max(a[0], b[0]), (a[1] + b[1]) / 2, True, thickness)
    return Ruling(min(a[1], b[1]), max(a[1], b[1]), (a[0] + b[0]) / 2, False, thickness)
