"""Answers that mean harm, or nothing: two errors and no others, in bounded time and size."""

from __future__ import annotations

import contextlib
import random
import time
from pathlib import Path

import pytest

from app.errors import EngineAnswerUnusable, NoTableFound
from app.recognition.olmocr.placing import MAX_POSITIONS
from app.recognition.olmocr.response import read_answer
from app.tables.grid import Table

ANSWERS = [path.read_text(encoding="utf-8") for path in (Path(__file__).parent / "answers").glob("*.md")]
PIECES = (
    *("<table>", "</table>", "<tr>", "<td>", "<th rowspan=0>", "<td colspan=99999999999999>", "</td>"),
    *("<td rowspan='-1'>", "<thead>", "</thead>", "<caption>", "<sup>", "</sup>", "<!--", "-->", "<![CDATA["),
    *("|", "\n", "|---|", "\\|", "\\(", "\\)", "\\[", "$", "^{", "_", "\\frac{", "{", "}", "---\n", "```"),
    *("*", "`", "rotation_correction: 90\n", "is_table: True\n", "\x00", "\ud800", "\ufeff", "&#0;", "&lt;"),
    *("[", "](", "![", "<", "<script>", "<svg", "<?xml encoding='utf-16'?>", "é", "數", "1,234.50", " "),
    *("<table", "\r", '{"natural_text":'),
)  # fmt: skip


def _read(answer: str) -> tuple[Table, ...]:
    with contextlib.suppress(EngineAnswerUnusable, NoTableFound):
        return read_answer(answer).tables()
    return ()


@pytest.mark.parametrize("seed", range(4))
def test_garbage_raises_nothing_else(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(1_700):
        answer = "".join(chance.choices(PIECES, k=chance.randrange(1, 60)))
        for table in _read(answer):
            assert table.rows * table.cols <= MAX_POSITIONS


@pytest.mark.parametrize("seed", range(4))
def test_damaged_answers_raise_nothing_else(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(800):
        answer = chance.choice(ANSWERS)
        for _ in range(chance.randrange(1, 8)):
            at, end = sorted(chance.choices(range(len(answer) + 1), k=2))
            answer = answer[:at] + chance.choice((*PIECES, answer[at:end])) + answer[end:]
        _read(answer)


N = 30_000
HUGE = {
    "wide row": "<table><tr>" + "<td>x" * N,
    "many rows": "<table>" + "<tr><td>x" * N,
    "wide and long": "<table><tr>" + "<td>x" * 9_000 + "<tr><td>x" * 9_000,
    "wide spans": "<table>" + "<tr><td colspan=1000000000>x" * 10_000,
    "tall spans": "<table>" + "<tr><td rowspan=65534>x" * 10_000,
    "nested tables": "<table><tr><td>" * 20_000 + "x",
    "nested elements": "<table><tr><td>" + "<b>" * N + "x",
    "nested superscripts": "<table><tr><td>" + "<sup>" * N + "x" + "</sup>" * 20_000,
    "comments": "<table><tr><td>x" + "<!--" * N,
    "open angles": "<table><tr><td>x" + "<" * 4 * N,
    "formulas": "<table><tr><td>" + "\\(" * 2 * N,
    "dollars": "<table><tr><td>" + "$^" * 2 * N,
    "fractions": "<table><tr><td>\\(" + "\\frac{" * 60 + "\\)" + "\\(^{" * N,
    "markdown row": "|" * 4 * N + "\n|---|\n" + "|" * 4 * N,
    "markdown rows": "|a|b|\n|-|-|\n" + "|1|2|\n" * N,
    "brackets": "|a|\n|-|\n|" + "[" * 3 * N + "|",
    "links": "|a|\n|-|\n" + ("|" + "[](" * 1_200 + "|\n") * 60,
    "stars": "|a|\n|-|\n" + ("|" + "*a _b " * 600 + "|\n") * 60,
    "ticks": "|a|\n|-|\n" + ("|" + "".join("`" * n + "a" for n in range(85)) + "|\n") * 60,
    "delimiters": "|a|\n" + "-" * 4 * N,
    "rules": "- " * 2 * N,
    "front matter": "---\n" + "is_table: True\n" * 20_000,
    "json": '{"natural_text":' + "[" * N,
    "paragraphs": "x\n\n" * N + "<table><tr><td>x</table>" * 1_000,
    "tables": "<table><tr><td>x</table>" * 8_000,
    "images": "![" * 2 * N,
}


@pytest.mark.parametrize("answer", HUGE.values(), ids=HUGE.keys())
def test_huge_answers_cost_little(answer: str) -> None:
    started = time.process_time()

    tables = _read(answer)

    assert time.process_time() - started < 4
    assert sum(table.rows * table.cols for table in tables) <= 2 * MAX_POSITIONS


def test_answer_beyond_all_size_is_refused() -> None:
    with pytest.raises(EngineAnswerUnusable, match="more text"):
        read_answer("<table>" * 100_000)
