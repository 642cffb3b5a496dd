"""Runs one peer over a folder of images, alone in its process, in bench/.venv without anything of ours.

peer.py rapid_table|img2table FOLDER OUT.json [LIMIT]
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from lxml import html


def rapid_table() -> Callable[[str], list[str]]:
    """SLANet-plus with PP-OCRv6 on onnxruntime: one HTML table an image."""
    from rapid_table import RapidTable
    from rapidocr import RapidOCR

    ocr, table = RapidOCR(), RapidTable()

    def run(path: str) -> list[str]:
        read = ocr(path)
        if read.txts is None:
            return []
        lines = [
            [box.tolist(), text, score]
            for box, text, score in zip(read.boxes, read.txts, read.scores, strict=True)
        ]
        return [table(path, lines)[0]]

    return run


def img2table() -> Callable[[str], list[str]]:
    """Rulings and borderless tables by OpenCV, with PP-OCRv6 on onnxruntime."""
    from img2table.document import Image
    from img2table.ocr import RapidOCR

    ocr = RapidOCR()

    def run(path: str) -> list[str]:
        found = Image(path).extract_tables(
            ocr=ocr, borderless_tables=True, implicit_rows=True, implicit_columns=True
        )
        return [table.html for table in found]

    return run


def grid(markup: str) -> dict[str, object]:
    """A table's cells as ``{"r", "c", "rs", "cs", "text"}``."""
    taken: set[tuple[int, int]] = set()
    cells = []
    for r, row in enumerate(html.fromstring(markup).iter("tr")):
        c = 0
        for cell in row.iter("td", "th"):
            while (r, c) in taken:
                c += 1
            rs, cs = int(cell.get("rowspan") or 1), int(cell.get("colspan") or 1)
            taken |= {(r + i, c + j) for i in range(rs) for j in range(cs)}
            cells.append({"r": r, "c": c, "rs": rs, "cs": cs, "text": cell.text_content().strip()})
            c += cs
    rows = max((cell["r"] + cell["rs"] for cell in cells), default=0)
    cols = max((cell["c"] + cell["cs"] for cell in cells), default=0)
    return {"rows": rows, "cols": cols, "cells": cells}


def main() -> None:
    peer, folder, out, *limit = sys.argv[1:]
    run = {"rapid_table": rapid_table, "img2table": img2table}[peer]()
    paths = sorted(p for p in Path(folder).iterdir() if p.suffix != ".json")[
        : int(limit[0]) if limit else None
    ]
    run(str(paths[0]))
    found, began = {}, time.perf_counter()
    for path in paths:
        try:
            tables = run(str(path))
        except Exception as crash:  # noqa: BLE001 - a peer's crash is a result
            print(f"{peer}: {path.name}: {crash!r}", file=sys.stderr)
            tables = []
        found[path.stem] = [grid(markup) for markup in tables]
    result = {
        "seconds": time.perf_counter() - began,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "images": len(paths),
        "grids": found,
    }
    Path(out).write_text(json.dumps(result))


if __name__ == "__main__":
    main()
