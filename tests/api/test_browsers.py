"""What browsers are told: CORS, security headers, pages without a CDN; and request ids, metrics, health."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.support.api import json_batch, refusal, submit

BATCH = "/api/v1/convert/batch"
NAMED = "http://localhost:3000"


def preflight(
    client: httpx.Client, origin: str, headers: str = "content-type,idempotency-key"
) -> httpx.Response:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": headers}
    return client.options(BATCH, headers={"origin": origin, **asked})


def test_named_origin_may_send_cookies(client: httpx.Client) -> None:
    assert preflight(client, NAMED).status_code == 200
    answer = client.post(BATCH, json=json_batch(("a.png", b"x")), headers={"origin": NAMED})

    assert answer.headers["access-control-allow-origin"] == NAMED
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert "Origin" in answer.headers["vary"]


def test_page_from_disk_may_call_but_not_send_cookies(client: httpx.Client) -> None:
    assert preflight(client, "null").status_code == 200
    answer = client.get("/api/v1/jobs", headers={"origin": "null"})

    assert answer.headers["access-control-allow-origin"] == "null"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://localhost:3000.evil.example", "http://LOCALHOST:3000"]
)
def test_other_origins_may_not_call(client: httpx.Client, origin: str) -> None:
    assert preflight(client, origin).status_code == 400
    assert "access-control-allow-origin" not in client.get("/api/v1/jobs", headers={"origin": origin}).headers


def test_refusals_can_be_read_by_the_page_too(client: httpx.Client) -> None:
    answer = client.post(BATCH, json={"images": []}, headers={"origin": NAMED})

    refusal(answer, 422, "empty_batch")
    assert answer.headers["access-control-allow-origin"] == NAMED


@pytest.mark.parametrize("path", ["/", "/docs", "/redoc", "/test_websocket.html"])
def test_pages_load_nothing_from_elsewhere(client: httpx.Client, path: str) -> None:
    page = client.get(path)

    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    loaded = re.findall(r"<(?:script|link|img)[^>]*(?:src|href)=\"([^\"]+)\"", page.text)
    ours = [address for address in loaded if not address.startswith("data:")]
    assert all(address.startswith("/") and not address.startswith("//") for address in ours)
    for address in ours:
        assert client.get(address).status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"].split("script-src")[1].split(";")[0]


def test_start_page_leads_to_everything(client: httpx.Client) -> None:
    links = re.findall(r"href=\"([^\"]+)\"", client.get("/").text)

    assert {"/docs", "/redoc", "/openapi.json", "/test_websocket.html"} <= set(links)
    assert all(client.get(link).status_code == 200 for link in links)


def test_every_answer_carries_the_security_headers(client: httpx.Client) -> None:
    for answer in (client.get("/health/live"), client.get("/nowhere"), client.post(BATCH)):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-request-id"]


def test_unknown_address_and_method_are_problems(client: httpx.Client) -> None:
    refusal(client.get("/api/v2/jobs"), 404, "not_found")
    refusal(client.put("/api/v1/jobs"), 405, "method_not_allowed")


def test_request_id_is_taken_over_or_made(client: httpx.Client) -> None:
    own = {"x-request-id": "from-the-proxy-1"}

    problem = client.get("/api/v1/jobs/x", headers=own)

    assert problem.headers["x-request-id"] == "from-the-proxy-1"
    assert problem.json()["instance"].endswith("from-the-proxy-1")
    assert client.get("/", headers={"x-request-id": "a\tb"}).headers["x-request-id"] != "a\tb"


def test_health_and_metrics(client: httpx.Client) -> None:
    submit(client, ("a.png", b"x"))

    assert client.get("/health/live").json()["status"] == "alive"
    ready = client.get("/health/ready").json()
    assert list(ready["checks"]) == ["store", "files", "disk", "workers", "queue"]
    assert {ready["checks"][name] for name in ("store", "files", "disk", "queue")} == {"ok"}
    metrics = client.get("/metrics").text
    assert re.search(r"olmocr_batches_accepted_total [1-9]", metrics)
    assert 'route="/api/v1/convert/batch",status="202"' in metrics
    assert "olmocr_images_waiting" in metrics
