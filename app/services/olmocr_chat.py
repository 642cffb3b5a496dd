"""One request to the olmOCR API: streamed, within time, its failures named. Nothing is repeated here."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

from app.errors import EngineUnavailable
from app.recognition.olmocr.prompt import Question
from app.recognition.olmocr.sampling import MAX_TOKENS
from app.services.olmocr_failures import ApiAnswer, TransportFailed, refusal, retry_after
from app.services.olmocr_options import OlmOcrOptions
from app.services.olmocr_stream import Completion, Faults, streamed, whole


class ChatApi:
    """Speaks chat completions through the `openai` SDK, which is loaded with the first request."""

    def __init__(self, options: OlmOcrOptions) -> None:
        self._options = options
        self._client: Any = None
        self._sdk: Any = None
        self._http: Any = None
        self._faults: Faults = ()
        self._extras: dict[str, object] = {"stream_options": {"include_usage": True}}
        """What a request may do without, where an API does not know it."""

    async def complete(self, question: Question, on_first: Callable[[], None]) -> Completion:
        """The answer. ``on_first`` is called with its first piece.

        TransportFailed: the same request may succeed later; EngineUnavailable: it never will.
        """
        end = asyncio.get_running_loop().time() + self._options.answer_s
        async with self._connection() as patience:

            def first() -> None:
                patience.reschedule(end)
                on_first()

            request = self._client.chat.completions.with_streaming_response.create(
                model=self._options.model,
                messages=[question.message()],
                max_tokens=MAX_TOKENS,
                temperature=question.temperature,
                stream=True,
                **self._extras,
            )
            async with request as response:
                if "json" not in response.headers.get("content-type", ""):
                    return await streamed(await response.parse(), first, self._faults)
                first()
                return whole(await response.read())

    async def models(self) -> frozenset[str]:
        """Ids of the models that the API offers. TransportFailed, EngineUnavailable."""
        async with self._connection():
            return frozenset([str(model.id) async for model in self._client.models.list()])

    async def close(self) -> None:
        """Ends all connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator[asyncio.Timeout]:
        """A client, limited time, and names for what goes wrong."""
        await self._load()
        try:
            async with asyncio.timeout(self._options.first_token_s) as patience:
                yield patience
        except TimeoutError as late:
            raise TransportFailed("no answer in time", code="engine_timeout") from late
        except self._faults as error:
            raise self._translated(error) from ApiAnswer(self._blotted(error))

    async def _load(self) -> None:
        if self._client is None:
            self._sdk = await asyncio.to_thread(importlib.import_module, "openai")  # takes a second
            self._http = importlib.import_module("httpx2")
            self._faults = (self._sdk.APIError, self._http.HTTPError, ValueError, RecursionError)
            self._client = self._client or self._sdk.AsyncOpenAI(
                api_key=self._options.api_key,
                base_url=self._options.base_url,
                max_retries=0,
                timeout=self._sdk.Timeout(self._options.answer_s, connect=self._options.connect_s),
            )

    def _translated(self, error: Exception) -> EngineUnavailable | TransportFailed:
        if isinstance(error, self._sdk.APITimeoutError):
            return TransportFailed("timeout of the connection", code="engine_timeout")
        if not isinstance(error, self._sdk.APIStatusError):
            lost = isinstance(error, (self._sdk.APIConnectionError, self._http.HTTPError))
            code = "engine_unavailable" if lost else "engine_broken"
            return TransportFailed(f"connection or answer broken: {type(error).__name__}", code=code)
        answer: Any = error
        status = int(answer.status_code)
        if self._extras and status in (400, 422) and "stream_options" in str(error):
            self._extras = {}
            return TransportFailed("the API does not know stream_options", retry_after=0.0)
        after = retry_after(answer.response.headers.get("retry-after"))
        busy = "engine_busy" if status == 429 else "engine_broken"
        return refusal(status, answer.code, self._options.model) or TransportFailed(
            f"HTTP {status}", retry_after=after, code=busy
        )

    def _blotted(self, error: Exception) -> str:
        return f"{type(error).__name__}: {str(error)[:500]}".replace(self._options.api_key or "\0", "***")
