"""What all requests to one provider of olmOCR share: how many at once, how many a minute, and its rests."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from app.errors import EngineUnavailable
from app.recognition.spending import Spending


@dataclass(frozen=True, slots=True)
class Shares:
    """What a provider lets us do."""

    concurrency: int = 4
    """Requests at the same time."""
    per_minute: int | None = None
    """Requests within any ``minute_s``; None: no limit."""
    minute_s: float = 60.0
    rest_s: float = 30.0
    """A provider that did not serve us is left alone for so long; then one request tries it again."""


class Provider(Protocol):
    """The circuit breaker and the limits of one provider, for this process or for all."""

    def turn(self, request: object) -> AbstractAsyncContextManager[None]:
        """Waits until a request may be sent, and counts it as running while the block runs.

        ``request``: the same one for its repetitions. EngineUnavailable: the provider rests; the failure that
        made it rest is raised again. While one request tries whether it serves us again the others wait for
        what becomes of it, as long as a rest at most.
        """
        ...

    async def pause(self, seconds: float) -> None:
        """No further request for so long: the provider has asked for it."""
        ...

    async def rest(self, failure: EngineUnavailable) -> None:
        """The provider does not serve us: `turn` refuses, until one request after the rest is served."""
        ...

    async def served(self, spending: Spending) -> None:
        """A request was answered: the provider is well."""
        ...


def provider_name(base_url: str, api_key: str, model: str) -> str:
    """The same for whoever shares limits and fate; the key cannot be had back from it."""
    return hashlib.sha256("\0".join((base_url, api_key, model)).encode()).hexdigest()[:16]


class OwnProvider:
    """Provider for a process that shares it with no other."""

    def __init__(self, shares: Shares) -> None:
        self._shares = shares
        self._slots = asyncio.Semaphore(shares.concurrency)
        self._sent: deque[float] = deque(maxlen=shares.per_minute or 1)
        self._free_at = 0.0
        self._failure: EngineUnavailable | None = None
        self._rests_until = 0.0
        self._trying: object = None
        self._tried = asyncio.Event()

    @asynccontextmanager
    async def turn(self, request: object) -> AsyncGenerator[None]:
        patience = time.monotonic() + self._shares.rest_s
        while True:
            async with self._slots:
                while (wait := self._wait(time.monotonic())) > 0:  # noqa: ASYNC110  (time rings nobody)
                    await asyncio.sleep(wait)
                trial_s = min(patience, self._trial_until(request)) - time.monotonic()
                if trial_s <= 0:
                    self._refuse_while_resting(request)
                    self._sent.append(time.monotonic())
                    yield
                    return
            with suppress(TimeoutError):  # without a slot, which the trial may need again
                async with asyncio.timeout(trial_s):
                    await self._tried.wait()

    async def pause(self, seconds: float) -> None:
        self._free_at = max(self._free_at, time.monotonic() + seconds)

    async def rest(self, failure: EngineUnavailable) -> None:
        self._failure, self._trying = failure, None
        self._rests_until = time.monotonic() + self._shares.rest_s
        self._tried.set()

    async def served(self, spending: Spending) -> None:
        self._failure = self._trying = None
        self._tried.set()

    def _trial_until(self, request: object) -> float:
        """When another request's trial counts as over without news of it; 0 while there is none."""
        return 0.0 if self._trying in (None, request) else self._rests_until

    def _wait(self, now: float) -> float:
        """Seconds until the provider takes a request again, as far as is known now."""
        full = self._shares.per_minute is not None and len(self._sent) == self._sent.maxlen
        return max(self._free_at - now, self._sent[0] + self._shares.minute_s - now if full else 0.0)

    def _refuse_while_resting(self, request: object) -> None:
        if self._failure is None or self._trying is request:
            return
        if time.monotonic() < self._rests_until:
            raise EngineUnavailable(self._failure.message, code=self._failure.code)
        self._trying = request  # the others wait for it
        self._tried.clear()
        self._rests_until = time.monotonic() + self._shares.rest_s
