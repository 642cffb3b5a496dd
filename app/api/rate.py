"""Rate limits on routes: who asks too often is told when to come back."""

from __future__ import annotations

import asyncio
import hashlib
import math
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from fastapi import Request

from app.api.client import client_address
from app.errors import RateLimited
from app.models.quota import Quota


class RateLimits(Protocol):
    """Counts requests of all web processes together."""

    async def hit(self, policy: str, client: str) -> Quota | None:
        """Counts one request; None: the policy sets no limit."""
        ...


def headers_of(quotas: Sequence[Quota]) -> dict[str, str]:
    """`RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10); empty without quotas."""
    if not quotas:
        return {}
    return {
        "RateLimit-Policy": ", ".join(
            f'"{quota.policy}";q={quota.limit};w={quota.window_s}' for quota in quotas
        ),
        "RateLimit": ", ".join(
            f'"{quota.policy}";r={quota.remaining};t={math.ceil(quota.reset_s)}' for quota in quotas
        ),
    }


def _who(request: Request) -> list[tuple[str, str]]:
    """The request's API key and session, as far as it has them: each has a policy of its own."""
    named = {
        "key": getattr(request.state, "key", ""),
        "session": request.headers.get("x-session-id") or request.cookies.get("session_id", ""),
    }
    return [(policy, hashlib.sha256(name.encode()).hexdigest()) for policy, name in named.items() if name]


def limited(*policies: str) -> Callable[[Request], Awaitable[None]]:
    """A dependency that counts the client's address under each policy, and the request's API key and session
    under theirs. RateLimited: one of them is used up."""

    async def count(request: Request) -> None:
        limits: RateLimits = request.app.state.doors.rates
        counted = [(policy, client_address(request)) for policy in policies] + _who(request)
        found = await asyncio.gather(*(limits.hit(policy, client) for policy, client in counted))
        quotas = [quota for quota in found if quota is not None]
        request.state.answer_headers = headers_of(quotas)
        for quota in quotas:
            if not quota.allowed:
                raise RateLimited(
                    f"Too many requests: {quota.limit} in {quota.window_s} s are allowed. "
                    f"Try again in {math.ceil(quota.reset_s)} s.",
                    retry_after=quota.reset_s,
                )

    return count
