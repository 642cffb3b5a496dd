"""Characters with places → words. The order in which a document draws them says nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from app.recognition.decoding.pdf_characters import Character

_SAME_BASE = 0.12
"""In sizes of the font, as all lengths here."""
_WIDE = 0.6
"""A gap from which on another word begins."""
_WIDE_LETTERS = 1.3
"""The same in widths of the letters beside it: a typewriter's space is as wide as they."""
_SPACE = 0.15
"""A gap that is a space, drawn or not, beyond the usual distance of the line's letters."""
_BESIDE = 0.3
"""A gap that parts two figures drawn on their own: columns of numbers may stand this near."""
_DRAWN, _OMITTED = 3, 0.05
"""A document draws its spaces that does so at least so often, and omits at most this share of them."""
_TWICE = 0.12
"""The same character so near is one drawn twice, for boldness or a shadow."""
_AFTER, _BEFORE = frozenset("%)€$£"), frozenset("(+-−€$£")
"""What a number may end with, and begin with."""
_LETTERS = 5
"""So many letters on a line tell their usual distance."""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one word on one base line, left to right."""

    characters: tuple[Character, ...]
    text: str
    edges: tuple[float, ...]
    """x of the len(text) + 1 character boundaries."""

    @property
    def is_whole(self) -> bool:
        """Whether the meaning of every character is known."""
        return all(character.text for character in self.characters)


def lines_of(characters: Iterable[Character]) -> list[list[Character]]:
    """Characters of one turn that stand on one base line, left to right; each once."""
    return list(_lines(_drawn_once(characters)))


def runs_of(line: Sequence[Character], *, spaces_drawn: bool = False) -> list[Run]:
    """The words of a line. ``spaces_drawn``: texts drawn each on its own, with no space drawn between them,
    are two words."""
    return [_run(piece, spaced) for piece, spaced in _pieces(line, spaces_drawn)]


def are_spaces_drawn(lines: Iterable[Sequence[Character]]) -> bool:
    """Whether the spaces within texts are characters, as spreadsheets and browsers print them, rather than
    mere distance, as in TeX."""
    drawn = omitted = 0
    for left, right in (pair for line in lines for pair in itertools.pairwise(line)):
        if left.owner == right.owner:
            drawn += left.text != " " and right.text == " "
            omitted += " " not in (left.text, right.text) and _gap(left, right) > _SPACE
    return drawn >= _DRAWN and omitted <= _OMITTED * drawn


def _drawn_once(characters: Iterable[Character]) -> Iterator[Character]:
    seen: dict[tuple[str, int, int], list[Character]] = {}
    for character in characters:
        step = max(1.0, character.em)
        cell = (round(character.left / step), round(character.base / step))
        near = itertools.product((-1, 0, 1), repeat=2)
        others = (seen.get((character.text, cell[0] + dx, cell[1] + dy), []) for dx, dy in near)
        if character.text != " " and any(_is_twin(character, other) for each in others for other in each):
            continue
        seen.setdefault((character.text, *cell), []).append(character)
        yield character


def _is_twin(one: Character, other: Character) -> bool:
    reach = min(_TWICE * max(one.em, other.em), 0.4 * max(1.0, one.right - one.left))
    return abs(one.left - other.left) < reach and abs(one.base - other.base) < reach


def _lines(characters: Iterable[Character]) -> Iterator[list[Character]]:
    """Characters on one base line, left to right."""
    line: list[Character] = []
    for character in sorted(characters, key=lambda c: c.base):
        if line and character.base - line[-1].base > _SAME_BASE * min(character.em, line[-1].em):
            yield sorted(line, key=lambda c: c.left)
            line = []
        line.append(character)
    if line:
        yield sorted(line, key=lambda c: c.left)


def _pieces(line: Sequence[Character], spaces_drawn: bool) -> Iterator[tuple[list[Character], list[bool]]]:
    """Characters of each word, and whether a space stands before each."""
    usual = _usual_gap(line)
    piece: list[Character] = []
    spaced: list[bool] = []
    spaces: list[Character] = []
    for character in line:
        if character.text == " ":
            spaces.append(character)
            continue
        space = False
        if piece:
            gap = character.left - piece[-1].right - usual
            is_space = gap > _SPACE * max(piece[-1].em, character.em)
            alone = spaces_drawn and not spaces and piece[-1].owner != character.owner
            if (is_space and alone) or _are_apart(piece[-1], spaces, character, gap, usual):
                yield piece, spaced
                piece, spaced = [], []
            else:
                space = is_space or (bool(spaces) and gap > 0)
        spaced.append(space)
        piece.append(character)
        spaces = []
    if piece:
        yield piece, spaced


def _are_apart(
    last: Character, spaces: Sequence[Character], next_: Character, gap: float, usual: float
) -> bool:
    """Whether two neighbours belong to two words. One drawn space never parts them, as wide as it may be."""
    em = max(last.em, next_.em)
    if len(spaces) == 1:
        gap -= max(0.0, spaces[0].right - spaces[0].left + usual - _SPACE * em)
    wide = max(_WIDE * em, _WIDE_LETTERS * (last.right - last.left + next_.right - next_.left) / 2)
    return gap > wide or (gap > _BESIDE * em and not spaces and _are_two(last, next_))


def _are_two(last: Character, next_: Character) -> bool:
    """Whether the end of one number and the beginning of another are drawn on their own."""
    ends = last.text[-1:].isdigit() or last.text in _AFTER
    return ends and (next_.text[:1].isdigit() or next_.text in _BEFORE) and last.owner != next_.owner


def _gap(left: Character, right: Character) -> float:
    em = max(left.em, right.em)
    return (right.left - left.right) / em if em > 0 else 0.0


def _usual_gap(line: Sequence[Character]) -> float:
    """How far apart letters are set; 0 where they touch, as they mostly do."""
    gaps = [
        right.left - left.right
        for left, right in itertools.pairwise(line)
        if left.text != " " and right.text != " " and right.left - left.right < _WIDE * right.em
    ]
    return max(0.0, median(gaps)) if len(gaps) >= _LETTERS else 0.0


def _run(piece: Sequence[Character], spaced: Sequence[bool]) -> Run:
    text, edges = "", [piece[0].ink.x0]
    for last, character, space in zip([None, *piece], piece, spaced, strict=False):
        if last is not None and space:
            text += " "
            edges += [last.ink.x1, max(last.ink.x1, character.ink.x0)]
        elif last is not None:
            edges.append((last.ink.x1 + character.ink.x0) / 2)
        text += character.text
    edges.append(piece[-1].ink.x1)
    return Run(tuple(piece), text, tuple(itertools.accumulate(edges, max)))
