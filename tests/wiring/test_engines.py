"""Which engines the settings set up."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.errors import SetupError
from app.recognition.engine import EngineName
from app.settings import Settings
from app.wiring.engines import (
    engine_processes,
    engine_threads,
    known_engines,
    olmocr_engine,
    open_engines,
    remote_engines,
)

AUTO, LOCAL, OLMOCR, BOTH = EngineName.AUTO, EngineName.LOCAL, EngineName.OLMOCR, EngineName.BOTH


def _settings(engine: EngineName, *, key: bool, **more: object) -> Settings:
    secret = SecretStr("key") if key else None
    return Settings(_env_file=None, engine=engine, olmocr_api_key=secret, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("engine", "key", "known", "remote"),
    [
        (AUTO, False, {AUTO, LOCAL}, set()),
        (AUTO, True, set(EngineName), {AUTO, OLMOCR}),
        (LOCAL, True, set(EngineName), {OLMOCR}),
        (OLMOCR, True, set(EngineName), {AUTO, OLMOCR}),
        (BOTH, True, set(EngineName), {OLMOCR}),
    ],
)
def test_engines_by_setting_and_key(
    engine: EngineName, key: bool, known: set[EngineName], remote: set[EngineName]
) -> None:
    settings = _settings(engine, key=key)

    assert known_engines(settings) == known
    assert remote_engines(settings) == remote


@pytest.mark.anyio
@pytest.mark.parametrize("engine", [OLMOCR, BOTH])
async def test_olmocr_needs_a_key(engine: EngineName) -> None:
    with pytest.raises(SetupError, match=f"ENGINE={engine} needs OLMOCR_API_KEY"):
        async with open_engines(_settings(engine, key=False)):
            pass


def test_a_prompt_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="OLMOCR_PROMPT_FILE"):
        olmocr_engine(_settings(AUTO, key=True, olmocr_prompt_file=tmp_path / "none.txt"))


def test_engines_together_have_a_thread_for_each_core() -> None:
    cores = engine_threads(1)

    assert cores == len(os.sched_getaffinity(0))
    assert all(processes * engine_threads(processes) <= max(cores, processes) for processes in range(1, 9))
    assert engine_threads(engine_processes()) >= 1
