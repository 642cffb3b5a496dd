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
from app.workbook.plan import SourceTables
from app.workbook.strategies import consolidated
from tests.support.corpus import as_corpus, corpus_columns

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
