"""Recognizers that do what the image says: a file of text lines. Built within the engine's process."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

from app.errors import NoTableFound
from app.recognition.engine import (
    EngineName,
    FoundTable,
    Progress,
    Recognition,
    Report,
    SourceImage,
    Stage,
)
from app.recognition.survey import Survey
from app.tables.grid import Cell, Table


class ObedientRecognizer:
    """Reads lines of cells parted by `|`. Single words are commands: `crash` kills the process, `hang` never
    ends, `refuse` finds no table, `bug` raises an error without a name, `print` writes to stdout, and
    `until PATH` waits for a file."""

    def recognize(self, image: SourceImage, report: Report) -> Recognition:
        text = image.path.read_text()
        for stage in Stage:
            report(Progress(stage, 1, 1))
            if stage is Stage.WORDS:
                self._obey(text.strip())
        rows = [line.split("|") for line in text.splitlines()]
        cells = [Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
        return Recognition((FoundTable(Table.from_cells(cells), 1),), 1, EngineName.LOCAL)

    def survey(self, image: SourceImage) -> Survey:
        """Counts letters."""
        text = image.path.read_text()
        self._obey(text.strip())
        return Survey(characters=len(text))

    def _obey(self, command: str) -> None:
        if command == "crash":
            os.kill(os.getpid(), signal.SIGKILL)
        if command == "hang":
            threading.Event().wait()
        if command.startswith("until "):
            while not Path(command.removeprefix("until ")).exists():
                time.sleep(0.02)
        if command == "refuse":
            raise NoTableFound("The image holds no table.")
        if command == "bug":
            raise ZeroDivisionError("a fault of our own")
        if command == "print":
            print("a library that talks")


class StillbornRecognizer:
    """Its process dies while the models are loaded."""

    def __init__(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class HomelessRecognizer:
    """Its models cannot be loaded."""

    def __init__(self) -> None:
        raise FileNotFoundError("the model")
