"""Batches come in: every form that is promised, and every refusal."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.api import in_base64, json_batch, refusal, submit
from tests.support.server import RunningServer

BATCH = "/api/v1/convert/batch"
PIXEL = b"\x89PNG\r\n\x1a\n not much of an image"
JSON = {"content-type": "application/json"}


def names(client: httpx.Client, accepted: dict[str, Any]) -> list[str]:
    return [image["image"] for image in client.get(accepted["status_url"]).json()["images"]]


def sizes(client: httpx.Client, accepted: dict[str, Any]) -> list[int]:
    return [image["size_bytes"] for image in client.get(accepted["status_url"]).json()["images"]]


@pytest.mark.parametrize(
    "text",
    [
        in_base64(PIXEL),
        in_base64(PIXEL).rstrip("="),
        in_base64(PIXEL).replace("+", "-").replace("/", "_"),
        "\n".join(in_base64(PIXEL)),
        f"data:image/png;base64,{in_base64(PIXEL)}",
        f"data:;charset=utf-8;base64,{in_base64(PIXEL)}",
    ],
    ids=["standard", "unpadded", "url-safe", "folded", "data-url", "data-url-parameters"],
)
def test_every_spelling_of_base64_is_understood(client: httpx.Client, text: str) -> None:
    answer = client.post(BATCH, json={"images": [{"image": text, "filename": "a.png"}]})

    assert answer.status_code == 202, answer.text
    assert sizes(client, answer.json()) == [len(PIXEL)]


@pytest.mark.parametrize(
    "content_type", ["text/plain;charset=UTF-8", "application/json; charset=utf-8", None]
)
def test_json_is_read_whatever_the_browser_calls_it(client: httpx.Client, content_type: str | None) -> None:
    headers = {"content-type": content_type} if content_type else {}

    answer = client.post(BATCH, content=json.dumps(json_batch(("a.png", PIXEL))), headers=headers)

    assert answer.status_code == 202, answer.text


def test_answer_says_all_that_the_documentation_promises(client: httpx.Client) -> None:
    accepted = submit(client, ("a.png", PIXEL), ("b.png", PIXEL))

    job, session = accepted["job_id"], accepted["session_id"]
    assert accepted == {
        "success": True,
        "job_id": job,
        "session_id": session,
        "status_url": f"/api/v1/jobs/{job}",
        "websocket_url": f"/api/v1/ws/session/{session}",
        "total_images": 2,
    }
    assert len(bytes.fromhex(job)) == len(bytes.fromhex(session)) == 16


def test_files_of_a_form_with_any_field_name(client: httpx.Client) -> None:
    files = [("images", ("one.png", PIXEL)), ("files", ("two.png", PIXEL * 2)), ("x", ("three.png", b""))]

    answer = client.post(BATCH, files=files, data={"engine": "local", "consolidation_strategy": "separate"})

    assert answer.status_code == 202, answer.text
    assert names(client, answer.json()) == ["one.png", "two.png", "three.png"]
    assert sizes(client, answer.json()) == [len(PIXEL), 2 * len(PIXEL), 0]
    job = client.get(answer.json()["status_url"]).json()
    assert (job["engine"], job["consolidation_strategy"]) == ("local", "separate")


def test_session_is_begun_then_continued_by_cookie_header_or_body(
    client: httpx.Client, server: RunningServer
) -> None:
    first = client.post(BATCH, json=json_batch(("a.png", PIXEL)))
    session = first.json()["session_id"]
    cookie = first.headers["set-cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert submit(client, ("b.png", PIXEL))["session_id"] == session
    with httpx.Client(base_url=server.base_url) as other:
        assert submit(other, ("c.png", PIXEL), session_id=session)["session_id"] == session
    header = {"X-Session-Id": session}
    stranger = httpx.post(server.base_url + BATCH, json=json_batch(("d.png", PIXEL)), headers=header)
    assert stranger.json()["session_id"] == session
    assert len(client.get("/api/v1/jobs").json()["jobs"]) == 4
    with httpx.Client(base_url=server.base_url) as newcomer:
        assert submit(newcomer, ("e.png", PIXEL))["session_id"] != session


def test_damaged_cookie_begins_a_new_session(client: httpx.Client) -> None:
    client.cookies.set("session_id", "../../etc/passwd", domain="127.0.0.1")

    assert len(submit(client, ("a.png", PIXEL))["session_id"]) == 32


HOSTILE_NAMES = {
    "../../x": "x",
    "..\\..\\boot.ini": "boot.ini",
    "=cmd|' /C calc'!A0.png": "C calc'!A0.png",
    "a\x00b\x1b[31m\r\nSet-Cookie: x.png": "a b [31m Set-Cookie: x.png",
    "\u202egpj.exe": "gpj.exe",
    "📊 отчёт.png": "📊 отчёт.png",
    "": "image-1",
    "...": "image-1",
}


@pytest.mark.parametrize(("given", "shown"), HOSTILE_NAMES.items(), ids=range(len(HOSTILE_NAMES)))
def test_hostile_names_are_shown_clean(client: httpx.Client, given: str, shown: str) -> None:
    assert names(client, submit(client, (given, PIXEL))) == [shown]


def test_long_name_is_shortened_and_keeps_its_suffix(client: httpx.Client) -> None:
    [shown] = names(client, submit(client, ("ü" * 300 + ".jpeg", PIXEL)))

    assert len(shown) <= 120
    assert shown.endswith(".jpeg")


MEGABYTE = b"\x00" * (1024 * 1024 + 1)
REFUSED: dict[str, tuple[Any, int, str]] = {
    "empty list": ({"images": []}, 422, "empty_batch"),
    "too many images": (json_batch(*[("a.png", PIXEL)] * 13), 413, "too_many_images"),
    "not base64": ({"images": [{"image": "<svg>", "filename": "a"}]}, 422, "invalid_base64"),
    "long but not base64": ({"images": [{"image": "é" * 40_000}]}, 422, "invalid_base64"),
    "text after the padding": ({"images": [{"image": "AA==AA=="}]}, 422, "invalid_base64"),
    "lone character": ({"images": [{"image": "AAAAA"}]}, 422, "invalid_base64"),
    "data URL without base64": ({"images": [{"image": "data:text/plain,hello"}]}, 422, "invalid_base64"),
    "too large an image": (json_batch(("a.png", MEGABYTE)), 413, "file_too_large"),
    "over-long body": (json_batch(*[("a.png", MEGABYTE)] * 7), 413, "request_too_large"),
    "no images": ({"pictures": []}, 422, "invalid_request"),
    "image is a number": ({"images": [{"image": 7}]}, 422, "invalid_request"),
    "an array": ([1, 2], 422, "invalid_request"),
    "unknown engine": (json_batch(("a", PIXEL), engine="tesseract"), 422, "invalid_option"),
    "engine without key": (json_batch(("a", PIXEL), engine="olmocr"), 422, "invalid_option"),
    "unknown strategy": (json_batch(("a", PIXEL), consolidation_strategy="x"), 422, "invalid_option"),
    "a word for a switch": (json_batch(("a", PIXEL), join_continued="maybe"), 422, "invalid_request"),
    "unknown format": (json_batch(("a", PIXEL), output_format="docx"), 422, "invalid_option"),
    "misspelt option": (json_batch(("a", PIXEL), zero_retentoin=True), 422, "invalid_option"),
    "option as others spell it": (json_batch(("a", PIXEL), sessionId="0" * 32), 422, "invalid_option"),
    "no session id": (json_batch(("a", PIXEL), session_id="../admin"), 422, "invalid_session"),
    "malformed JSON": (b'{"images": [', 422, "invalid_request"),
    "JSON that ends in a string": (b'{"images": [{"image": "AAAA', 422, "invalid_request"),
    "deep nesting": (b'{"images":' + b"[" * 100_000, 422, "invalid_request"),
    "not UTF-8": (b'{"images": [{"image": "AAAA", "filename": "\xff"}]}', 422, "invalid_request"),
    "nothing": (b"", 422, "invalid_request"),
}


@pytest.mark.parametrize(("body", "status", "code"), REFUSED.values(), ids=REFUSED)
def test_bad_batch_is_refused_by_name_and_quickly(
    client: httpx.Client, server: RunningServer, body: Any, status: int, code: str
) -> None:
    before, began = server.memory(), time.monotonic()

    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = client.post(BATCH, content=content, headers=JSON)

    refusal(answer, status, code)
    assert time.monotonic() - began < 2
    assert server.memory() - before < 300_000_000
    assert client.get("/health/live").status_code == 200


def test_misspelt_field_of_a_form_is_told_what_it_may_mean(client: httpx.Client) -> None:
    form = client.post(BATCH, files={"images": ("a.png", PIXEL)}, data={"Output-Format": "csv"})

    detail = refusal(form, 422, "invalid_option")["detail"]
    assert detail == "Unknown option Output-Format; use output_format."


@pytest.mark.parametrize("name", ["csrf_token", "submit", "x" * 10_000, "", "\u202ename"])
def test_fields_of_others_are_left_alone(client: httpx.Client, name: str) -> None:
    accepted = client.post(BATCH, json=json_batch(("a.png", PIXEL), **{name: {"deep": [1]}}))

    assert accepted.status_code == 202, accepted.text


def test_bad_image_is_named_with_its_number(client: httpx.Client) -> None:
    body = json_batch(("good.png", PIXEL))
    body["images"].append({"image": "?" * 50_000, "filename": "bad.png"})

    problem = refusal(client.post(BATCH, json=body), 422, "invalid_base64")

    assert "Image 2 (bad.png)" in problem["detail"]


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b'--x\r\nContent-Disposition: form-data; name="images"; filename="a"\r\n\r\nabc', "boundary=x"),
        (b"no form at all", "boundary=x"),
        (b"--x--\r\n", "nothing=here"),
    ],
    ids=["cut off", "garbage", "no boundary"],
)
def test_malformed_form_is_refused(client: httpx.Client, content: bytes, content_type: str) -> None:
    headers = {"content-type": f"multipart/form-data; {content_type}"}

    refusal(client.post(BATCH, content=content, headers=headers), 422, "invalid_request")


def test_form_without_files_is_empty(client: httpx.Client) -> None:
    answer = client.post(BATCH, files=[("engine", (None, "local"))])

    refusal(answer, 422, "empty_batch")


@pytest.mark.parametrize("headers", [{"content-type": "image/png"}, {"content-encoding": "gzip", **JSON}])
def test_other_kinds_of_bodies_are_refused(client: httpx.Client, headers: dict[str, str]) -> None:
    refusal(client.post(BATCH, content=PIXEL, headers=headers), 415, "unsupported_media_type")


def test_body_without_announced_length_is_cut_off_at_the_limit(client: httpx.Client) -> None:
    def endless() -> Iterator[bytes]:
        yield b'{"images": [{"image": "'
        for _ in range(200):
            yield b"A" * 100_000

    refused = refusal(client.post(BATCH, content=endless(), headers=JSON), 413, "request_too_large")

    assert " 8 MB" in refused["detail"], "the limit is told as it is set"


def test_announced_length_above_the_limit_is_refused_before_the_body(server: RunningServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(
            b"POST /api/v1/convert/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: 9999999999\r\nExpect: 100-continue\r\n\r\n"
        )
        assert line.recv(100).startswith(b"HTTP/1.1 413 ")


def test_client_that_leaves_in_the_middle_harms_nobody(client: httpx.Client, server: RunningServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(
            b"POST /api/v1/convert/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b'Content-Length: 5000000\r\n\r\n{"images": [{"image": "' + b"A" * 100_000
        )

    assert client.get("/health/ready").status_code == 200
    submit(client, ("a.png", PIXEL))
    assert not list((server.data_dir / "spool").glob("*/body-*"))
