"""What LibreOffice displays of our workbooks is what stood in the image; openpyxl reads the same values."""

from __future__ import annotations

import csv
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from app.services.excel import ExcelWriter
from app.workbook.options import WorkbookOptions
from app.workbook.plan import SourceTables
from app.workbook.strategies import consolidated
from tests.support.corpus import as_corpus, corpus_columns
from tests.support.drawing import table

_AS_SHOWN = "csv:Text - txt - csv (StarCalc):9,34,76,1,,1033,true,true,true,false,false,-1"
"""Tabs, UTF-8, English (US), every cell quoted and as it is shown, a file for each sheet."""
_COLUMNS_A_WORKBOOK = 20
"""So few that their number formats fit."""


def displayed(folder: Path) -> dict[tuple[str, str], list[list[str]]]:
    """The cells of the folder's workbooks as LibreOffice shows them, by workbook and sheet."""
    soffice = shutil.which("soffice")
    assert soffice, "LibreOffice is missing: apt-get install libreoffice-calc"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    books = sorted(map(str, folder.glob("*.xlsx")))
    command = [soffice, profile, "--headless", "--convert-to", _AS_SHOWN, "--outdir", str(folder), *books]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    found: dict[tuple[str, str], list[list[str]]] = {}
    for path in folder.glob("*.csv"):
        book, _, sheet = path.stem.partition("-")
        with path.open(encoding="utf-8", newline="") as lines:
            found[book, sheet] = list(csv.reader(lines, delimiter="\t"))
    return found


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus as workbooks, a sheet for each column, named by its number."""
    folder = tmp_path_factory.mktemp("books")
    columns = list(corpus_columns().values())
    for start in range(0, len(columns), _COLUMNS_A_WORKBOOK):
        images = [
            SourceTables(f"c{number}.png", (column.table,))
            for number, column in enumerate(columns[start : start + _COLUMNS_A_WORKBOOK], start)
        ]
        (folder / f"book{start}.xlsx").write_bytes(ExcelWriter().write(consolidated(images)))
    return folder


def test_libreoffice_shows_each_value_of_the_corpus_as_the_image_does(books: Path) -> None:
    shown = {sheet: rows for (_, sheet), rows in displayed(books).items()}
    wrong = {
        f"{name}: {entry.text}": rows[entry.row][1]
        for number, (name, column) in enumerate(corpus_columns().items())
        for rows in (shown[f"c{number}"],)
        for entry in column.entries
        if rows[entry.row][1] != entry.text
    }

    assert not wrong


def test_openpyxl_reads_each_value_of_the_corpus(books: Path) -> None:
    sheets = {
        sheet.title: sheet
        for path in books.glob("*.xlsx")
        for sheet in openpyxl.load_workbook(BytesIO(path.read_bytes())).worksheets
    }
    for number, column in enumerate(corpus_columns().values()):
        for entry in column.entries:
            value = sheets[f"c{number}"].cell(entry.row + 1, 2).value
            assert as_corpus(value) == (entry.value if entry.must_be_typed else ""), entry.text
            assert entry.must_be_typed or value == entry.text


def test_live_totals_come_out_as_they_stand_in_the_image(tmp_path: Path) -> None:
    """openpyxl keeps formulas and drops their results, so that LibreOffice computes them."""
    cash = table(
        "Item | 2024 | 2023 | Both",
        "Sales | 1,204.50 | 1,100.25 | 2,304.75",
        "Costs | (310.10) | (299.95) | (610.05)",
        "Fees | 0.30 | 0.10 | 0.40",
        "Total | 894.70 | 800.40 | 1,695.10",
        header_rows=1,
    )
    written = ExcelWriter().write(
        consolidated([SourceTables("cash.png", (cash,))], WorkbookOptions(live_totals=True))
    )
    results = openpyxl.load_workbook(BytesIO(written), data_only=True)["cash"]
    book = openpyxl.load_workbook(BytesIO(written))
    live = {cell.coordinate for row in book["cash"].iter_rows() for cell in row if cell.data_type == "f"}
    assert live >= {"B5", "C5", "D5"}
    assert [results[place].value for place in ("B5", "C5", "D5")] == [894.7, 800.4, 1695.1]

    book.save(tmp_path / "same.xlsx")
    book["cash"]["B2"].value += 1000
    book.save(tmp_path / "changed.xlsx")
    shown = displayed(tmp_path)

    same, changed = shown["same", "cash"], shown["changed", "cash"]
    assert same == [[cell.text for cell in row] for row in cash.dense()]
    assert changed[4] == ["Total", "1,894.70", "800.40", "2,695.10"]
