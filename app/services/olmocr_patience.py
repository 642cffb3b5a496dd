"""Requests that did not get through are repeated; that is no matter of what the model said."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

import structlog

from app.errors import EngineUnavailable
from app.recognition.olmocr.prompt import Question
from app.recognition.spending import spend
from app.services.olmocr_chat import ChatApi
from app.services.olmocr_cost import cost
from app.services.olmocr_failures import FOR_ALL, TransportFailed
from app.services.olmocr_options import OlmOcrOptions
from app.services.olmocr_provider import Provider
from app.services.olmocr_stream import Completion
from app.services.working_time import WorkingTime

_TIMEOUTS = 2
"""Of one request; whoever let us wait twice will do so a third time."""
log = structlog.get_logger()


class PatientApi:
    """The API with its 429, 5xx and lost connections smoothed away, `Retry-After` honoured.

    What it cannot smooth away makes the provider rest, for all who share it.
    """

    def __init__(self, api: ChatApi, provider: Provider, options: OlmOcrOptions) -> None:
        self._api = api
        self._provider = provider
        self._options = options

    async def complete(
        self, question: Question, on_first: Callable[[], None], time: WorkingTime
    ) -> Completion:
        """As ChatApi.complete, but only EngineUnavailable is raised. Waiting for a turn takes no ``time``."""
        try:
            completion = await self._until_answered(question, on_first, time)
        except EngineUnavailable as failure:
            if failure.code in FOR_ALL:
                await self._provider.rest(failure)
            raise
        spending = cost(question, completion, self._options.prices)
        spend(spending)
        await self._provider.served(spending)
        return completion

    async def _until_answered(
        self, question: Question, on_first: Callable[[], None], time: WorkingTime
    ) -> Completion:
        timeouts = 0
        for repeated in itertools.count():
            try:
                async with self._provider.turn(question):
                    with time.running():
                        return await self._api.complete(question, on_first)
            except TransportFailed as failure:
                timeouts += failure.code == "engine_timeout"
                wait = self._wait(failure, repeated)
                if wait is None or timeouts == _TIMEOUTS:
                    raise failure.given_up() from failure
                log.info("olmocr request repeated", reason=str(failure), wait_s=round(wait, 2))
                if failure.retry_after is not None:
                    await self._provider.pause(wait)
            with time.running():
                await asyncio.sleep(wait)
        raise AssertionError("unreachable")

    def _wait(self, failure: TransportFailed, repeated: int) -> float | None:
        """Seconds to wait before the next repetition; None: give up."""
        if repeated >= self._options.transport_retries:
            return None
        if failure.retry_after is None:
            return min(self._options.backoff_s * 2.0**repeated, self._options.longest_wait_s)
        return failure.retry_after if failure.retry_after <= self._options.longest_wait_s else None
