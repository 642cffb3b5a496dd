"""What a request to the olmOCR API costs."""

from __future__ import annotations

from dataclasses import dataclass

from app.recognition.olmocr.prompt import Question
from app.recognition.olmocr.tokens import image_tokens, text_tokens
from app.recognition.spending import Spending
from app.services.olmocr_stream import Completion

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """For a million tokens, in any currency; None: nobody said."""

    prompt: float | None = None
    completion: float | None = None


def cost(question: Question, completion: Completion, prices: Prices) -> Spending:
    """Of one answer, also of one that was stopped."""
    told = completion.tokens
    asked, answered = told or (
        text_tokens(question.prompt.text) + image_tokens(question.png),
        text_tokens(completion.text),
    )
    price = None
    if prices.prompt is not None or prices.completion is not None:
        price = (asked * (prices.prompt or 0.0) + answered * (prices.completion or 0.0)) / _MILLION
    return Spending(1, asked, answered, price, told is None, question.prompt.source.value)
