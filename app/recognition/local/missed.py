"""Second look at ink that text detection passed over: lone digits, dashes, signs for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.recognition.decoding.page import Pixels
from app.recognition.evidence import Ruling, Word, rivals_within
from app.recognition.local.ctc import Reading
from app.recognition.local.ocr import Ocr
from app.recognition.local.signs import LONGEST_DASH, LOOK_ALIKES, sign_of
from app.tables.geometry import Box

_CONTRAST = 0.4
"""Share of the usual contrast of the page's words that counts as ink."""
_FAINT = 0.2
"""The same of dashes, which may be thinner than a pixel."""
_FAINT_LENGTH = 0.5
_FAR = 0.3
"""Distance of a faint dash from other ink, and of its middle from its line's, in character heights."""
_JOIN = 0.45
"""Strokes this near, in character heights, belong to one word."""
_CLEAR_OF_WORDS = 0.3
_TALLEST = 1.7
_WIDEST = 10.0
_LEAST_AREA = 0.008
"""In squared character heights: one dot of a colon."""
_LEAST_ALONE = 0.015
"""In squared character heights: a full stop; what is smaller and alone is a speck."""
_RUNG = 0.25
"""Height of a ruling and its distance from those that it connects, in character heights."""
_LEAST_CONFIDENCE = 0.6
_UNREAD = 0.4
"""Height, in character heights, from which unread ink may be a letter."""
_SIGN_CONFIDENCE = 0.9


@dataclass(frozen=True, slots=True)
class Missed:
    """What a second look found."""

    words: tuple[Word, ...]
    unread: tuple[Box, ...]
    """Ink of a letter's size or more that says nothing."""


def missed_words(
    ocr: Ocr,
    pixels: Pixels,
    regions: Sequence[Box],
    words: Sequence[Word],
    rulings: Sequence[Ruling],
    height: float,
) -> Missed:
    """What the ink inside ``regions`` says that no word and no ruling explains. All in pixels of the page.

    ``height``: character height.
    """
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    side = 2 * max(3, round(0.9 * height)) + 1
    ground = np.asarray(cv2.morphologyEx(gray, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8)), np.uint8)
    ink = _unexplained(ground - gray, regions, words, rulings, height, _CONTRAST)
    found = [box for box in _boxes(ink, height) if not _is_rung(box, rulings, height)]
    signs = [sign_of(_strokes(ink, box), height) for box in found]
    drawn = [
        Word(text, _line_box(box, height), _SIGN_CONFIDENCE)
        for box, text in zip(found, signs, strict=True)
        if text
    ]
    faint = _unexplained(ground - gray, regions, words, rulings, height, _FAINT)
    drawn += _faint_dashes(faint, words, [*found, *map(_ruling_place, rulings)], height)
    boxes = [box for box, text in zip(found, signs, strict=True) if not text]
    readings = ocr.recognize([_crop(gray, ground, ink, box, height) for box in boxes])
    seen = list(zip(boxes, readings, strict=True))
    read = [_word(reading, _line_box(box, height)) for box, reading in seen if _is_read(reading, box, height)]
    unread = [box for box, reading in seen if not _is_read(reading, box, height)]
    return Missed(tuple(drawn + read), tuple(box for box in unread if box.height > _UNREAD * height))


def _word(reading: Reading, box: Box) -> Word:
    start = len(reading.text) - len(reading.text.lstrip())
    text = reading.text.strip()
    rivals = rivals_within(reading.rivals, start, start + len(text))
    return Word(text, box, reading.confidence, reading.alternatives, rivals=rivals)


def _is_read(reading: Reading, box: Box, height: float) -> bool:
    """True for a text that is believed; a line longer than dashes are says nothing."""
    text = reading.text.strip()
    is_line = text in LOOK_ALIKES and box.width > LONGEST_DASH * height
    return bool(text) and not is_line and reading.confidence >= _LEAST_CONFIDENCE


def _faint_dashes(
    faint: NDArray[np.uint8], words: Sequence[Word], known: Sequence[Box], height: float
) -> list[Word]:
    """Dashes on the lines of words, away from what is known: thin ones are drawn paler than letters."""
    near = _FAR * height
    found: list[Word] = []
    for box in _boxes(faint, height):
        strokes = _strokes(faint, box)
        text = sign_of(strokes, height) if len(strokes) == 1 and box.width > _FAINT_LENGTH * height else ""
        on_line = any(abs(word.box.center[1] - box.center[1]) < near for word in words)
        if text and on_line and not any(_widened(other, near).overlap(box) for other in known):
            found.append(Word(text, _line_box(box, height), _SIGN_CONFIDENCE))
    return found


def _strokes(ink: NDArray[np.uint8], box: Box) -> list[Box]:
    """The connected strokes inside the box."""
    place = _slices(box)
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(ink[place]), connectivity=8)
    return [
        Box(box.x0 + x, box.y0 + y, box.x0 + x + w, box.y0 + y + h) for x, y, w, h, _ in stats[1:].tolist()
    ]


def _unexplained(
    depth: NDArray[np.uint8],
    regions: Sequence[Box],
    words: Sequence[Word],
    rulings: Sequence[Ruling],
    height: float,
    share: float,
) -> NDArray[np.uint8]:
    """1 where the page is darker than its ground inside a region, away from words and rulings, by so large a
    share of the words' usual contrast."""
    usual = [float(depth[_slices(word.box)].max(initial=0)) for word in words[:400]]
    threshold = max(25.0, share * float(np.median(usual)) if usual else 80.0)
    ink = np.zeros_like(depth)
    for region in regions:
        place = _slices(region)
        ink[place] = depth[place] > threshold
    for word in words:
        ink[_slices(_widened(word.box, _CLEAR_OF_WORDS * height))] = 0
    for ruling in rulings:
        ink[_slices(_ruling_box(ruling, 2.0))] = 0
    return ink


def _boxes(ink: NDArray[np.uint8], height: float) -> list[Box]:
    """Groups of strokes that have the size of a word."""
    reach = round(_JOIN * height / 2)
    near = np.ones((2 * (reach // 2) + 1, 2 * reach + 1), np.uint8)  # odd: an even one would shift the ink
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, near)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found: list[Box] = []
    for label, (x, y, w, h, _) in enumerate(stats[1:].tolist(), start=1):
        area = int((ink[y : y + h, x : x + w] * (labels[y : y + h, x : x + w] == label)).sum())
        if h <= _TALLEST * height and w <= _WIDEST * height and area >= max(2, _LEAST_AREA * height**2):
            found.append(Box(x, y, x + w, y + h))
    joined_dots = _dots_joined(found, height)
    return [box for box in joined_dots if box.area >= _LEAST_ALONE * height**2]


def _is_rung(box: Box, rulings: Sequence[Ruling], height: float) -> bool:
    """True for a line from one vertical ruling to the next: a ruling too short to be told from a dash by
    itself, in a column that has no room for text."""
    if box.height > _RUNG * height:
        return False
    near = _RUNG * height
    beside = [r.at for r in rulings if not r.horizontal and r.start - near <= box.center[1] <= r.end + near]
    return all(any(abs(at - end) < near for at in beside) for end in (box.x0, box.x1))


def _dots_joined(boxes: Sequence[Box], height: float) -> list[Box]:
    """Two small boxes one above the other, the dots of a colon, made one."""
    result: list[Box] = []
    for box in sorted(boxes, key=lambda b: (b.center[0], b.y0)):
        last = result[-1] if result else None
        if (
            last is not None
            and abs(last.center[0] - box.center[0]) < 0.2 * height
            and max(last.height, last.width, box.height, box.width) < 0.4 * height
            and abs(box.center[1] - last.center[1]) < height
        ):
            result[-1] = last.union(box)
        else:
            result.append(box)
    return result


def _crop(
    gray: NDArray[np.uint8], ground: NDArray[np.uint8], ink: NDArray[np.uint8], box: Box, height: float
) -> Pixels:
    """The strokes of the box on their ground, with the room around them that a text line has."""
    middle = box.center[1]
    reach = max(0.9 * height, box.height / 2 + 0.3 * height)
    place = _slices(Box(box.x0 - 0.6 * height, middle - reach, box.x1 + 0.6 * height, middle + reach))
    near = cv2.dilate(ink, np.ones((3, 3), np.uint8))[place] > 0
    seen = np.where(near, gray[place], ground[place]).astype(np.uint8)
    return np.asarray(cv2.cvtColor(seen, cv2.COLOR_GRAY2BGR), np.uint8)


def _line_box(box: Box, height: float) -> Box:
    """The box made as tall as a line: a dash stands in the middle of one."""
    reach = max(box.height, 0.8 * height) / 2
    return Box(box.x0, box.center[1] - reach, box.x1, box.center[1] + reach)


def _widened(box: Box, by: float) -> Box:
    return Box(box.x0 - by, box.y0 - by, box.x1 + by, box.y1 + by)


def _ruling_place(ruling: Ruling) -> Box:
    return _ruling_box(ruling, 0.0)


def _ruling_box(ruling: Ruling, around: float) -> Box:
    reach = ruling.thickness / 2 + around
    if ruling.horizontal:
        return Box(ruling.start - around, ruling.at - reach, ruling.end + around, ruling.at + reach)
    return Box(ruling.at - reach, ruling.start - around, ruling.at + reach, ruling.end + around)


def _slices(box: Box) -> tuple[slice, slice]:
    """Rows and columns of the box, clipped at zero."""
    return (
        slice(max(0, int(box.y0)), max(0, int(np.ceil(box.y1)))),
        slice(max(0, int(box.x0)), max(0, int(np.ceil(box.x1)))),
    )
