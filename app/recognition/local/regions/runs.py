"""Runs of text lines that read as rows of a table."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from statistics import median

from app.recognition.evidence import Word
from app.recognition.local.lines import box_of, text_lines
from app.recognition.local.regions.captions import is_note, is_source, is_title, text_of
from app.tables.geometry import Box

Line = list[Word]

_GAP = 2.2
"""Largest space between two rows, in character heights, unless the table's own rows stand farther apart."""
_MOST_SINGLES = 2
"""Lines of one word (wrapped cells, section rows) that may follow each other inside a table."""
_WRAPPED = 0.9
"""Space between two lines of a cell, in character heights."""
_NEAR = 6
"""Lines above that a wrapped line may be flush with."""
_ALIGNED = 0.6
_SAME_GAP = 1.3
_BULLET = re.compile(r"^([•·▪■–—\-*○●►]|[(\[]?[0-9ivxa-z]{1,3}[.)\]])$", re.IGNORECASE)
_EQUATION = re.compile(r"=.*\(\d+(\.\d+)?[a-z]?\)$")
_LEADERS = re.compile(r"(\. ?){4}|…")
_PAGE = re.compile(r"(\d{1,4})$")


def is_row(line: Sequence[Word]) -> bool:
    """True for several words that stand apart, other than a title, an item of a list or an equation."""
    if len(line) != 2:
        return len(line) > 2
    text = text_of(line)
    is_item = _BULLET.match(line[0].text.strip()) and line[1].text.strip()[:1].isalpha()
    return not (is_item or is_title(text) or _EQUATION.search(text))


def runs(words: Sequence[Word], height: float) -> list[list[Line]]:
    """Stretches of at least two rows, single lines between them included, that hold aligned columns."""
    found: list[list[Line]] = []
    current: list[Line] = []
    for line in text_lines(words):
        if current and not _follows(current, line, height):
            found.append(current)
            current = []
        current.append(line)
    found.append(current)
    trimmed = [_trimmed(run, height) for run in found]
    return [run for run in trimmed if _is_table(run, height)]


def _is_table(run: Sequence[Line], height: float) -> bool:
    rows = [line for line in run if is_row(line)]
    return len(rows) >= 2 and 2 * _aligned(rows, height) > len(rows) and not _is_contents(run)


def _is_contents(run: Sequence[Line]) -> bool:
    """True for a table of contents: dots that lead to page numbers, which never fall."""
    texts = [text_of(line) for line in run]
    pages = [int(found[1]) for found in map(_PAGE.search, texts) if found]
    led = sum(bool(_LEADERS.search(text)) for text in texts)
    return 2 * led > len(run) and 2 * len(pages) > len(run) and pages == sorted(pages)


def reads_as_rows(words: Sequence[Word], height: float) -> bool:
    """True where more than half of the words' lines are rows with aligned columns."""
    lines = text_lines(words)
    return 2 * _aligned([line for line in lines if is_row(line)], height) > len(lines)


def gap_limit(lines: Sequence[Line], height: float) -> float:
    """The largest space between two rows of this table, in pixels."""
    boxes = [box_of(line) for line in lines]
    gaps = [b.y0 - a.y1 for a, b in itertools.pairwise(boxes)]
    own = max(height, median(box.height for box in boxes))
    return max(_GAP * own, 1.6 * median(gaps)) if len(gaps) >= 2 else _GAP * own


def _follows(run: list[Line], line: Line, height: float) -> bool:
    if box_of(line).y0 - box_of(run[-1]).y1 > gap_limit(run, height):
        return False
    if is_row(line):
        return True
    tail = run[-_MOST_SINGLES:]
    many = len(tail) == _MOST_SINGLES and not any(map(is_row, tail))
    return not is_title(text_of(line)) and (not many or is_wrapped(line, run, height))


def is_wrapped(line: Line, above: Sequence[Line], height: float) -> bool:
    """True for a line that goes on in one cell of the last row above it."""
    last = next((other for other in reversed(above) if is_row(other)), None)
    if last is None or len(line) > 1 or line[0].box.y0 - box_of(above[-1]).y1 > _WRAPPED * height:
        return False
    box = line[0].box
    over = [word.box for word in last if min(box.x1, word.box.x1) > max(box.x0, word.box.x0)]
    near = [word.box for other in above[-_NEAR:] for word in other]
    return len(over) == 1 and any(_is_flush(box, other, height) for other in near)


def is_over_columns(line: Line, below: Line, height: float) -> bool:
    """True for a line right above a row whose words each stand over columns of it other than the first."""
    if box_of(below).y0 - box_of(line).y1 > _WRAPPED * height or is_title(text_of(line)):
        return False
    return are_over_columns(line, [below], height)


def are_over_columns(line: Line, rows: Sequence[Line], height: float) -> bool:
    """True where each word stands over columns of one of the rows other than its first."""
    return all(any(_is_over(word.box, [other.box for other in row], height) for row in rows) for word in line)


def _is_over(box: Box, below: Sequence[Box], height: float) -> bool:
    over = [other for other in below if min(box.x1, other.x1) > max(box.x0, other.x0)]
    if not over or below[0] in over:
        return False
    middle = (over[0].x0 + over[-1].x1) / 2
    return abs(box.center[0] - middle) < height or (len(over) == 1 and _is_flush(box, over[0], height))


def _is_flush(a: Box, b: Box, height: float) -> bool:
    near = _ALIGNED * height
    return abs(a.x0 - b.x0) < near or abs(a.x1 - b.x1) < near or abs(a.center[0] - b.center[0]) < near


def _trimmed(run: list[Line], height: float) -> list[Line]:
    """Without what stands before the first row, unless it heads columns, and the notes after the last one."""
    first = next((i for i, line in enumerate(run) if is_row(line)), len(run))
    while 0 < first < len(run) and is_over_columns(run[first - 1], run[first], height):
        first -= 1
    kept = run[first:]
    while kept and not _ends_table(kept[-1], kept[:-1], height):
        kept.pop()
    return kept


def _ends_table(line: Line, above: Sequence[Line], height: float) -> bool:
    """True for a row, a line of its last cell, or a name alone in the first column at the usual distance."""
    text = text_of(line)
    if is_source(text) or not above:
        return False
    if is_row(line) or is_wrapped(line, above, height):
        return True
    boxes = [box_of(other) for other in (*above, line)]
    gaps = [b.y0 - a.y1 for a, b in itertools.pairwise(boxes)]
    usual = gaps[-1] < max(_WRAPPED * height, _SAME_GAP * median(gaps))
    return (
        usual
        and _is_flush(line[0].box, box_of(w for other in above for w in other), height)
        and not is_note(text)
    )


def _aligned(rows: Sequence[Line], height: float) -> int:
    """How many rows have words that begin, end or centre at places that another row shares."""
    return sum(any(shares_place(row, other, height) for other in rows if other is not row) for row in rows)


def shares_place(row: Line, other: Line, height: float) -> bool:
    """True where most words of the row, at least two, begin, end or centre where the other line's do."""
    hits = sum(any(_is_flush(word.box, w.box, height) for w in other) for word in row)
    return hits >= 2 and hits > 0.6 * len(row)
