"""Requests that did not get through are repeated; that is no matter of what the model said."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

import structlog

from app.recognition.olmocr.prompt import UserMessage
from app.services.olmocr_chat import ChatApi
from app.services.olmocr_failures import TransportFailed
from app.services.olmocr_options import OlmOcrOptions
from app.services.olmocr_stream import Completion

_TIMEOUTS = 2
"""Of one request; whoever let us wait twice will do so a third time."""
log = structlog.get_logger()


class PatientApi:
    """The API with its 429, 5xx and lost connections smoothed away, `Retry-After` honoured."""

    def __init__(self, api: ChatApi, options: OlmOcrOptions) -> None:
        self._api = api
        self._options = options

    async def complete(
        self, message: UserMessage, temperature: float, on_first: Callable[[], None]
    ) -> Completion:
        """As ChatApi.complete, but only EngineUnavailable is raised."""
        timeouts = 0
        for repeated in itertools.count():
            try:
                return await self._api.complete(message, temperature, on_first)
            except TransportFailed as failure:
                timeouts += failure.code == "engine_timeout"
                wait = self._wait(failure, repeated)
                if wait is None or timeouts == _TIMEOUTS:
                    raise failure.given_up() from failure
                log.info("olmocr request repeated", reason=str(failure), wait_s=round(wait, 2))
            await asyncio.sleep(wait)
        raise AssertionError("unreachable")

    def _wait(self, failure: TransportFailed, repeated: int) -> float | None:
        """Seconds to wait before the next repetition; None: give up."""
        if repeated >= self._options.transport_retries:
            return None
        if failure.retry_after is None:
            return min(self._options.backoff_s * 2.0**repeated, self._options.longest_wait_s)
        return failure.retry_after if failure.retry_after <= self._options.longest_wait_s else None
