"""Which cells of a table are printed bold: those whose strokes are clearly thicker than the others'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels
from app.recognition.local.evidence import Span
from app.recognition.local.fill import FilledCell
from app.recognition.local.levels import level_at
from app.tables.geometry import Box

Floats = NDArray[np.float64]

_LEAST_HEIGHT = 10.0
"""Pixels of a character; smaller strokes are all alike."""
_LEAST_LETTERS = 3
"""Letters and digits of a cell that is judged by itself."""
_THICKER = 1.25
"""Usual width of bold strokes over that of the others; fonts have 1.35 to 1.9."""
_SPREAD = 0.3
"""Deviation within the two kinds, as a share of their distance."""
_FEWEST = 2
"""Cells that are not bold."""
_LEAST_DEPTH = 30
"""Gray levels between ink and ground."""
_FAINT = 0.12
"""Share of the ink's depth below which there is ground."""


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Two kinds of strokes."""

    regular: float
    """Usual width in pixels."""
    limit: float
    """The width between the two."""


def bold_cells(pixels: Pixels, cells: Sequence[FilledCell], height: float) -> frozenset[Span]:
    """The cells in bold; none where the table has one kind of strokes alone, however thick.

    ``pixels``: the prepared page, height × width × 3; ``height``: of a character, in pixels.
    """
    if height < _LEAST_HEIGHT:
        return frozenset()
    telling = [cell for cell in cells if sum(map(str.isalnum, cell.text)) >= _LEAST_LETTERS]
    widths = {cell.place: width for cell in telling if (width := _stroke_width(pixels, cell))}
    kinds = _kinds(np.array(list(widths.values())))
    if kinds is None:
        return frozenset()
    bold = {place: width > kinds.limit for place, width in widths.items()}
    return frozenset(
        cell.place for cell in cells if cell.text and bold.get(cell.place, _is_row_bold(cell.place.row, bold))
    )


def _is_row_bold(row: int, bold: Mapping[Span, bool]) -> bool:
    """What short texts go by: whether every longer one in the row is bold."""
    others = [is_bold for place, is_bold in bold.items() if place.row == row]
    return bool(others) and all(others)


def _kinds(widths: Floats) -> _Kinds | None:
    """The split of the widths that leaves least deviation (Otsu 1979), where it parts two kinds clearly."""
    ordered = np.log(np.sort(widths))
    best: tuple[float, int] | None = None
    for count in range(_FEWEST, len(ordered)):
        rest = ordered[:count].var() * count + ordered[count:].var() * (len(ordered) - count)
        best = min(best or (rest, count), (rest, count))
    if best is None:
        return None
    thin, thick = float(ordered[: best[1]].mean()), float(ordered[best[1] :].mean())
    deviation = float(np.sqrt(best[0] / len(ordered)))
    if thick - thin < np.log(_THICKER) or deviation > _SPREAD * (thick - thin):
        return None
    return _Kinds(float(np.exp(thin)), float(np.exp((thin + thick) / 2)))


def _stroke_width(pixels: Pixels, cell: FilledCell) -> float | None:
    """In pixels: a stroke's area is its width times half the way around it. None where no ink tells."""
    measured = [_ink_and_outline(pixels, word.box) for word in cell.words]
    ink, outline = sum(area for area, _ in measured), sum(length for _, length in measured)
    return 2 * ink / outline if outline else None


def _ink_and_outline(pixels: Pixels, box: Box) -> tuple[float, float]:
    """Of a word: soft edges count by their share, so that widths below a pixel's step show."""
    rows = slice(max(0, round(box.y0)), max(0, round(box.y1)))
    seen = pixels[rows, max(0, round(box.x0)) : max(0, round(box.x1))]
    if min(seen.shape[:2]) < 4:
        return 0.0, 0.0
    gray = np.asarray(cv2.cvtColor(seen, cv2.COLOR_BGR2GRAY))
    ground = 16 * int(np.bincount(gray.ravel() // 16, minlength=16).argmax()) + 8
    depth = np.abs(gray.astype(np.float32) - float(np.median(gray[np.abs(gray.astype(int) - ground) <= 8])))
    peak = level_at(depth.astype(np.uint8), 0.97)
    if peak < _LEAST_DEPTH:
        return 0.0, 0.0
    ink = np.minimum(depth / peak, 1.0)
    ink[ink < _FAINT] = 0
    across, down = ink[1:, 1:] - ink[1:, :-1], ink[1:, 1:] - ink[:-1, 1:]
    return float(ink.sum()), float(np.hypot(across, down).sum())
