"""The same key and body give the same job, also to a client that never saw the first answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest

from tests.support.api import json_batch, refusal
from tests.support.server import RunningServer

BATCH = "/api/v1/convert/batch"


def post(client: httpx.Client, key: str, content: bytes = b"abc", **options: str) -> httpx.Response:
    body = json_batch(("a.png", content), **options)
    return client.post(BATCH, json=body, headers={"Idempotency-Key": key})


def test_repeated_request_gives_the_same_job(client: httpx.Client) -> None:
    key = str(uuid4())

    first, again = post(client, key), post(client, key)

    assert first.status_code == again.status_code == 202
    assert first.json() == again.json()
    assert len(client.get("/api/v1/jobs").json()["jobs"]) == 1


def test_form_and_json_are_the_same_request(client: httpx.Client) -> None:
    key = str(uuid4())

    first = post(client, key)
    again = client.post(BATCH, files={"images": ("a.png", b"abc")}, headers={"Idempotency-Key": key})

    assert first.json()["job_id"] == again.json()["job_id"]


def test_other_body_under_the_same_key_is_refused(client: httpx.Client) -> None:
    key = str(uuid4())
    post(client, key)

    refusal(post(client, key, b"other"), 422, "idempotency_mismatch")
    refusal(post(client, key, consolidation_strategy="separate"), 422, "idempotency_mismatch")


def test_lost_answer_leads_back_to_its_session(server: RunningServer) -> None:
    key = str(uuid4())

    answers = []
    for _ in range(2):
        with httpx.Client(base_url=server.base_url) as forgetful:
            answers.append(post(forgetful, key).json())

    assert answers[0] == answers[1]


def test_sessions_do_not_share_keys(client: httpx.Client, server: RunningServer) -> None:
    key = str(uuid4())
    client.get("/api/v1/sessions/current")
    with httpx.Client(base_url=server.base_url) as other:
        other.get("/api/v1/sessions/current")

        assert post(client, key).json()["job_id"] != post(other, key).json()["job_id"]


def test_simultaneous_requests_make_one_job(client: httpx.Client) -> None:
    client.get("/api/v1/sessions/current")
    key = str(uuid4())

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: post(client, key), range(50)))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["job_id"] for answer in answers}) == 1


@pytest.mark.parametrize("key", ["", "a b", "k" * 256])
def test_unusable_key_is_refused(client: httpx.Client, key: str) -> None:
    refusal(post(client, key), 422, "invalid_request")
