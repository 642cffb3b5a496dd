"""How the olmOCR API is reached."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.services.olmocr_cost import Prices
from app.services.olmocr_provider import Shares


@dataclass(frozen=True, slots=True)
class OlmOcrOptions:
    """An API that speaks chat completions, and how patient we are with it. Times in seconds."""

    api_key: str = field(repr=False)
    base_url: str = "https://api.deepinfra.com/v1/openai"
    model: str = "allenai/olmOCR-2-7B-1025"
    prompt: str | None = None
    """None: see `app.recognition.olmocr.prompt`."""
    shares: Shares = field(default_factory=Shares)
    prices: Prices = field(default_factory=Prices)
    connect_s: float = 10.0
    first_token_s: float = 60.0
    """From the request to the first piece of the answer; a busy API queues."""
    answer_s: float = 120.0
    """From the request to the end of the answer."""
    image_s: float = 240.0
    """For all pages and all tries of one image, not counting the wait for a turn."""
    transport_retries: int = 5
    """Repetitions of one request after 429, 5xx or a lost connection; they use up no sampling try."""
    backoff_s: float = 0.5
    """Wait before the first repetition where the API names none; doubled each time."""
    longest_wait_s: float = 60.0
    """A longer `Retry-After` is a refusal."""
