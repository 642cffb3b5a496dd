"""What an engine spends at an API that charges, told to whoever measures it.

An ambient meter, since an image that failed, or was read by another engine in the end, has cost as well.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spending:
    """Of one request or of several."""

    requests: int = 0
    """Answered ones, usable or not."""
    prompt_tokens: int = 0
    """Text and image that were sent."""
    completion_tokens: int = 0
    """What the model wrote."""
    price: float | None = None
    """In the currency of the prices that were given; None: none were."""
    estimated: bool = False
    """Whether the API told the tokens of every request; where not, they are estimated."""
    prompt: str = ""
    """Whose words the model was asked with: `file`, `package` or `own`."""
    crops: int = 0
    """Of tables, or bands of their rows, read in place of their pages; 0: all pages were shown whole."""

    def __add__(self, other: Spending) -> Spending:
        prices = [price for price in (self.price, other.price) if price is not None]
        return Spending(
            self.requests + other.requests,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            sum(prices) if prices else None,
            self.estimated or other.estimated,
            self.prompt or other.prompt,
            self.crops + other.crops,
        )


class Meter:
    """Adds up what is spent while it is the current one."""

    def __init__(self) -> None:
        self.total: Spending | None = None
        """None: no such API was asked."""

    def add(self, spending: Spending) -> None:
        self.total = spending if self.total is None else self.total + spending


_current: ContextVar[Meter | None] = ContextVar("spending", default=None)


@contextmanager
def metered() -> Generator[Meter]:
    """Everything that is spent in the block, and in tasks that it starts, goes to the meter."""
    meter = Meter()
    token = _current.set(meter)
    try:
        yield meter
    finally:
        _current.reset(token)


def spend(spending: Spending) -> None:
    """Tells the current meter, if there is one."""
    meter = _current.get()
    if meter is not None:
        meter.add(spending)
