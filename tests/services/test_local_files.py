from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.errors import SetupError
from app.services.file_store import open_file_store
from app.services.local_files import LocalFileStore

pytestmark = pytest.mark.anyio

WRITER = """
import asyncio, sys
from pathlib import Path
from app.services.local_files import LocalFileStore

async def main():
    store = LocalFileStore(Path(sys.argv[1]))
    for n in range(1_000_000):
        await store.put(f"jobs/{n}/in", b"x" * 100_000)
        print(n, flush=True)

asyncio.run(main())
"""


def killed_after(puts: int, folder: Path) -> list[str]:
    """Starts the writer, kills it after so many puts; the lines of all puts that it had finished."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout
        done = [writer.stdout.readline() for _ in range(puts)]
        writer.send_signal(signal.SIGKILL)
        return done + writer.stdout.readlines()


async def test_only_our_user_can_read(tmp_path: Path) -> None:
    store = open_file_store(tmp_path / "files", None)
    await store.put("jobs/1/in/0", b"secret")
    upload = tmp_path / "upload"
    upload.write_bytes(b"secret")
    upload.chmod(0o644)
    await store.put("jobs/1/in/1", upload)
    found = list((tmp_path / "files").rglob("*"))
    modes = {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_file()}
    folder_modes = {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_dir()}
    assert (modes, folder_modes) == ({0o600}, {0o700})


async def test_erasing_leaves_no_empty_folders(tmp_path: Path) -> None:
    store = LocalFileStore(tmp_path)
    await store.put("jobs/1/in/0", b"1")
    await store.delete_prefix("jobs/1/")
    assert not (tmp_path / "jobs" / "1").exists()


async def test_a_killed_writer_leaves_every_finished_put_whole_and_no_half_one(tmp_path: Path) -> None:
    done = killed_after(20, tmp_path)
    store = LocalFileStore(tmp_path)
    for line in done:
        assert await store.size(f"jobs/{int(line)}/in") == 100_000
    assert {path.stat().st_size for path in (tmp_path / "jobs").glob("*/in")} == {100_000}


async def test_an_abandoned_put_is_swept_and_a_running_one_is_not(tmp_path: Path) -> None:
    LocalFileStore(tmp_path)
    abandoned, begun, running = (tmp_path / ".incoming" / name for name in ("abandoned", "begun", "running"))
    for path in (abandoned, begun, running):
        path.write_bytes(b"half")
    os.utime(abandoned, (0, 0))
    os.utime(running, (0, 0))
    with running.open("rb") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        LocalFileStore(tmp_path)
    assert (abandoned.exists(), begun.exists(), running.exists()) == (False, True, True)


async def test_a_file_that_arrived_long_ago_is_taken_over_whole_while_others_sweep(tmp_path: Path) -> None:
    store = LocalFileStore(tmp_path / "files")
    done = asyncio.Event()

    async def sweep() -> None:
        while not done.is_set():
            await store.older("jobs/", datetime.now(UTC))

    async def put(number: int) -> bytes:
        path, key = tmp_path / f"{number}", f"jobs/{number % 7}/input/{number}"
        path.write_bytes(b"whole")
        os.utime(path, (0, 0))
        await store.put(key, path)
        return await store.get(key)

    sweeping = [asyncio.create_task(sweep()) for _ in range(2)]
    for first in range(0, 640, 16):
        assert await asyncio.gather(*map(put, range(first, first + 16))) == [b"whole"] * 16
    done.set()
    await asyncio.gather(*sweeping)


async def test_what_a_killed_put_of_a_job_left_goes_with_the_job(tmp_path: Path) -> None:
    killed_after(3, tmp_path)
    left = tmp_path / ".incoming" / "jobs~7~tables~x.json.0123456789abcdef"
    left.write_bytes(b"half")
    await LocalFileStore(tmp_path).delete_prefix("jobs/7/")
    assert not left.exists()


async def test_a_place_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="DATA_DIR"):
        open_file_store(tmp_path / "file" / "sub", None)
    with pytest.raises(SetupError, match="STORAGE_URL"):
        open_file_store(tmp_path, "nonsense")
