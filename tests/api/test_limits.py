"""Rate limits and expiry, on a server of their own with tight settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.support.api import json_batch, refusal
from tests.support.server import running_server

BATCH = "/api/v1/convert/batch"


@pytest.fixture(scope="module")
def tight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    settings = {"BATCH_RATE_LIMIT": "2/minute", "RATE_LIMIT": "1000/minute", "FILE_RETENTION_HOURS": "0.0003"}
    with (
        running_server(tmp_path_factory.mktemp("tight"), **settings) as server,
        httpx.Client(base_url=server.base_url, timeout=30) as client,
    ):
        yield client


def test_limits_are_told_then_enforced_and_expired_is_gone(tight: httpx.Client) -> None:
    accepted = [tight.post(BATCH, json=json_batch(("a.png", b"x"))) for _ in range(2)]

    assert [answer.status_code for answer in accepted] == [202, 202]
    policy = accepted[0].headers["ratelimit-policy"]
    assert '"batch";q=2;w=60' in policy
    assert '"default";q=1000;w=60' in policy
    assert re.search(r'"batch";r=1;t=\d+', accepted[0].headers["ratelimit"])
    assert re.search(r'"batch";r=0;t=\d+', accepted[1].headers["ratelimit"])

    refused = tight.post(BATCH, json=json_batch(("a.png", b"x")))
    refusal(refused, 429, "rate_limited")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert re.search(r'"batch";r=0', refused.headers["ratelimit"])
    assert tight.get("/health/live").headers.get("ratelimit") is None

    job = accepted[0].json()
    while (answer := tight.get(job["status_url"])).status_code == 200:
        assert answer.headers["ratelimit"].startswith('"default"')
    refusal(answer, 410, "expired")
    refusal(tight.get(f"/api/v1/download/{job['job_id']}"), 410, "expired")
