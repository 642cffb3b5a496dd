"""`.env` names every setting with its default and its unit, and no secret."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.settings import Settings

ROOT = Path(__file__).parents[2]
LINES = (ROOT / ".env").read_text(encoding="utf-8").splitlines()
WRITTEN = {
    name: value
    for line in LINES
    if (match := re.fullmatch(r"([A-Z_]+)=(.*)", line))
    for name, value in [match.groups()]
}
FIELDS = Settings.model_fields


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in FIELDS:
        monkeypatch.delenv(name.upper(), raising=False)


def test_every_setting_is_written_once_and_nothing_else() -> None:
    names = [line.partition("=")[0] for line in LINES if line and not line.startswith("#")]

    assert sorted(names) == sorted(name.upper() for name in FIELDS)


@pytest.mark.usefixtures("bare_environment")
def test_written_values_are_the_defaults() -> None:
    written = Settings(_env_file=ROOT / ".env")

    assert written == Settings(_env_file=None)


def test_every_setting_is_explained() -> None:
    bare = [
        line
        for before, line in itertools.pairwise(LINES)
        if "=" in line and not before.startswith("# ") and not line.startswith("#")
    ]

    assert not bare


def test_no_secret_is_written() -> None:
    secrets = [name for name, field in FIELDS.items() if "SecretStr" in str(field.annotation)]

    assert secrets, f"{SecretStr} marks what must stay out"
    assert not any(WRITTEN[name.upper()] for name in secrets)
