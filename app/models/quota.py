"""Where one client stands under one rate limit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quota:
    """The state of a policy after a request was counted."""

    policy: str
    limit: int
    """Requests that the window allows."""
    window_s: int
    remaining: int
    reset_s: float
    """Seconds until the oldest counted request leaves the window."""
    allowed: bool
