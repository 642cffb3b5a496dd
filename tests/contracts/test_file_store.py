"""What every FileStore does, on a folder, on memory and on a server that speaks S3's language."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from obstore.store import MemoryStore, S3Store

from app.errors import NotFound, Unavailable
from app.jobs.ports import FileStore
from app.services.local_files import LocalFileStore
from app.services.object_files import ObjectFileStore
from tests.support.s3_server import BUCKET, running_s3_server
from tests.support.waiting import turns

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    with running_s3_server() as endpoint:
        yield endpoint


def s3_store(endpoint: str) -> S3Store:
    return S3Store(
        BUCKET,
        prefix="some/prefix",
        endpoint=endpoint,
        access_key_id="test",
        secret_access_key="test",
        region="eu-central-1",
        client_options={"allow_http": True},
    )


@pytest.fixture(params=["folder", "memory", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    if request.param == "folder":
        return LocalFileStore(tmp_path / "files")
    if request.param == "memory":
        return ObjectFileStore(MemoryStore())
    return ObjectFileStore(s3_store(request.getfixturevalue("s3_endpoint")))


async def gathered(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


async def test_bytes_come_back(store: FileStore) -> None:
    await store.put("jobs/a1/in/0", b"first")
    await store.put("jobs/a1/in/0", b"second \x00 time")
    assert await store.get("jobs/a1/in/0") == b"second \x00 time"
    assert await store.size("jobs/a1/in/0") == len(b"second \x00 time")
    await store.put("jobs/a1/in/empty", b"")
    assert await store.get("jobs/a1/in/empty") == b""


async def test_a_file_is_taken_over(store: FileStore, tmp_path: Path) -> None:
    upload = tmp_path / "upload"
    content = bytes(range(256)) * 30_000  # 7.7 MB: more than one part of an upload
    upload.write_bytes(content)
    await store.put("jobs/a2/big", upload)
    assert not upload.exists()
    assert await store.get("jobs/a2/big") == content
    assert await gathered(store.stream("jobs/a2/big")) == content


async def test_many_are_stored_side_by_side(store: FileStore, tmp_path: Path) -> None:
    files: dict[str, bytes | Path] = {f"jobs/many{n % 2}/in/{n}": f"file {n}".encode() for n in range(40)}
    files["jobs/many0/in/40"] = tmp_path / "upload"
    (tmp_path / "upload").write_bytes(b"file 40")
    await store.put_all(list(files.items()))
    assert [await store.get(key) for key in files] == [f"file {n}".encode() for n in range(41)]
    assert not (tmp_path / "upload").exists()
    await store.put_all([])


async def test_of_many_nothing_comes_after_one_that_fails(store: FileStore, tmp_path: Path) -> None:
    missing = ("jobs/some/in/0", tmp_path / "missing")
    with pytest.raises((NotFound, Unavailable)):
        await store.put_all([missing, *((f"jobs/some/in/{n}", b"x") for n in range(1, 40))])

    stored = await store.delete_prefix("jobs/some/")
    await turns(50)
    assert await store.delete_prefix("jobs/some/") == []
    assert len(stored) < 40


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, None, b"0123456789"),
        (3, None, b"3456789"),
        (3, 5, b"34"),
        (0, 1, b"0"),
        (9, 10, b"9"),
        (8, 99, b"89"),
        (4, 4, b""),
        (10, None, b""),
        (50, 60, b""),
    ],
)
async def test_ranges(store: FileStore, start: int, end: int | None, expected: bytes) -> None:
    await store.put("jobs/a3/digits", b"0123456789")
    assert await gathered(store.stream("jobs/a3/digits", start, end)) == expected


async def test_what_is_not_there_is_named(store: FileStore, tmp_path: Path) -> None:
    await store.put("jobs/a4/x/y", b"1")
    for key in ("jobs/a4/none", "jobs/a4/x"):  # the second is a folder on a disk
        with pytest.raises(NotFound) as error:
            await store.get(key)
        assert error.value.code == "file_not_found"
        with pytest.raises(NotFound):
            await gathered(store.stream(key, 2, 3))
        with pytest.raises(NotFound):
            await store.fetch(key, tmp_path)
    with pytest.raises(NotFound):
        await store.size("jobs/a4/none")


async def test_fetch_gives_a_local_file(store: FileStore, tmp_path: Path) -> None:
    await store.put("jobs/a5/out/one", b"one")
    await store.put("jobs/a6/out/one", b"other")
    first = await store.fetch("jobs/a5/out/one", tmp_path)
    second = await store.fetch("jobs/a6/out/one", tmp_path)
    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"other")


async def test_a_prefix_is_erased_with_a_receipt(store: FileStore) -> None:
    for key in ("jobs/b1/in/0", "jobs/b1/in/1", "jobs/b1/out/f", "jobs/b10/in/0", "jobs/b2/in/0"):
        await store.put(key, b"abc")
    assert await store.delete_prefix("jobs/b1/") == [
        ("jobs/b1/in/0", 3),
        ("jobs/b1/in/1", 3),
        ("jobs/b1/out/f", 3),
    ]
    assert await store.get("jobs/b10/in/0") == b"abc"
    assert await store.delete_prefix("jobs/b1/") == []
    assert await store.delete_prefix("jobs/b2/in/0") == [("jobs/b2/in/0", 3)]
    assert await store.delete_prefix("jobs/b") == [("jobs/b10/in/0", 3)]


async def test_old_keys_are_found(store: FileStore) -> None:
    for key in ("jobs/o1/in/0", "jobs/o2/in/0", "jobsen/o3"):
        await store.put(key, b"abc")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert set(await store.older("jobs/", tomorrow)) >= {"jobs/o1/in/0", "jobs/o2/in/0"}
    assert await store.older("jobs/o1/", tomorrow) == ["jobs/o1/in/0"]
    assert "jobsen/o3" not in await store.older("jobs/", tomorrow)


async def test_new_keys_are_not_old(tmp_path: Path) -> None:
    for store in (LocalFileStore(tmp_path), ObjectFileStore(MemoryStore())):
        await store.put("jobs/o1/in/0", b"abc")
        assert await store.older("jobs/", datetime.now(UTC) - timedelta(days=1)) == []


@pytest.mark.parametrize(
    "key",
    ["", "/", "/etc/passwd", "../x", "a/../b", "a//b", "a/./b", "a/", ".hidden", "a b", "a\\b", "ä", "a\0"],
)
async def test_nothing_else_is_a_key(store: FileStore, key: str) -> None:
    with pytest.raises(ValueError, match="not a storage key"):
        await store.put(key, b"")
    if key != "a/":
        with pytest.raises(ValueError, match="not a storage key"):
            await store.delete_prefix(key)


async def test_many_writers_of_one_key_leave_one_whole_content(store: FileStore) -> None:
    contents = [bytes([n]) * 100_000 for n in range(8)]
    await asyncio.gather(*(store.put("jobs/some/same", content) for content in contents))
    assert await store.get("jobs/some/same") in contents


async def test_an_unreachable_object_store_is_named(tmp_path: Path) -> None:
    store = ObjectFileStore(
        S3Store(
            BUCKET,
            endpoint="http://127.0.0.1:9",
            access_key_id="test",
            secret_access_key="test",
            client_options={"allow_http": True},
            retry_config={"max_retries": 0},
        )
    )
    with pytest.raises(Unavailable) as error:
        await store.get("jobs/d1/x")
    assert "127.0.0.1" not in error.value.message


async def test_a_store_of_ones_own_network_needs_no_tls(
    s3_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"ENDPOINT_URL": s3_endpoint, "ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    store = ObjectFileStore.from_url(f"s3://{BUCKET}/prefix")
    await store.put("jobs/d2/x", b"content")
    assert await store.get("jobs/d2/x") == b"content"
