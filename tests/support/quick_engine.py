"""An engine within the worker's own process that takes a few milliseconds, or does what the image says."""

from __future__ import annotations

import asyncio
import os
import signal
from functools import partial
from pathlib import Path

from app.recognition.engine import (
    EngineName,
    FoundTable,
    Progress,
    Recognition,
    Report,
    SourceImage,
    Stage,
)
from app.tables.grid import Cell, Table
from tests.support.waiting import until


class QuickEngine:
    """Reads lines of cells parted by `|`. `kill` ends the whole worker, `until PATH` waits for a file."""

    name = EngineName.LOCAL

    def __init__(self, seconds: float = 0.01) -> None:
        self._seconds = seconds

    async def recognize(self, image: SourceImage, report: Report) -> Recognition:
        text = image.path.read_text()
        report(Progress(Stage.WORDS, 1, 1))
        await asyncio.sleep(self._seconds)
        if text == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if text.startswith("until "):
            await until(partial(asyncio.to_thread, Path(text.removeprefix("until ")).exists))
        rows = [line.split("|") for line in text.splitlines()]
        cells = [Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
        return Recognition((FoundTable(Table.from_cells(cells), 1),), 1, EngineName.LOCAL)

    async def close(self) -> None:
        pass
