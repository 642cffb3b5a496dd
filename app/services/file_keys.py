"""Keys of stored files: our own words and ids, `/`-separated; nothing else ever reaches a path."""

from __future__ import annotations

import re

_PART = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}"
_KEY = re.compile(rf"{_PART}(?:/{_PART}){{0,15}}")


def checked_key(key: str) -> str:
    """The key itself; ValueError when it is not one (keys are made by us: this is a fault of the caller)."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a storage key: {key!r}")
    return key


def split_prefix(prefix: str) -> str:
    """The folder in which all keys that start with ``prefix`` lie; "" is the root. ValueError: no prefix."""
    checked_key(prefix.removesuffix("/"))
    return prefix.rpartition("/")[0]
