"""Rows that begin with a text over several columns: names of sections over all of them, names of totals over
those that they leave empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.recognition.local.evidence import GridHypothesis, Ruling, Span, Word
from app.recognition.local.structure.unruled.drawn import Drawn, drawn_on
from app.recognition.local.structure.unruled.layout import Layout, layout_of

_MIDDLE = 1.5
"""Distance of a centered name's middle from its table's, in character heights."""
_INDENT = 0.5
"""Rows below a name that are indented by more, in character heights, stand in its column too."""


def with_sections(
    grid: GridHypothesis, words: Sequence[Word], rulings: Sequence[Ruling], height: float
) -> GridHypothesis:
    """The grid with such texts over their columns, where no vertical ruling crosses them.

    ``height``: character height.
    """
    drawn = drawn_on(grid, rulings, height)
    layout = layout_of(grid, words, drawn, height)
    wide = [Span(row, 0, 1, grid.cols) for row in _names(layout, drawn)]
    wide += [span for row in range(1, grid.rows) if (span := _wide(row, layout))]
    spans = list(grid.spans)
    for span in wide:
        if not (drawn.right[span.row, : span.col_span - 1].any() or any(_is_taller(s, span) for s in spans)):
            spans = [s for s in spans if s.row != span.row or s.col >= span.col_span]
            spans.append(span)
    return replace(grid, spans=tuple(sorted(spans, key=lambda span: (span.row, span.col))))


def _names(layout: Layout, drawn: Drawn) -> list[int]:
    """Rows with a name alone in the first column, where a ruling stands above or below each of them; else
    they may be rows without values."""
    alone = [
        row
        for row in range(1, len(layout.rows) - 1)
        if _is_alone(row, layout) and layout.rows[row][0].cols[0] == 0 and not _has_indented(row, layout)
    ]
    return alone if all(drawn.below[row - 1].all() or drawn.below[row].all() for row in alone) else []


def _is_alone(row: int, layout: Layout) -> bool:
    """True for a single text, and several in the row below."""
    return len(layout.rows[row]) == 1 and row + 1 < len(layout.rows) and len(layout.rows[row + 1]) > 1


def _has_indented(row: int, layout: Layout) -> bool:
    name, below = layout.rows[row][0].box, layout.rows[row + 1][0].box
    return below.x0 - name.x0 > _INDENT * layout.height


def _wide(row: int, layout: Layout) -> Span | None:
    """A name in the middle of the table, or what the row begins with behind empty columns."""
    first = next(iter(layout.rows[row]), None)
    if row < layout.header or first is None or not 0 < first.cols[0] < first.cols[1]:
        return None
    if len(layout.rows[row]) > 1:
        return Span(row, 0, 1, first.cols[1] + 1)
    middle = (layout.columns[0].low + layout.columns[-1].high) / 2
    is_centered = abs(first.box.center[0] - middle) < _MIDDLE * layout.height
    return Span(row, 0, 1, len(layout.columns)) if is_centered and _is_alone(row, layout) else None


def _is_taller(span: Span, wide: Span) -> bool:
    """True for a cell that reaches into the row from another one."""
    return span.row_span > 1 and span.row <= wide.row < span.row + span.row_span and span.col < wide.col_span
