"""Rate limits on routes: who asks too often is told when to come back."""

from __future__ import annotations

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


def limited(*policies: str) -> Callable[[Request], Awaitable[None]]:
    """A dependency that counts the request under each policy. RateLimited: one of them is used up."""

    async def count(request: Request) -> None:
        limits: RateLimits = request.app.state.doors.rates
        client = client_address(request)
        found = [await limits.hit(policy, client) for policy in policies]
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
