"""Files in a local folder. A put is on the disk, whole, when it returns, or it did not happen."""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
import stat
from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import structlog

from app.errors import NotFound, SetupError, Unavailable
from app.jobs.endings import all_of
from app.services.file_keys import checked_key, split_prefix
from app.services.incoming_files import sweep_incoming, written

_PIECE = 256 * 1024
_LANES = 8
"""Threads that put the files of one batch: each waits for the disk, which takes several at once."""
_INCOMING = ".incoming"  # no key begins with a dot

log = structlog.get_logger()


class LocalFileStore:
    """The FileStore in one folder, for our user's eyes only (0700, files 0600).

    A folder that is moved, removed or unmounted while we run is never made anew: everything is Unavailable
    until it is back, since its files are not gone.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        try:
            for folder in (self._root, self._root / _INCOMING):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sweep_incoming(self._root / _INCOMING)
            self._identity = _identity(self._root)
        except OSError as error:
            raise SetupError(
                f"Files cannot be kept in {self._root} ({error.strerror}). "
                "Point DATA_DIR to a folder that the server's user may write."
            ) from error

    async def put(self, key: str, content: bytes | Path) -> None:
        """Stores bytes, or takes over a file: it is moved, so it is gone from where it was."""
        await self.put_all([(key, content)])

    async def put_all(self, files: Sequence[tuple[str, bytes | Path]]) -> None:
        """Stores some, each as `put` does. One that fails is told when no other is on its way any more."""
        targets = [(self._path(key), content) for key, content in files]
        lanes = [targets[lane::_LANES] for lane in range(min(_LANES, len(targets)))]
        puts = (asyncio.to_thread(self._put, lane) for lane in lanes)
        with self._translated():
            await all_of(puts)

    async def get(self, key: str) -> bytes:
        """The whole content. NotFound."""
        with self._translated():
            return await asyncio.to_thread(self._path(key).read_bytes)

    async def size(self, key: str) -> int:
        """Bytes. NotFound."""
        with self._translated():
            return await asyncio.to_thread(_size, self._path(key))

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Bytes ``start`` (inclusive) to ``end`` (exclusive) in pieces. NotFound."""
        with self._translated():
            file = await asyncio.to_thread(self._path(key).open, "rb")
        try:
            await asyncio.to_thread(file.seek, start)
            left = max(0, end - start) if end is not None else None
            while left is None or left > 0:
                piece = await asyncio.to_thread(file.read, _PIECE if left is None else min(_PIECE, left))
                if not piece:
                    return
                left = None if left is None else left - len(piece)
                yield piece
        finally:
            file.close()

    async def fetch(self, key: str, folder: Path) -> Path:
        """The stored file itself; ``folder`` is not needed. It must not be changed. NotFound."""
        await self.size(key)
        return self._path(key)

    async def delete_prefix(self, prefix: str) -> list[tuple[str, int]]:
        """Erases all keys that start with ``prefix``; returns (key, bytes) of each."""
        folder = self._root / split_prefix(prefix)
        with self._translated():
            return await asyncio.to_thread(self._delete, folder, prefix)

    async def older(self, prefix: str, before: datetime) -> list[str]:
        """All keys that start with ``prefix`` and were put before; what dead puts left goes on the way."""
        folder = self._root / split_prefix(prefix)
        with self._translated():
            await asyncio.to_thread(sweep_incoming, self._root / _INCOMING)
            return await asyncio.to_thread(self._older, folder, prefix, before.timestamp())

    def _path(self, key: str) -> Path:
        return self._root / checked_key(key)

    def _older(self, folder: Path, prefix: str, before: float) -> list[str]:
        found: list[str] = []
        for path in folder.rglob("*"):
            key = path.relative_to(self._root).as_posix()
            with suppress(FileNotFoundError):
                status = path.stat()
                if key.startswith(prefix) and stat.S_ISREG(status.st_mode) and status.st_mtime < before:
                    found.append(key)
        return sorted(found)

    def _put(self, files: Sequence[tuple[Path, bytes | Path]]) -> None:
        for target, content in files:
            self._put_one(target, content)
        for folder in {target.parent for target, _ in files}:
            with suppress(FileNotFoundError):  # erased meanwhile, with what we put
                _sync(folder)

    def _put_one(self, target: Path, content: bytes | Path) -> None:
        name = _incoming_name(target.relative_to(self._root).as_posix())
        incoming = self._root / _INCOMING / f"{name}.{secrets.token_hex(8)}"
        try:
            with written(incoming, content):
                self._publish(incoming, target)
        finally:
            incoming.unlink(missing_ok=True)
        if isinstance(content, Path):
            content.unlink(missing_ok=True)

    def _publish(self, incoming: Path, target: Path) -> None:
        for _ in range(8):  # a concurrent delete_prefix may take the emptied folder away under us
            self._make_folder(target.parent)
            with suppress(FileNotFoundError):
                incoming.rename(target)
                return
        raise OSError(errno.EBUSY, "folder vanishes", str(target.parent))

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync(folder.parent)

    def _delete(self, folder: Path, prefix: str) -> list[tuple[str, int]]:
        if not self._is_there():
            raise FileNotFoundError(errno.ENOENT, "the folder is gone", str(self._root))
        erased: list[tuple[str, int]] = []
        for path in (self._root / _INCOMING).glob(f"{_incoming_name(prefix)}*"):
            path.unlink(missing_ok=True)  # of a put that died, or one that fails now and is repeated
        for path in sorted(folder.rglob("*"), reverse=True):  # children before their folders
            key = path.relative_to(self._root).as_posix()
            if path.is_dir():
                _remove_if_empty(path)
            elif key.startswith(prefix):
                with suppress(FileNotFoundError):  # somebody else erased it: then it is theirs to report
                    size = path.stat().st_size
                    path.unlink()
                    erased.append((key, size))
        if folder != self._root:
            _remove_if_empty(folder)
        return sorted(erased)

    def _is_there(self) -> bool:
        """Whether the folder is still the one that was opened."""
        try:
            return _identity(self._root) == self._identity
        except OSError:
            return False

    @contextmanager
    def _translated(self) -> Generator[None]:
        try:
            yield
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            if self._is_there():
                raise NotFound("There is no such file.", code="file_not_found") from error
            log.error(
                "the folder of files was moved or removed; bring it back or stop", folder=str(self._root)
            )
            raise _away("The server cannot use its file storage at the moment.") from error
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                log.error("the disk is full; make room", folder=str(self._root))
                raise _away("The server has no room for files at the moment.") from error
            raise _away("The server cannot use its file storage at the moment.") from error


def _away(reason: str) -> Unavailable:
    return Unavailable(f"{reason} Try again later.", retry_after=60.0)


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino


def _incoming_name(key: str) -> str:
    """Begins the names of files on their way to ``key``, or to keys of which it is a prefix."""
    return key.replace("/", "~")[:200]  # no key has a tilde; file systems take 255 bytes


def _size(path: Path) -> int:
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(path)
    return status.st_size


def _sync(folder: Path) -> None:
    """Has the folder's entries on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()
