"""What stands in the examples' tables: `<` continues the cell to its left, `^` the cell above."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Content:
    """A drawn table: rows of cells divided by `|`; the first ``header_rows`` rows name the columns."""

    drawing: str
    header_rows: int = 1
    bold_rows: tuple[int, ...] = ()
    """Rows of totals, from 0."""

    @property
    def rows(self) -> list[list[str]]:
        return [[cell.strip() for cell in line.split("|")] for line in self.drawing.strip().splitlines()]

    @property
    def cells(self) -> list[dict[str, int | str]]:
        """Cells with place, span and text, in reading order."""
        rows = self.rows
        return [
            {"r": r, "c": c, "rs": _down(rows, r, c), "cs": _across(rows, r, c), "text": text}
            for r, row in enumerate(rows)
            for c, text in enumerate(row)
            if text not in ("<", "^")
        ]

    @property
    def grid(self) -> dict[str, object]:
        """The truth."""
        return {"rows": len(self.rows), "cols": len(self.rows[0]), "cells": self.cells}


def _across(rows: list[list[str]], r: int, c: int) -> int:
    span = 1
    while c + span < len(rows[r]) and rows[r][c + span] == "<":
        span += 1
    return span


def _down(rows: list[list[str]], r: int, c: int) -> int:
    span = 1
    while r + span < len(rows) and rows[r + span][c] == "^":
        span += 1
    return span


DELIVERIES = Content(
    """
    Depot   | Route   | First half | <      | Second half | <      | Year
    ^       | ^       | Parcels    | Pallets | Parcels    | Pallets | Pallets
    Harbour | North   | 12,480     | 316    | 13,905      | 342    | 658
    ^       | South   | 9,215      | 208    | 8,870       | 197    | 405
    ^       | Islands | 1,644      | 57     | 2,031       | 63     | 120
    Airport | Express | 22,130     | 91     | 25,478      | 104    | 195
    ^       | Night   | 7,902      | 45     | 8,316       | 52     | 97
    All depots | <    | 53,371     | 717    | 58,600      | 758    | 1,475
    """,
    header_rows=2,
    bold_rows=(7,),
)

INCOME = Content(
    """
    In thousands of dollars   | Note | 2025     | 2024
    Sales of goods            | 3    | 48,215   | 44,906
    Services                  | 3    | 12,640   | 11,372
    Revenue                   |      | 60,855   | 56,278
    Cost of materials         |      | (27,318) | (25,940)
    Staff costs               | 5    | (18,407) | (17,225)
    Depreciation              | 8    | (3,960)  | (3,814)
    Operating profit          |      | 11,170   | 9,299
    Interest income           |      | 184      | 97
    Interest expense          | 11   | (1,426)  | (1,508)
    Profit before tax         |      | 9,928    | 7,888
    Income tax                | 6    | (2,482)  | (1,972)
    Profit for the year       |      | 7,446    | 5,916
    """,
    bold_rows=(3, 7, 10, 12),
)

INVOICE = Content(
    """
    Pos. | Bezeichnung                 | Menge | Einheit | Einzelpreis | Betrag
    1    | Schaltschrank, pulverbeschichtet | 2 | Stück  | 1.234,50 €  | 2.469,00 €
    2    | Kabelkanal 60 × 40 mm       | 85    | m       | 6,40 €      | 544,00 €
    3    | Leitungsschutzschalter B16  | 24    | Stück   | 8,95 €      | 214,80 €
    4    | Montage vor Ort             | 17,5  | Std.    | 62,00 €     | 1.085,00 €
    5    | Prüfprotokoll               | 1     | Stück   | 150,00 €    | 150,00 €
    Nettobetrag      | < | < | < | < | 4.462,80 €
    zzgl. 19 % MwSt. | < | < | < | < | 847,93 €
    Rechnungsbetrag  | < | < | < | < | 5.310,73 €
    """,
    bold_rows=(8,),
)

RAINFALL = Content(
    """
    Station      | Spring | Summer | Autumn | Winter | Year
    Alder Hill   | 142.5  | 96.0   | 188.3  | 201.7  | 628.5
    Birch Valley | 118.9  | 73.4   | 164.2  | 170.6  | 527.1
    Cedar Point  | 97.2   | 51.8   | 139.9  | 155.0  | 443.9
    """,
)

GAUGES = Content(
    """
    Gauge | Installed  | Height (m) | Checked
    A-17  | 12/03/2019 | 214        | yes
    B-04  | 28/08/2021 | 96         | yes
    C-31  | 05/11/2016 | 12         | no
    C-32  | 05/11/2016 | 15         | yes
    """,
)

STOCKTAKE = Content(
    """
    Article | Description       | Counted | Price  | Value
    10-4471 | Hex bolt M8       | 1,250   | 0.12   | 150.00
    10-4472 | Hex bolt M10      | 840     | 0.18   | 151.20
    22-0093 | Washer, zinc      | 3,600   | 0.03   | 108.00
    31-7705 | Threaded rod 1 m  | 65      | 2.40   | 156.00
    40-1188 | Anchor plate      | 42      | 5.75   | 241.50
    Total   | <                 | 5,797   |        | 806.70
    """,
    bold_rows=(6,),
)

STAFFING = Content(
    """
    Team       | Jan | Feb | Mar | Total
    Reception  | 412 | 398 | 431 | 1,241
    Workshop   | 960 | 944 | 1,012 | 2,916
    Logistics  | 638 | 602 | 655 | 1,895
    All teams  | 2,010 | 1,944 | 2,098 | 6,052
    """,
    bold_rows=(4,),
)

ENERGY = Content(
    """
    Meter          | Opening | Closing | Used (kWh) | Cost
    Hall 1         | 104,220 | 118,945 | 14,725     | $3,239.50
    Hall 2         | 88,010  | 96,530  | 8,520      | $1,874.40
    Yard lighting  | 12,304  | 13,279  | 975        | $214.50
    Charging posts | 4,118   | 6,898   | 2,780      | $611.60
    Total          |         |         | 27,000     | $5,940.00
    """,
    bold_rows=(5,),
)

BUILDS = Content(
    """
    Service   | Version | Latency | Errors | Uptime
    gateway   | 4.12.0  | 18 ms   | 0.02%  | 99.98%
    billing   | 2.7.3   | 41 ms   | 0.10%  | 99.91%
    search    | 9.0.1   | 63 ms   | 0.37%  | 99.72%
    mailer    | 1.4.18  | 112 ms  | 0.05%  | 99.95%
    reports   | 3.3.0   | 240 ms  | 1.20%  | 98.84%
    """,
)
