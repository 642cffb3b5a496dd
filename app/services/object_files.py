"""Files in an object store: S3 and what speaks its language, Google Cloud Storage, Azure."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from app.errors import NotFound, SetupError, Unavailable
from app.jobs.endings import all_of
from app.services.file_keys import checked_key, split_prefix

if TYPE_CHECKING:
    from obstore import ObjectMeta  # a name of its type stubs

_PIECE = 256 * 1024
_AT_ONCE = 16
"""Files of one batch that are on their way at the same time."""
_RETRY_S = 30.0


class ObjectFileStore:
    """The FileStore on any store that obstore can reach."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def from_url(cls, url: str) -> ObjectFileStore:
        """SetupError: the URL, or the credentials beside it, cannot be used. Nothing is sent yet."""
        try:
            store = from_url(
                url,
                # stores within one's own network may be without TLS: the endpoint's address says which
                client_options={"connect_timeout": "5s", "timeout": "60s", "allow_http": True},
                retry_config={"max_retries": 5, "retry_timeout": timedelta(seconds=_RETRY_S)},
            )
        except (BaseError, ValueError, OSError) as error:
            raise SetupError("STORAGE_URL cannot be used: write s3://bucket/prefix or empty it.") from error
        return cls(store)

    async def put(self, key: str, content: bytes | Path) -> None:
        """Stores bytes, or takes over a file: it is uploaded in parts and then gone from where it was."""
        with _translated():
            await obstore.put_async(self._store, checked_key(key), content)
        if isinstance(content, Path):
            await asyncio.to_thread(content.unlink, missing_ok=True)

    async def put_all(self, files: Sequence[tuple[str, bytes | Path]]) -> None:
        """Stores some, each as `put` does. One that fails is told when no other is on its way any more."""
        for first in range(0, len(files), _AT_ONCE):
            await all_of(self.put(key, content) for key, content in files[first : first + _AT_ONCE])

    async def get(self, key: str) -> bytes:
        """The whole content. NotFound."""
        with _translated():
            answer = await obstore.get_async(self._store, checked_key(key))
            return bytes(await answer.bytes_async())

    async def size(self, key: str) -> int:
        """Bytes. NotFound."""
        with _translated():
            return (await obstore.head_async(self._store, checked_key(key)))["size"]

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Bytes ``start`` (inclusive) to ``end`` (exclusive) in pieces. NotFound."""
        size = await self.size(key)
        end = size if end is None else min(end, size)
        if start >= end:
            return
        with _translated():
            answer = await obstore.get_async(self._store, key, options={"range": (start, end)})
            async for piece in answer.stream(min_chunk_size=_PIECE):
                yield bytes(piece)

    async def fetch(self, key: str, folder: Path) -> Path:
        """A copy below ``folder``. NotFound."""
        target = folder / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}-{key.rpartition('/')[2]}"
        with await asyncio.to_thread(target.open, "wb") as file:
            async for piece in self.stream(key):
                await asyncio.to_thread(file.write, piece)
        return target

    async def delete_prefix(self, prefix: str) -> list[tuple[str, int]]:
        """Erases all keys that start with ``prefix``; returns (key, bytes) of each."""
        with _translated():
            erased = [(item["path"], item["size"]) async for item in self._listed(prefix)]
            await obstore.delete_async(self._store, [key for key, _ in erased])
        return sorted(erased)

    async def older(self, prefix: str, before: datetime) -> list[str]:
        """All keys that start with ``prefix`` and were put before."""
        with _translated():
            return sorted(
                [item["path"] async for item in self._listed(prefix) if item["last_modified"] < before]
            )

    async def _listed(self, prefix: str) -> AsyncIterator[ObjectMeta]:
        folder = split_prefix(prefix)
        # the overload for Arrow names a package that we don't have
        pages = obstore.list(self._store, prefix=folder or None)  # pyright: ignore[reportUnknownMemberType]
        async for batch in pages:
            for item in batch:
                if item["path"].startswith(prefix):
                    yield item


@contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound("There is no such file.", code="file_not_found") from error
    except (BaseError, OSError) as error:
        raise Unavailable(
            "The server cannot reach its file storage at the moment. Try again later.",
            retry_after=_RETRY_S,
        ) from error
