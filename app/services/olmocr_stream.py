"""The answer of chat completions, piece by piece or whole. Chunks of an odd shape are passed over."""

from __future__ import annotations

import json
from collections.abc import Callable
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
_CHECK_EVERY = 500
"""Characters of growth after which an answer is looked at for loops."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model wrote, and why it stopped: "stop" when it was done."""

    text: str
    finish_reason: str


async def streamed(stream: Any, on_first: Callable[[], None]) -> Completion:
    """Gathers the chunks; ends early when the model loops. TransportFailed: the stream broke off."""
    text = ""
    looked_at = 0
    async for chunk in stream:
        if not looked_at:
            on_first()
            looked_at = _CHECK_EVERY
        piece, reason = _piece(chunk, "delta")
        text += piece
        if reason is not None:
            return Completion(text, reason)
        if len(text) > MAX_CHARACTERS:
            return Completion(text, TOO_LONG)
        if len(text) >= looked_at:
            looked_at = len(text) + _CHECK_EVERY
            if is_looping(text):
                return Completion(text, LOOPING)
    raise TransportFailed("the answer broke off")


def whole(body: bytes) -> Completion:
    """The answer of an API that does not stream. ValueError, TransportFailed: it is none."""
    completion = json.loads(body, object_hook=lambda fields: SimpleNamespace(**fields))
    text, reason = _piece(completion, "message")
    if reason is None:
        raise TransportFailed("the answer is no chat completion")
    return Completion(text, reason)


def _piece(chunk: Any, part: str) -> tuple[str, str | None]:
    try:
        choice: Any = chunk.choices[0]
    except (AttributeError, TypeError, IndexError, KeyError):
        return "", None
    content = getattr(getattr(choice, part, None), "content", None)
    reason = getattr(choice, "finish_reason", None)
    return content if isinstance(content, str) else "", reason if isinstance(reason, str) else None
