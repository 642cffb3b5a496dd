"""What the API's refusals mean: try again later, or give up with one clear sentence."""

from __future__ import annotations

from app.errors import EngineUnavailable


class TransportFailed(Exception):
    """The request did not get through; the same request may succeed later."""

    def __init__(
        self, reason: str, *, retry_after: float | None = None, code: str = "engine_unavailable"
    ) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        """Seconds, as the API asked for; None: it did not."""
        self.code = code

    def given_up(self) -> EngineUnavailable:
        """The public error after the last repetition."""
        sentence = {
            "engine_timeout": "The olmOCR API did not answer in time.",
            "engine_busy": "The olmOCR API has too many requests at the moment.",
            "engine_broken": "The olmOCR API fails at the moment.",
        }.get(self.code, "The olmOCR API cannot be reached.")
        code = "engine_timeout" if self.code == "engine_timeout" else "engine_unavailable"
        return EngineUnavailable(f"{sentence} Try again later, or use the local engine.", code=code)


class ApiAnswer(Exception):
    """What the API said, for our log alone; the key is blotted out."""


FOR_ALL = frozenset(
    {"engine_rejected_key", "engine_quota", "engine_model_unknown", "engine_timeout", "engine_unavailable"}
)
"""Codes of failures that any other request would meet as well."""
_QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached", "insufficient_balance"})


def refusal(status: int, code: str | None, model: str) -> EngineUnavailable | None:
    """The error of a refusal that no repetition will change; None: try again."""
    if status in (401, 403):
        return EngineUnavailable(
            "The olmOCR API rejected the key. Set a valid OLMOCR_API_KEY, or use the local engine.",
            code="engine_rejected_key",
        )
    if status == 402 or code in _QUOTA_CODES:
        return EngineUnavailable(
            "The quota or credit of the olmOCR API key is used up. Top it up, or use the local engine.",
            code="engine_quota",
        )
    if status == 404:
        return EngineUnavailable(
            f"The olmOCR API does not know the model {model!r}. Check OLMOCR_MODEL and OLMOCR_BASE_URL, "
            "or use the local engine.",
            code="engine_model_unknown",
        )
    if status in (408, 409, 425, 429) or status >= 500:
        return None
    return EngineUnavailable(
        f"The olmOCR API refused the request (HTTP {status}). Check OLMOCR_MODEL and OLMOCR_BASE_URL, "
        "or use the local engine.",
        code="engine_refused",
    )


def retry_after(value: str | None) -> float | None:
    """Seconds of a `Retry-After` header: a number or a date (RFC 9110); None where it says nothing."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        return _until(value)
    return seconds if 0 <= seconds < float("inf") else None


def _until(value: str) -> float | None:
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
