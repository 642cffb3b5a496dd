"""Runs the local engine over a folder of images in one process on all cores, as peer.py runs a peer.

ours.py FOLDER OUT.json [LIMIT]
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

from app.errors import NoTableFound
from app.recognition.engine import SourceImage
from app.recognition.local.options import LocalOptions
from app.services.local_engine import local_recognizer
from app.tables.grid import Table


def grid(table: Table) -> dict[str, object]:
    """A table's cells as ``{"r", "c", "rs", "cs", "text"}``."""
    cells = [
        {"r": cell.row, "c": cell.col, "rs": cell.row_span, "cs": cell.col_span, "text": cell.text}
        for cell in table.cells
    ]
    return {"rows": table.rows, "cols": table.cols, "cells": cells}


def main() -> None:
    folder, out, *limit = sys.argv[1:]
    recognizer = local_recognizer(LocalOptions(threads=len(os.sched_getaffinity(0))))
    paths = sorted(p for p in Path(folder).iterdir() if p.suffix != ".json")[
        : int(limit[0]) if limit else None
    ]

    def run(path: Path) -> list[Table]:
        try:
            return [
                found.table
                for found in recognizer.recognize(SourceImage(path, path.name), lambda _: None).tables
            ]
        except NoTableFound:
            return []

    run(paths[0])
    found, began = {}, time.perf_counter()
    for path in paths:
        found[path.stem] = [grid(table) for table in run(path)]
    result = {
        "seconds": time.perf_counter() - began,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "images": len(paths),
        "grids": found,
    }
    Path(out).write_text(json.dumps(result))


if __name__ == "__main__":
    main()
