"""Posts signed messages (https://www.standardwebhooks.com), to public addresses alone."""

from __future__ import annotations

import asyncio
import importlib
import socket
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import structlog
from standardwebhooks import Webhook

from app.jobs.webhook_address import is_public
from app.jobs.webhooks import Delivery

_ANSWER_S = 15.0
_GONE = 410
log = structlog.get_logger()


class AddressRefused(OSError):
    """The name leads into a private network."""


class StandardWebhookSender:
    """``secret``: base64, with or without `whsec_`. ``private``: private networks and plain http are allowed.

    The name is resolved once for each connection, every address that it has is checked, and the connection is
    made to an address that was checked: a name that changes meanwhile leads nowhere else. Redirects are not
    followed, proxies of the environment not used.
    """

    def __init__(self, secret: str, *, private: bool = False, answer_s: float = _ANSWER_S) -> None:
        self._signer = Webhook(secret)
        self._private = private
        self._answer_s = answer_s

    async def send(self, url: str, message_id: str, body: str) -> Delivery:
        """One try; never raises for what the other side does."""
        at = datetime.now(UTC)
        headers = {
            "content-type": "application/json",
            "user-agent": "olmocr-backend",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": self._signer.sign(msg_id=message_id, timestamp=at, data=body),
        }
        try:
            async with asyncio.timeout(self._answer_s):
                status = await self._post(url, headers, body)
        except AddressRefused:
            return Delivery.REFUSED
        except (OSError, TimeoutError, *self._http_errors) as error:
            log.info("webhook not delivered", reason=type(error).__name__)
            return Delivery.FAILED
        if 200 <= status < 300:
            return Delivery.DELIVERED
        return Delivery.REFUSED if status == _GONE else Delivery.FAILED

    async def _post(self, url: str, headers: dict[str, str], body: str) -> int:
        """The status; the answer's body is not read."""
        backend = _checked_network(self._httpcore, private=self._private)
        async with (
            self._httpcore.AsyncConnectionPool(network_backend=backend) as pool,
            pool.stream("POST", url, headers=headers, content=body.encode()) as answer,
        ):
            return int(answer.status)

    @cached_property
    def _httpcore(self) -> Any:
        return importlib.import_module("httpcore2")  # late: most workers never send

    @cached_property
    def _http_errors(self) -> tuple[type[Exception], ...]:
        core = self._httpcore
        return (core.NetworkError, core.TimeoutException, core.ProtocolError, core.UnsupportedProtocol)


async def checked_addresses(host: str, port: int, *, private: bool) -> list[str]:
    """Where the name leads. AddressRefused: not all of it is public. OSError: nowhere."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(place[4][0]) for place in found))
    if not private and not all(is_public(address) for address in addresses):
        raise AddressRefused("a private address")
    return addresses


def _checked_network(core: Any, *, private: bool) -> Any:
    inner = core.AnyIOBackend()

    class CheckedNetwork(core.AsyncNetworkBackend):
        """Connects to the addresses that were checked; TLS still asks for the name."""

        async def connect_tcp(
            self,
            host: str,
            port: int,
            timeout: float | None = None,  # noqa: ASYNC109  (given by httpcore)
            local_address: str | None = None,
            socket_options: Iterable[Any] | None = None,
        ) -> Any:
            failure: Exception = OSError("the name leads nowhere")
            for address in await checked_addresses(host, port, private=private):
                try:
                    return await inner.connect_tcp(address, port, timeout, local_address, socket_options)
                except core.ConnectError as error:
                    failure = error
            raise failure

    return CheckedNetwork()
