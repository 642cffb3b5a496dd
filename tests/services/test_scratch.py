"""Folders of dead processes are erased while the others live, those of living ones stay."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.jobs.endings import end
from app.services.scratch import keep_swept, open_scratch
from tests.support.waiting import until

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[2]
PROGRAM = """
import pathlib, sys
from app.services.scratch import open_scratch
copy = open_scratch(pathlib.Path(sys.argv[1])) / "image-1" / "copy.png"
copy.parent.mkdir()
copy.write_bytes(b"what a user gave us")
print(copy, flush=True)
sys.stdin.read()
"""


@contextmanager
def somebody(root: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process with a copy in its scratch folder, and the copy."""
    command = [sys.executable, "-c", PROGRAM, str(root)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().strip())
        process.kill()


async def test_what_a_killed_process_left_goes_while_others_live(tmp_path: Path) -> None:
    own = open_scratch(tmp_path)
    with somebody(tmp_path) as (dying, lost), somebody(tmp_path) as (_, kept):
        assert lost.exists()
        sweeping = asyncio.create_task(keep_swept(tmp_path, every_s=0.02))
        dying.kill()

        async def gone() -> bool:
            return not lost.parents[1].exists()

        await until(gone)
        await end(sweeping)
        assert kept.exists()
        assert own.exists()
