"""The end of a job is told to the client's server: signed, at least once, and never into private networks."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import signal
import threading
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from app.errors import InvalidRequest, SetupError
from app.jobs.job import Job, JobOptions
from app.jobs.retention import ExpireJobs
from app.jobs.webhook_address import check_url, is_public
from app.jobs.webhooks import DeliverWebhooks, Delivery
from app.services.webhook_outbox import RedisWebhookOutbox
from app.services.webhook_sender import StandardWebhookSender
from app.settings import Settings, load_settings
from app.wiring.core import Core, open_core
from tests.support.job_house import JobHouse
from tests.support.jobs import now
from tests.support.waiting import until
from tests.support.webhook_receiver import Received, Receiver, running_receiver

pytestmark = pytest.mark.anyio
KEY = b"a secret of 24 bytes or so"
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver(Receiver()) as receiver:
        yield receiver


@pytest.fixture
async def house(server_url: str, settings: Settings) -> AsyncGenerator[JobHouse]:
    """A house that sends webhooks, into private networks too."""
    update = {"webhook_secret": SecretStr(SECRET), "webhook_allow_private": True}
    telling = settings.model_copy(update=update)
    async with open_core(telling, server_url) as core:
        await core.client.flushdb()
        house = JobHouse(core, telling)
        yield house
        await house.close()


@asynccontextmanager
async def delivering(core: Core, **more: Any) -> AsyncGenerator[None]:
    sender = StandardWebhookSender(SECRET, private=True)
    outbox = RedisWebhookOutbox(core.client)
    deliver = DeliverWebhooks(core.store, outbox, sender, look_s=0.02, **more)
    task = asyncio.create_task(deliver.forever())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _cancelled(house: JobHouse, url: str) -> Job:
    """A job that is over, whose end is to be told."""
    job = await house.submit("a|b", options={"webhook_url": url})
    return await house.core.cancel(job.job_id)


async def _told(house: JobHouse, job: Job, state: str) -> None:
    async def reached() -> bool:
        return (await house.core.store.get(job.job_id)).webhook == state

    await until(reached, 60)


def _is_signed(received: Received) -> bool:
    """By the text of the specification, not by the library that signs."""
    headers = received.headers
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + received.body
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    fresh = abs(time.time() - int(headers["webhook-timestamp"])) < 300
    return fresh and f"v1,{expected}" in headers["webhook-signature"].split(" ")


async def test_the_end_of_a_job_is_told_signed(house: JobHouse, receiver: Receiver) -> None:
    house.work_here()
    job = await house.submit("a|b", "refuse", options={"webhook_url": f"{receiver.url}?for=me"})

    await _told(house, job, "delivered")

    (received,) = receiver.received
    assert received.path == "/hooks?for=me"
    assert received.headers["host"] == f"localhost:{receiver.port}"
    assert received.headers["content-type"] == "application/json"
    assert _is_signed(received)
    message = json.loads(received.body)
    assert message["type"] == "job.partially_completed"
    assert message["data"]["job_id"] == job.job_id
    assert message["data"]["primary_download_url"] == f"/api/v1/download/{job.job_id}"
    assert [error["image"] for error in message["data"]["errors"]] == ["image-1.png"]
    assert job.session_id not in received.body.decode(), "a session's id is its key"


async def test_it_is_told_again_until_it_was_heard(house: JobHouse, receiver: Receiver) -> None:
    receiver.statuses = (500, 302, 404, 204)
    receiver.location = f"{receiver.url}/elsewhere"
    job = await _cancelled(house, receiver.url)

    async with delivering(house.core, backoff_s=(0.0,) * 5):
        await _told(house, job, "delivered")

    assert len({received.headers["webhook-id"] for received in receiver.received}) == 1
    assert [received.path for received in receiver.received] == ["/hooks"] * 4, "redirects are not followed"
    assert all(map(_is_signed, receiver.received))
    assert json.loads(receiver.received[-1].body)["type"] == "job.cancelled"


async def test_it_is_given_up_in_the_end(house: JobHouse, receiver: Receiver) -> None:
    receiver.statuses = (500,)
    job = await _cancelled(house, receiver.url)

    async with delivering(house.core, backoff_s=(0.0, 0.0)):
        await _told(house, job, "failed")

    assert len(receiver.received) == 3
    assert await house.core.client.keys("olmocr:webhooks:*") == []


async def test_gone_means_never_again(house: JobHouse, receiver: Receiver) -> None:
    receiver.statuses = (410,)
    job = await _cancelled(house, receiver.url)

    async with delivering(house.core):
        await _told(house, job, "failed")

    assert len(receiver.received) == 1


async def test_a_worker_killed_while_it_tells_is_replaced(house: JobHouse, receiver: Receiver) -> None:
    receiver.gate = threading.Event()
    job = await _cancelled(house, receiver.url)
    first = await house.work_elsewhere(WEBHOOK_SECRET=SECRET, WEBHOOK_ALLOW_PRIVATE="true")

    async def asked() -> bool:
        return len(receiver.received) == 1

    await until(asked, 60)
    first.send_signal(signal.SIGKILL)
    await first.wait()
    receiver.gate.set()
    await house.work_elsewhere(WEBHOOK_SECRET=SECRET, WEBHOOK_ALLOW_PRIVATE="true")

    await _told(house, job, "delivered")
    assert [received.headers["webhook-id"] for received in receiver.received] == [
        receiver.received[0].headers["webhook-id"]
    ] * 2


async def test_an_erased_job_is_not_told(house: JobHouse, receiver: Receiver) -> None:
    job = await _cancelled(house, receiver.url)
    await house.core.erase(job.job_id)
    last = await _cancelled(house, receiver.url)

    async with delivering(house.core):
        await _told(house, last, "delivered")

    assert len(receiver.received) == 1


async def test_a_job_that_expired_before_it_was_done_is_told_as_over(
    house: JobHouse, receiver: Receiver
) -> None:
    core = house.core
    late, erased = [await house.submit("a|b", options={"webhook_url": receiver.url}) for _ in range(2)]
    await core.erase(erased.job_id)
    after = ExpireJobs(core.store, core.files, core.cancel, core.journal, lambda: now() + timedelta(hours=25))
    assert await after() == 1
    receiver.statuses = (500, 204)

    async with delivering(core, backoff_s=(0.0,)):

        async def heard() -> bool:
            return await core.client.keys("olmocr:webhooks:*") == []

        await until(heard, 60)

    assert len({received.headers["webhook-id"] for received in receiver.received}) == 1
    assert all(map(_is_signed, receiver.received))
    message = json.loads(receiver.received[-1].body)
    assert (message["type"], message["data"]["error_code"]) == ("job.failed", "job_expired")
    assert message["data"]["job_id"] == late.job_id
    assert late.session_id not in receiver.received[-1].body.decode()


async def test_private_networks_are_refused_before_anything_is_sent(receiver: Receiver) -> None:
    sender = StandardWebhookSender(SECRET)

    for host in ("localhost", "127.0.0.1", "[::ffff:127.0.0.1]", "0.0.0.0", "127.1"):
        url = f"http://{host}:{receiver.port}/hooks"
        assert await sender.send(url, "msg_1", "{}") is Delivery.REFUSED, host
    assert receiver.received == []


async def test_what_cannot_be_reached_may_be_tried_again() -> None:
    sender = StandardWebhookSender(SECRET, private=True)

    assert await sender.send("http://127.0.0.1:9/", "msg_1", "{}") is Delivery.FAILED
    assert await sender.send("http://no-such-host.invalid/", "msg_1", "{}") is Delivery.FAILED


async def test_a_server_that_does_not_answer_is_left(receiver: Receiver) -> None:
    receiver.gate = threading.Event()
    sender = StandardWebhookSender(SECRET, private=True, answer_s=0.2)

    assert await sender.send(receiver.url, "msg_1", "{}") is Delivery.FAILED
    receiver.gate.set()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254",
        "100.100.100.200", "168.63.129.16", "192.0.0.192", "224.0.0.1", "255.255.255.255", "198.18.0.1",
        "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fd00:ec2::254", "ff02::1", "2001:db8::1",
    ],
)  # fmt: skip
def test_private_addresses_are_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:220:1::1", "::ffff:93.184.215.14"])
def test_public_addresses_are_known(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "ftp://example.com/", "https://", "https://user:pass@example.com/", "x",
        "https://localhost/", "https://127.0.0.1/", "https://[::1]/", "https://example.com:0/",
        "https://exa mple.com:99999/", "https://example.com/" + "x" * 2048, "https://example.com/\n",
    ],
)  # fmt: skip
def test_addresses_that_never_work_are_refused_at_once(url: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        check_url(url, private=False)
    assert refused.value.code == "invalid_option"


def test_usual_addresses_are_taken() -> None:
    check_url("https://hooks.example.com:8443/olmocr?token=1", private=False)
    check_url("http://10.0.0.5/hooks", private=True)


async def test_without_a_secret_nobody_is_told(core: Core) -> None:
    plain = JobHouse(core, Settings(_env_file=None))
    with pytest.raises(InvalidRequest) as refused:
        await plain.submit("a|b", options={"webhook_url": "https://example.com/"})
    assert "WEBHOOK_SECRET" in refused.value.message
    assert JobOptions().webhook_url == ""


@pytest.mark.parametrize("secret", ["whsec_x", "short", "whsec_" + "ü" * 40])
def test_a_secret_that_cannot_sign_is_told(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_SECRET", secret)

    with pytest.raises(SetupError, match="WEBHOOK_SECRET") as refused:
        load_settings()
    assert secret not in refused.value.message
