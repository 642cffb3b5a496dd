"""Answers in every known form, with the tables that they mean."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.recognition.olmocr.response import read_answer
from app.tables.grid import Table
from tests.support.drawing import table

ANSWERS = Path(__file__).parent / "answers"


def _truth(path: Path) -> tuple[Table, ...]:
    """Drawings parted by ====; in a cell ⏎ is a line break and ¦ a pipe."""
    return tuple(_drawn(part) for part in path.read_text(encoding="utf-8").split("====\n"))


def _drawn(part: str) -> Table:
    lines = part.rstrip("\n").split("\n")
    heads = [line for line in lines if line.startswith(("title: ", "note: ", "header_rows: "))]
    fields = [(name, value) for name, _, value in (line.partition(": ") for line in heads)]
    rows = [line.replace("⏎", "\n") for line in lines if line not in heads]
    drawing = table(
        *rows,
        header_rows=int(dict(fields)["header_rows"]),
        title=dict(fields).get("title", ""),
        notes=tuple(value for name, value in fields if name == "note"),
    )
    return _with_pipes(drawing)


def _with_pipes(drawing: Table) -> Table:
    cells = tuple(replace(cell, text=cell.text.replace("¦", "|")) for cell in drawing.cells)
    return replace(drawing, cells=cells)


@pytest.mark.parametrize("path", sorted(ANSWERS.glob("*.md")), ids=lambda path: path.stem)
def test_answer_means_the_tables_that_it_shows(path: Path) -> None:
    found = read_answer(path.read_text(encoding="utf-8")).tables()

    assert found == _truth(path.with_suffix(".truth"))
