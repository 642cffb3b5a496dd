"""Tables as JSON: what `GET /api/v1/jobs/{job_id}/tables` answers and `--format json` writes."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.tables.geometry import Box
from app.tables.grid import Align, Cell, Look, Table, Verdict

_EXAMPLE: JsonDict = {
    "job_id": "9a1b5f0c7e3d4c21a8e64f0b2d7c9e13",
    "images": [
        {
            "image": "table.png",
            "image_id": "77e0c1d2b3a4958677e0c1d2b3a49586",
            "engine": "local",
            "pages": 1,
            "warnings": [],
            "tables": [
                {
                    "page": 1,
                    "box": [12.0, 20.0, 320.0, 84.0],
                    "rows": 1,
                    "cols": 2,
                    "header_rows": 0,
                    "title": "",
                    "notes": [],
                    "cells": [
                        {"row": 0, "col": 0, "text": "Revenue", "box": [14, 22, 90, 40], "confidence": 0.98},
                        {"row": 0, "col": 1, "text": "1,204", "box": [120, 22, 160, 40], "confidence": 0.99},
                    ],
                }
            ],
        }
    ],
}


class LookModel(BaseModel):
    """How a cell stands out from the others of its table."""

    bold: bool = False
    fill: str | None = Field(
        None,
        pattern="^#[0-9A-F]{6}$",
        description="Colour of the ground as on white paper; null: the table's paper.",
    )


class CellModel(BaseModel):
    """One cell; row and column from 0."""

    row: int
    col: int
    row_span: int = 1
    col_span: int = 1
    text: str = ""
    box: tuple[float, float, float, float] | None = Field(
        None, description="x0, y0, x1, y1 in pixels of the source page, origin top left."
    )
    confidence: float | None = Field(None, ge=0, le=1)
    raw_text: str | None = Field(
        None, description="What was read before characters were repaired; null: the text stands as read."
    )
    alternatives: list[str] = Field(default_factory=list[str], description="Other readings, likeliest first.")
    verdict: Verdict | None = Field(
        None,
        description="Of the engine `both`. `agreed`: both read it so. `differing`: the local engine's "
        "reading is the first alternative. `unsupported`: no such text was seen. `missing`: olmOCR's answer "
        "lacks it, the text is the local engine's. `moved`: into the column where the image has it. "
        "Null: not compared.",
    )
    align: Align | None = Field(None, description="As in the image; null: the engine does not tell.")
    indent: int = Field(
        0, ge=0, le=16, description="How deep a label of the first column is indented; 0: not, or unknown."
    )
    look: LookModel | None = Field(
        None, description="As in the image; null: it does not stand out, or the engine does not tell."
    )


class TableModel(BaseModel):
    """One table of a source image."""

    page: int = Field(1, ge=1, description="Of a table on several pages the first.")
    box: tuple[float, float, float, float] | None = None
    rows: int
    cols: int
    header_rows: int = 0
    title: str = ""
    notes: list[str] = Field(default_factory=list[str])
    cells: list[CellModel]
    parts: list[PartModel] = Field(
        default_factory=list["PartModel"],
        description="Of a table that was joined from several pages: what each page holds. The box of a cell "
        "is in pixels of the page of its row. Empty for a table on one page.",
    )

    @classmethod
    def of(cls, table: Table, *, page: int = 1, box: Box | None = None) -> TableModel:
        return cls(
            page=page,
            box=_corners(box),
            rows=table.rows,
            cols=table.cols,
            header_rows=table.header_rows,
            title=table.title,
            notes=list(table.notes),
            cells=[
                CellModel(
                    row=cell.row,
                    col=cell.col,
                    row_span=cell.row_span,
                    col_span=cell.col_span,
                    text=cell.text,
                    box=_corners(cell.box),
                    confidence=cell.confidence,
                    raw_text=cell.raw_text,
                    alternatives=list(cell.alternatives),
                    verdict=cell.verdict,
                    align=cell.align,
                    indent=cell.indent,
                    look=cell.look and LookModel(bold=cell.look.bold, fill=cell.look.fill),
                )
                for cell in table.cells
            ],
        )

    def to_table(self) -> Table:
        """ValueError where the cells do not tile the grid."""
        cells = tuple(
            Cell(
                cell.row,
                cell.col,
                cell.text,
                cell.row_span,
                cell.col_span,
                Box(*cell.box) if cell.box else None,
                cell.confidence,
                cell.raw_text,
                tuple(cell.alternatives),
                cell.verdict,
                cell.align,
                cell.indent,
                cell.look and Look(cell.look.bold, cell.look.fill),
            )
            for cell in self.cells
        )
        return Table(self.rows, self.cols, cells, self.header_rows, self.title, tuple(self.notes))


class PartModel(BaseModel):
    """What one page holds of a table that goes on over several."""

    first_row: int = Field(
        ge=0,
        description="Row of the whole table in which the part begins. A row cut by the page's end belongs to "
        "both parts.",
    )
    rows: int = Field(ge=0, description="Rows of the whole table that stand on the page.")
    table: TableModel = Field(description="The page's table as it stands there, repeated header included.")


class ImageTables(BaseModel):
    """The tables of one source image."""

    image: str
    image_id: str
    engine: str
    pages: int = 1
    warnings: list[str] = Field(default_factory=list[str])
    tables: list[TableModel]


class TablesDocument(BaseModel):
    """The tables of a batch, as `--format json` writes them."""

    images: list[ImageTables]


class TablesAnswer(TablesDocument):
    """All tables of a job that are there so far."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    job_id: str


def _corners(box: Box | None) -> tuple[float, float, float, float] | None:
    return None if box is None else (box.x0, box.y0, box.x1, box.y1)
