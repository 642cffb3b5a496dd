"""The answer of chat completions, piece by piece or whole. Chunks of an odd shape are passed over."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from app.recognition.olmocr.repetition import is_looping
from app.recognition.olmocr.response import MAX_CHARACTERS
from app.services.olmocr_failures import TransportFailed

LOOPING = "repetition"
"""Finish reason of an answer that we stopped because it went round in circles."""
TOO_LONG = "too_long"
"""Finish reason of an answer that we stopped because no page holds so much."""
REFUSED = "refusal"
"""Finish reason of an answer in which the model, or a filter before it, will not read the image."""
_CHECK_EVERY = 500
"""Characters of growth after which an answer is looked at for loops."""
_USAGE_S = 2.0
"""Longest wait for the count of tokens behind a whole answer."""
_MOST_TOKENS = 10_000_000
"""Of one request; a larger count is none."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model wrote, and why it stopped: "stop" when it was done."""

    text: str
    finish_reason: str
    tokens: tuple[int, int] | None = None
    """Of the prompt and of the answer; None: the API did not tell."""


Faults = tuple[type[Exception], ...]


async def streamed(stream: Any, on_first: Callable[[], None], faults: Faults) -> Completion:
    """Gathers the chunks; ends early when the model loops. TransportFailed: the stream broke off.

    ``faults``: what reading the stream may raise; once the answer is whole they spoil nothing any more.
    """
    text = ""
    looked_at = 0
    async for chunk in stream:
        if not looked_at:
            on_first()
            looked_at = _CHECK_EVERY
        piece, reason = _piece(chunk, "delta")
        text += piece
        if reason is not None:
            return Completion(text, reason, await _tokens_behind(stream, faults) or _tokens(chunk))
        if len(text) > MAX_CHARACTERS:
            return Completion(text, TOO_LONG)
        if len(text) >= looked_at:
            looked_at = len(text) + _CHECK_EVERY
            if is_looping(text):
                return Completion(text, LOOPING)
    raise TransportFailed("the answer broke off")


async def _tokens_behind(stream: Any, faults: Faults) -> tuple[int, int] | None:
    """What chunks after the last piece tell of tokens. All are read: the connection can be used again."""
    found: tuple[int, int] | None = None
    with suppress(TimeoutError, *faults):
        async with asyncio.timeout(_USAGE_S):
            async for chunk in stream:
                found = _tokens(chunk) or found
    return found


def whole(body: bytes) -> Completion:
    """The answer of an API that does not stream. ValueError, TransportFailed: it is none."""
    completion = json.loads(body, object_hook=lambda fields: SimpleNamespace(**fields))
    text, reason = _piece(completion, "message")
    if reason is None:
        raise TransportFailed("the answer is no chat completion", code="engine_broken")
    return Completion(text, reason, _tokens(completion))


def _piece(chunk: Any, part: str) -> tuple[str, str | None]:
    """The chunk's text, and why the answer ends with it."""
    try:
        choice: Any = chunk.choices[0]
    except (AttributeError, TypeError, IndexError, KeyError):
        return "", None
    message = getattr(choice, part, None)
    content, reason = getattr(message, "content", None), getattr(choice, "finish_reason", None)
    text = content if isinstance(content, str) else ""
    if reason == "content_filter" or getattr(message, "refusal", None):
        return text, REFUSED
    return text, reason if isinstance(reason, str) else None


def _tokens(chunk: Any) -> tuple[int, int] | None:
    usage = getattr(chunk, "usage", None)
    counts = [getattr(usage, f"{part}_tokens", None) for part in ("prompt", "completion")]
    prompt, completion = (
        count if isinstance(count, int) and 0 <= count < _MOST_TOKENS else None for count in counts
    )
    return None if prompt is None or completion is None else (prompt, completion)
