"""Who may do what: sessions among each other, and API keys where they are asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from app.jobs.job import new_id
from app.main import create_app
from app.settings import Settings
from tests.support.api import finished, json_batch, refusal, submit
from tests.support.foreign import filled, http_routes, undescribed_routes
from tests.support.server import RunningServer, running_server

BATCH = "/api/v1/convert/batch"
KEY, OTHER_KEY = "a-key-of-the-tests-1", "a-key-of-the-tests-2"
ROUTES = list(http_routes(create_app(Settings(_env_file=None))))


def of_a_job(template: str) -> bool:
    return "{job_id}" in template or "{file_or_job_id}" in template


@pytest.fixture(scope="module")
def foreign(server: RunningServer, table_image: bytes) -> Iterator[dict[str, Any]]:
    """A finished job of somebody else."""
    with httpx.Client(base_url=server.base_url, timeout=30) as owner:
        accepted = submit(owner, ("table.png", table_image))
        done = finished(owner, accepted)
        yield {**accepted, "file_id": done["files"][0]["file_id"]}
        after = owner.get(accepted["status_url"]).json()
        assert after["status"] == "completed", "nobody else changed it"


def test_every_route_is_walked() -> None:
    assert undescribed_routes(create_app(Settings(_env_file=None))) == []


@pytest.mark.parametrize("kind", ["header", "cookie"])
@pytest.mark.parametrize(("method", "template"), [route for route in ROUTES if of_a_job(route[1])])
def test_a_session_touches_its_own_jobs_alone(
    method: str, template: str, kind: str, client: httpx.Client, foreign: dict[str, Any]
) -> None:
    session = new_id()
    if kind == "cookie":
        client.cookies.set("session_id", session)
    named = {"X-Session-Id": session} if kind == "header" else {}
    for wanted in (foreign["job_id"], foreign["file_id"]):
        path = filled(template, job_id=wanted, file_or_job_id=wanted)

        answer = client.request(method, path, headers=named)

        assert answer.status_code == 404, f"{method} {template}"
        unknown = client.request(method, path.replace(wanted, new_id()), headers=named)
        told, of_unknown = ({**each.json(), "instance": ""} for each in (answer, unknown))
        assert told == of_unknown, "foreign and unknown are told alike"


def test_a_session_sees_nothing_of_others(client: httpx.Client, foreign: dict[str, Any]) -> None:
    named = {"X-Session-Id": new_id()}
    for method, template in ROUTES:
        if method == "GET" and "{" not in template:
            text = client.get(template, headers=named).text
            assert foreign["job_id"] not in text
            assert foreign["session_id"] not in text


def test_whoever_names_no_session_shows_the_job_s_id(client: httpx.Client, foreign: dict[str, Any]) -> None:
    assert client.get(foreign["status_url"]).status_code == 200
    assert client.get(f"/api/v1/download/{foreign['job_id']}").status_code == 200


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that asks for keys: one in plain text, one as its hash."""
    hashed = f"sha256:{hashlib.sha256(OTHER_KEY.encode()).hexdigest()}"
    settings = {
        "API_KEYS": f"{KEY},{hashed}",
        "KEY_RATE_LIMIT": "500/minute",
        "SESSION_RATE_LIMIT": "20/minute",
    }
    with running_server(tmp_path_factory.mktemp("guarded"), **settings) as running:
        yield running


@pytest.fixture
def keyed(guarded: RunningServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=guarded.base_url, headers={"Authorization": f"Bearer {KEY}"}) as client:
        yield client


@pytest.fixture
def keyless(guarded: RunningServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=guarded.base_url) as client:
        yield client


@pytest.mark.parametrize(("method", "template"), ROUTES)
def test_every_route_asks_for_a_key(method: str, template: str, keyless: httpx.Client) -> None:
    some = new_id()
    path = filled(template, job_id=some, file_or_job_id=some, session_id=some)

    problem = refusal(keyless.request(method, path), 401, "api_key_missing")
    assert "Authorization" in problem["detail"]
    wrong = keyless.request(method, path, headers={"X-API-Key": KEY + "x"})
    refusal(wrong, 401, "api_key_unknown")
    assert wrong.headers["www-authenticate"].startswith("Bearer")


def test_health_and_pages_are_open(keyless: httpx.Client) -> None:
    for path in ("/health/live", "/health/ready", "/", "/docs", "/openapi.json", "/test_websocket.html"):
        assert keyless.get(path).status_code == 200


@pytest.mark.parametrize("header", [{"Authorization": f"Bearer {KEY}"}, {"X-API-Key": OTHER_KEY}])
def test_both_forms_of_keys_and_headers_open(header: dict[str, str], keyless: httpx.Client) -> None:
    answer = keyless.get("/api/v1/jobs", headers=header)

    assert answer.status_code == 200
    assert '"key";q=500;w=60' in answer.headers["ratelimit-policy"]


def test_a_session_is_limited_alone(keyed: httpx.Client) -> None:
    crowd = {"X-Session-Id": new_id()}
    answers = [keyed.get("/api/v1/jobs", headers=crowd) for _ in range(21)]

    assert '"session";q=20;w=60' in answers[0].headers["ratelimit-policy"]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    refusal(answers[-1], 429, "rate_limited")
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert keyed.get("/api/v1/jobs", headers={"X-Session-Id": new_id()}).status_code == 200


def test_keys_do_not_see_one_another_s_jobs(keyed: httpx.Client, keyless: httpx.Client) -> None:
    accepted = keyed.post(BATCH, json=json_batch(("a.png", b"x"))).json()
    other = {"X-API-Key": OTHER_KEY}

    assert keyed.get(accepted["status_url"]).status_code == 200
    refusal(keyless.get(accepted["status_url"], headers=other), 404, "job_not_found")
    refusal(keyless.delete(accepted["status_url"], headers=other), 404, "job_not_found")
    theirs = {**other, "X-Session-Id": accepted["session_id"]}
    assert keyless.get("/api/v1/jobs", headers=theirs).json() == {"jobs": []}
    refusal(keyless.get("/api/v1/sessions/current", headers=theirs), 422, "invalid_session")
    refusal(keyless.post(BATCH, json=json_batch(("a.png", b"x")), headers=theirs), 422, "invalid_session")


def test_a_browser_follows_the_session_that_a_key_began(keyed: httpx.Client, guarded: RunningServer) -> None:
    session = keyed.get("/api/v1/sessions/current").json()["session_id"]

    with connect(f"{guarded.ws_url}/api/v1/ws/session/{session}") as socket:
        assert json.loads(socket.recv(timeout=30))["type"] == "connection"
    with connect(f"{guarded.ws_url}/api/v1/ws/session/{new_id()}") as socket:
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=30)
        assert socket.protocol.close_code == 4401
    stranger = {"Authorization": f"Bearer {OTHER_KEY}"}
    with connect(f"{guarded.ws_url}/api/v1/ws/session/{session}", additional_headers=stranger) as socket:
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=30)
        assert socket.protocol.close_code == 4401


def test_keys_stand_in_no_log(guarded: RunningServer) -> None:
    assert KEY not in guarded.log
    assert OTHER_KEY not in guarded.log
