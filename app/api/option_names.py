"""Names in a batch beside its images: one that is no option may be a slip, which must not go unnoticed."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

from app.api.openapi import BATCH_OPTIONS
from app.errors import InvalidRequest

_MOST = 50
"""Unknown names that are looked at."""
_LONGEST = 2 * max(map(len, BATCH_OPTIONS))
_ALIKE = 0.75
"""From here on two names are alike; 1 where they are the same (Ratcliff and Obershelp, difflib's ratio)."""


def check_names(names: Iterable[str]) -> None:
    """InvalidRequest for a name that is nearly an option's. Others are left alone: forms and clients send
    fields of their own along."""
    unknown = (name for name in names if name not in BATCH_OPTIONS and len(name) <= _LONGEST)
    for name in islice(unknown, _MOST):
        for meant in get_close_matches(name.lower(), BATCH_OPTIONS, 1, _ALIKE):
            raise InvalidRequest(f"Unknown option {name}; use {meant}.", code="invalid_option")
