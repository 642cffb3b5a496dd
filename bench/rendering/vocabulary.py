"""Words of tables, by language."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Vocabulary:
    """What tables of one language are made of."""

    share: int
    """How often it is drawn, beside the others."""
    labels: list[str]
    headings: list[str]
    words: list[str]
    """For labels of several words, descriptions and prose."""
    total: str
    decimal: str
    thousands: list[str]


def _read() -> list[Vocabulary]:
    found = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return [Vocabulary(**language) for language in found.values()]


LANGUAGES = [language for language in _read() for _ in range(language.share)]
"""Each as often as it is to be drawn."""
