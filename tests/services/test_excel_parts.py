"""One workbook, part by part, against the one that was looked at in LibreOffice.

``python -m tests.services.test_excel_parts`` writes it anew after an intended change; look at it again then.
"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from app.jobs.output_ports import Cutting
from app.services.excel import ExcelWriter
from app.tables.geometry import Box
from app.tables.grid import Cell, Look, Table
from app.workbook.options import WorkbookOptions
from app.workbook.plan import SourceTables
from app.workbook.strategies import consolidated
from tests.support.drawing import table

GOLDEN = Path(__file__).with_name("golden") / "report.xlsx"
IGNORED = {
    "docProps/app.xml": "names the version of the writing library",
}
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000028000000140100000000d73d4216000000124944415478da63fc"
    "cfc0c0c0c0c4406f1200806101272b80ce6c0000000049454e44ae426082"
)
"""A white PNG of 40 × 20 pixels."""


def report() -> bytes:
    financial = table(
        "Item | 2023 | < | Change",
        "^ | Q1 | Q2 | ^",
        "Revenue | 1,234.50 | 12,345.00 | +12.5%",
        "Cost | 234.50 | 1,345.25 | -3.0%",
        "Balance | $1,000.00 | $10,999.75 | n/a",
        header_rows=2,
        title="Profit & loss",
        notes=("Source: <annual report>",),
    )
    invoice = table(
        "Artikel | Menge | Preis | Datum",
        "Schraube M4 | 1.200 | 0,05 € | 12.03.2023",
        "Kabel | 3 | 1.234,50 € | 01.04.2023",
        header_rows=1,
    )
    doubtful = Table(
        2,
        2,
        (
            Cell(0, 0, "国家", confidence=0.99),
            Cell(0, 1, "ID"),
            Cell(1, 0, "=1+1", 1, 1, Box(3, 4, 40, 20), 0.2, "=1+l", ("=1+4",)),
            Cell(1, 1, "007"),
        ),
        1,
    )
    stock = as_seen(
        table("Item | Qty | Lost", "Bolts | 1,250 | 3", "Nuts | 880 | 4", "Total | 2,180 | 7", header_rows=1)
    )
    sources = [
        SourceTables("report.png", (financial, invoice), (1, 2), "local"),
        SourceTables("REPORT 1.jpg", (doubtful,), warnings=("The API failed; the local engine stood in.",)),
        SourceTables("stock.png", (stock,), position=2),
    ]
    everything = WorkbookOptions(evidence_sheet=True, source_images=True, live_totals=True)
    plan = consolidated(sources, everything)
    cutouts = [image.cutout for sheet in plan.sheets for image in sheet.images]
    return ExcelWriter().write(plan, dict.fromkeys(cutouts, Cutting(DOT, 40, 20)))


def as_seen(stock: Table) -> Table:
    """On a dark header, with stripes and a bold total, which is doubtful."""
    looks = {0: Look(bold=True, fill="#1F4E79"), 1: Look(fill="#DDEBF7"), 3: Look(bold=True, fill="#DDEBF7")}
    cells = tuple(replace(cell, look=looks.get(cell.row)) for cell in stock.cells)
    return replace(stock, cells=cells)


def parts(content: bytes) -> dict[str, str]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: _readable(archive.read(name)) for name in archive.namelist()}


def _readable(part: bytes) -> str:
    return part.decode().replace("><", ">\n<") if part.startswith(b"<") else part.hex()


def test_the_same_parts_with_the_same_content() -> None:
    ours, golden = parts(report()), parts(GOLDEN.read_bytes())

    assert sorted(ours) == sorted(golden)
    for name in sorted(set(golden) - set(IGNORED)):
        assert ours[name].splitlines() == golden[name].splitlines(), name


if __name__ == "__main__":
    GOLDEN.write_bytes(report())
