"""Jobs over HTTP: status, list, cancel, erase, tables, downloads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.api import finished, refusal, submit
from tests.support.server import RunningServer

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def visitor(server: RunningServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.base_url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def job(visitor: httpx.Client, table_image: bytes) -> dict[str, Any]:
    """A finished job of one good image with a name that headers must survive."""
    accepted = submit(visitor, ('Bericht "Q3"; ½ 表.png', table_image))
    done = finished(visitor, accepted)
    assert done["type"] == "job_completed", done
    return {**visitor.get(accepted["status_url"]).json(), "session_id": accepted["session_id"]}


def test_finished_job_tells_of_its_images_and_files(job: dict[str, Any]) -> None:
    assert job["status"] == "completed"
    assert (job["progress"], job["processed_images"], job["total_images"]) == (100, 1, 1)
    [image], [file] = job["images"], job["files"]
    assert (image["status"], image["tables"], image["engine"]) == ("completed", 1, "local")
    assert image["seconds"] > 0
    assert file["download_url"] == f"/api/v1/download/{file['file_id']}"
    assert job["primary_download_url"] == f"/api/v1/download/{job['job_id']}"
    assert job["created_at"] < job["finished_at"] < job["expires_at"]


def test_job_does_not_give_its_session_away(visitor: httpx.Client, job: dict[str, Any]) -> None:
    for path in (job["tables_url"], f"/api/v1/jobs/{job['job_id']}"):
        assert job["session_id"] not in visitor.get(path).text


def test_jobs_are_listed_to_their_session_alone(
    visitor: httpx.Client, client: httpx.Client, job: dict[str, Any]
) -> None:
    assert [each["job_id"] for each in visitor.get("/api/v1/jobs").json()["jobs"]] == [job["job_id"]]
    assert client.get("/api/v1/jobs").json() == {"jobs": []}


def test_tables_come_with_boxes_and_confidence(visitor: httpx.Client, job: dict[str, Any]) -> None:
    answer = visitor.get(job["tables_url"]).json()

    [image] = answer["images"]
    cells = image["tables"][0]["cells"]
    assert {"Depot"} <= {cell["text"] for cell in cells}
    filled = [cell for cell in cells if cell["text"]]
    assert all(cell["box"] for cell in filled)
    assert all(0 <= cell["confidence"] <= 1 for cell in filled)


def test_download_by_job_or_file_has_name_type_and_length(visitor: httpx.Client, job: dict[str, Any]) -> None:
    whole = visitor.get(job["primary_download_url"])
    same = visitor.get(job["files"][0]["download_url"])

    assert whole.content == same.content
    assert whole.content.startswith(b"PK")
    assert whole.headers["content-type"] == XLSX
    assert int(whole.headers["content-length"]) == job["files"][0]["size_bytes"] == len(whole.content)
    disposition = whole.headers["content-disposition"]
    assert disposition.isascii()
    assert disposition.startswith("attachment; filename=")
    assert "filename*=UTF-8''Bericht" in disposition
    assert "%E8%A1%A8.xlsx" in disposition


@pytest.mark.parametrize(
    ("asked", "part"),
    [("bytes=0-9", slice(0, 10)), ("bytes=5-", slice(5, None)), ("bytes=-7", slice(-7, None))],
)
def test_one_range_is_served(visitor: httpx.Client, job: dict[str, Any], asked: str, part: slice) -> None:
    url = job["primary_download_url"]
    whole = visitor.get(url).content

    answer = visitor.get(url, headers={"range": asked})

    assert answer.status_code == 206
    assert answer.content == whole[part]
    first = part.indices(len(whole))[0]
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(answer.content) - 1}/{len(whole)}"


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "pages=1-2", "bytes=9-3", "bytes=-", "bytes=a-b"])
def test_other_ranges_give_the_whole_file(visitor: httpx.Client, job: dict[str, Any], asked: str) -> None:
    answer = visitor.get(job["primary_download_url"], headers={"range": asked})

    assert answer.status_code == 200
    assert len(answer.content) == job["files"][0]["size_bytes"]


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0"])
def test_range_outside_the_file_is_not_satisfiable(
    visitor: httpx.Client, job: dict[str, Any], asked: str
) -> None:
    answer = visitor.get(job["primary_download_url"], headers={"range": asked})

    refusal(answer, 416, "range_not_satisfiable")
    assert answer.headers["content-range"] == f"bytes */{job['files'][0]['size_bytes']}"


def test_download_is_not_sent_again_when_unchanged(visitor: httpx.Client, job: dict[str, Any]) -> None:
    url = job["primary_download_url"]
    tag = visitor.head(url).headers["etag"]

    assert visitor.get(url, headers={"if-none-match": tag}).status_code == 304
    fresh = {"range": "bytes=0-9", "if-range": tag}
    assert visitor.get(url, headers=fresh).status_code == 206
    assert visitor.get(url, headers={**fresh, "if-range": '"other"'}).status_code == 200
    assert visitor.head(url).content == b""


def test_ended_job_cannot_be_cancelled(visitor: httpx.Client, job: dict[str, Any]) -> None:
    refusal(visitor.post(f"/api/v1/jobs/{job['job_id']}/cancel"), 409, "job_finished")


def test_cancelled_job_has_nothing_to_download(client: httpx.Client, table_image: bytes) -> None:
    accepted = submit(client, *[("a.png", table_image)] * 4)
    url = f"/api/v1/download/{accepted['job_id']}"
    refusal(client.get(url), 409, "no_result")

    cancelled = client.post(f"{accepted['status_url']}/cancel")

    assert cancelled.status_code == 200
    assert cancelled.json()["status"] == "cancelled"
    assert client.post(f"{accepted['status_url']}/cancel").json()["status"] == "cancelled"
    assert finished(client, accepted)["error_code"] == "job_cancelled"
    refusal(client.get(url), 409, "no_result")


def test_erased_job_is_gone_with_a_receipt(
    client: httpx.Client, server: RunningServer, table_image: bytes
) -> None:
    accepted = submit(client, ("secret.png", table_image))
    finished(client, accepted)

    receipt = client.delete(accepted["status_url"]).json()

    assert receipt["job_id"] == accepted["job_id"]
    assert receipt["files"] >= 3
    assert receipt["bytes"] > len(table_image)
    assert receipt["images"] == ["secret.png"]
    refusal(client.get(accepted["status_url"]), 404, "job_not_found")
    refusal(client.get(f"/api/v1/download/{accepted['job_id']}"), 404, "file_not_found")
    assert client.get("/api/v1/jobs").json()["jobs"] == []
    assert not list(server.data_dir.rglob(f"*{accepted['job_id']}*"))


IDS = {
    "unknown": "0" * 32,
    "short": "abc",
    "upper": "A" * 32,
    "path": "..%2F..%2Fetc%2Fpasswd",
    "unicode": "%F0%9F%92%A9",
    "null": "%00",
    "long": "a" * 5000,
    "formula": "=1+1",
    "redis": "*",
}
ROUTES = [
    ("GET", "/api/v1/jobs/{}"),
    ("DELETE", "/api/v1/jobs/{}"),
    ("POST", "/api/v1/jobs/{}/cancel"),
    ("GET", "/api/v1/jobs/{}/tables"),
    ("GET", "/api/v1/download/{}"),
]


@pytest.mark.parametrize(("method", "route"), ROUTES)
@pytest.mark.parametrize("wanted", IDS.values(), ids=IDS)
def test_foreign_ids_are_not_found(client: httpx.Client, method: str, route: str, wanted: str) -> None:
    answer = client.request(method, route.format(wanted))

    assert answer.status_code == 404
    assert answer.json()["code"] in {"job_not_found", "file_not_found", "not_found"}


def test_damaged_session_header_is_refused(client: httpx.Client) -> None:
    for path in ("/api/v1/jobs", "/api/v1/sessions/current"):
        refusal(client.get(path, headers={"X-Session-Id": "x' OR 1=1"}), 422, "invalid_session")


def test_session_before_any_batch(client: httpx.Client) -> None:
    first = client.get("/api/v1/sessions/current").json()

    assert client.get("/api/v1/sessions/current").json() == first
    assert first["websocket_url"].endswith(first["session_id"])
    assert submit(client, ("a.png", b"x"))["session_id"] == first["session_id"]
