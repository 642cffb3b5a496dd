"""Files of every format from the tables of a batch."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from app.errors import InvalidRequest
from app.jobs.job import JobOptions, Strategy
from app.jobs.output_ports import OutputFile
from app.models.tables import ImageTables, TableModel, TablesDocument
from app.services.excel import ExcelWriter
from app.services.outputs import TableOutputs, safe_stem, unique_stems
from app.tables.grid import Table
from tests.support.drawing import table

OUTPUTS = TableOutputs(ExcelWriter())
PRICES = table(
    "Item | Price | <", "^ | net | gross", "A & <b> | -1.50 | +2.50", "=1+1 | @x | ü", header_rows=2
)


def image(name: str, *tables: Table) -> ImageTables:
    models = [TableModel.of(drawn, page=number) for number, drawn in enumerate(tables, 1)]
    return ImageTables(image=name, image_id="1", engine="local", pages=len(models), tables=models)


def written(
    images: Sequence[ImageTables], strategy: Strategy = Strategy.CONSOLIDATED, output_format: str = "xlsx"
) -> list[OutputFile]:
    options = JobOptions(strategy=strategy, output_format=output_format)
    return OUTPUTS.plan(images, options).files({})


def one(output_format: str, *images: ImageTables, strategy: Strategy = Strategy.CONSOLIDATED) -> str:
    (file,) = written(images, strategy, output_format)
    return file.content.decode()


@pytest.mark.parametrize("output_format", TableOutputs.formats)
def test_separate_gives_a_file_for_each_image_and_an_archive_of_them_all(output_format: str) -> None:
    files = written([image("a.png", PRICES), image("A.jpg", PRICES)], Strategy.SEPARATE, output_format)

    stems = [file.filename.rpartition(".")[0] for file in files]
    assert stems == ["a", "A (2)", "tables"]
    with ZipFile(BytesIO(files[-1].content)) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert packed == {file.filename: file.content for file in files[:-1]}


@pytest.mark.parametrize("strategy", [Strategy.CONSOLIDATED, Strategy.CONCATENATED])
@pytest.mark.parametrize("output_format", TableOutputs.formats)
def test_other_strategies_give_one_file(output_format: str, strategy: Strategy) -> None:
    (file,) = written([image("a.png", PRICES), image("b.jpg", PRICES)], strategy, output_format)

    assert file.filename.rpartition(".")[0] == "tables"


def test_one_image_gives_its_name_to_the_file() -> None:
    (file,) = written([image("Bericht 2023.png", PRICES)], Strategy.CONSOLIDATED)

    assert file.filename == "Bericht 2023.xlsx"
    assert openpyxl.load_workbook(BytesIO(file.content)).sheetnames == ["Bericht 2023", "Summary"]


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="markdown"):
        written([image("a.png", PRICES)], Strategy.SEPARATE, "docx")


def test_csv_is_read_by_excel_as_unicode_and_calculates_nothing() -> None:
    text = one("csv", image("a.png", PRICES))

    assert text.startswith("\ufeff")
    assert list(csv.reader(StringIO(text.removeprefix("\ufeff")))) == [
        ["Item", "Price", ""],
        ["", "net", "gross"],
        ["A & <b>", "-1.50", "+2.50"],
        ["'=1+1", "'@x", "ü"],
    ]


def test_csv_of_several_tables_names_their_origin() -> None:
    rows = list(csv.reader(StringIO(one("csv", image("=a.png", table("x"), table("y"))))))

    assert rows == [["\ufeff'=a.png"], ["x"], [], ["'=a.png · page 2"], ["y"]]


def test_json_is_the_wire_model() -> None:
    given_images = [image("a.png", PRICES), image("b.png", PRICES)]

    assert TablesDocument.model_validate_json(one("json", *given_images)).images == given_images


def test_html_stands_alone_and_runs_nothing() -> None:
    hostile = image("<script>alert(1)</script>.png", table("<img src=x onerror=alert(1)>", title="<b>"))

    page = html.fromstring(one("html", hostile).encode())

    assert not page.xpath("//script | //img | //b")
    assert page.xpath("//td/text()") == ["<img src=x onerror=alert(1)>"]


def test_markdown_has_one_header_row_and_no_spans() -> None:
    text = one("markdown", image("a_b.png", PRICES))

    assert text.splitlines() == [
        "## a\\_b.png",
        "",
        "| Item | Price – net | Price – gross |",
        "| --- | --- | --- |",
        "| A &amp; &lt;b&gt; | -1.50 | +2.50 |",
        "| =1+1 | @x | ü |",
    ]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("=cmd|' /C calc'!A0", "=cmd_' /C calc'!A0".replace("/", "_")),
        ("CON", "_CON"),
        ("com1.x", "_com1.x"),
        ("  . ", "table"),
        ("📊 Umsatz", "📊 Umsatz"),
        ("a" * 300, "a" * 150),
        ("a\x00b\nc", "ab c"),
    ],
)
def test_safe_stem(name: str, safe: str) -> None:
    assert safe_stem(name) == safe


@given(st.lists(st.text(), max_size=10))
def test_stems_are_unique_and_fit_every_file_system(names: list[str]) -> None:
    stems = unique_stems(names)

    assert len({stem.casefold() for stem in stems}) == len(names)
    for stem in stems:
        assert not set(stem) & set('<>:"/\\|?*\0\n')
        assert 1 <= len(stem.encode()) <= 200
        assert stem == stem.strip(". ")
