"""`olmocr-backend convert`, run as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import openpyxl
import pytest

from tests.support.stock_list import PARTS, parts_of, stock_list

EXAMPLES = Path(__file__).parents[2] / "examples"
RULED, FINANCIAL = EXAMPLES / "ruled_spanning.png", EXAMPLES / "unruled_financial.png"
SCHEMA = EXAMPLES.parent / "docs" / "tables.schema.json"
COMMAND = Path(sys.executable).with_name("olmocr-backend")


def convert(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "convert", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OLMOCR_API_KEY": "", **environment},
    )


def test_each_image_becomes_a_workbook_and_a_bad_one_stops_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "notes.png"
    bad.write_text("no image")

    done = convert(RULED, bad, FINANCIAL, tmp_path / "absent.png", "--out", tmp_path / "out")

    assert done.returncode == 1
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "ruled_spanning.xlsx",
        "unruled_financial.xlsx",
    ]
    assert "notes.png: " in done.stderr
    assert "absent.png: There is no such file" in done.stderr
    assert "Traceback" not in done.stderr
    assert {Path(line).name for line in done.stdout.split()} == {
        "ruled_spanning.xlsx",
        "unruled_financial.xlsx",
    }


@pytest.mark.parametrize(
    ("output_format", "name"),
    [("csv", "a.csv"), ("json", "a.json"), ("html", "a.html"), ("markdown", "a.md")],
)
def test_formats(tmp_path: Path, output_format: str, name: str) -> None:
    image = tmp_path / "a.png"
    image.write_bytes(RULED.read_bytes())

    done = convert(image, "--out", tmp_path / "out", "--format", output_format)

    assert done.returncode == 0, done.stderr
    written = (tmp_path / "out" / name).read_text(encoding="utf-8-sig")
    assert "13,905" in written
    if output_format == "json":
        jsonschema_rs.validate(json.loads(SCHEMA.read_text(encoding="utf-8")), json.loads(written))


def test_consolidated_with_overlay(tmp_path: Path) -> None:
    done = convert(
        RULED, FINANCIAL, "--out", tmp_path, "--strategy", "consolidated", "--overlay", tmp_path / "seen"
    )

    assert done.returncode == 0, done.stderr
    (book,) = tmp_path.glob("*.xlsx")
    ruled, financial, *_ = openpyxl.load_workbook(book).worksheets
    assert [ruled["A1"].value, financial["B1"].value] == ["Depot", "Note"], "tables stand alone, for programs"
    assert list((tmp_path / "seen").rglob("*.png"))


@pytest.mark.parametrize(
    ("switch", "parts"), [("--with", PARTS), ("--without", frozenset[str]())], ids=["with", "without"]
)
def test_workbooks_have_what_is_asked_for(tmp_path: Path, switch: str, parts: frozenset[str]) -> None:
    document = tmp_path / "stock.pdf"
    document.write_bytes(stock_list())

    done = convert(document, "--out", tmp_path, *(word for part in sorted(PARTS) for word in (switch, part)))

    assert done.returncode == 0, done.stderr
    assert parts_of((tmp_path / "stock.xlsx").read_bytes()) == parts


def test_names_that_are_alike_do_not_overwrite_one_another(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "scan.png").write_bytes(RULED.read_bytes())

    done = convert(tmp_path / "one" / "scan.png", tmp_path / "two" / "scan.png", "--out", tmp_path / "out")

    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "out").glob("*.xlsx"))) == 2


@pytest.mark.parametrize(
    "arguments",
    [(), (RULED,), (RULED, "--out", "x", "--engine", "magic"), (RULED, "--out", "x", "--engine", "olmocr")],
    ids=["nothing", "no folder", "unknown engine", "no key"],
)
def test_wrong_usage_is_named(arguments: tuple[str | Path, ...], tmp_path: Path) -> None:
    done = convert(*arguments, OLMOCR_API_KEY="")

    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_a_worker_without_a_store_says_what_it_needs() -> None:
    done = subprocess.run(
        [COMMAND, "worker"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "REDIS_URL": ""},
    )

    assert done.returncode == 2
    assert "REDIS_URL" in done.stderr
