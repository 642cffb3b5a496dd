"""API keys: optional, compared by their hashes in constant time."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import Protocol

from starlette.requests import HTTPConnection

from app.errors import SetupError, Unauthorized

SHORTEST = 16
_HASHED = "sha256:"
_NAME_DIGITS = 12


class ApiKeys:
    """The keys that open this server, as plain text or as `sha256:` and 64 hexadecimal digits.

    Without keys it is open. SetupError: one of them is shorter than 16 characters, or no hash.
    """

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._digests = tuple(_digest_of(key) for key in keys)

    def __bool__(self) -> bool:
        return bool(self._digests)

    def name_of(self, connection: HTTPConnection) -> str:
        """The presented key's name, not its text; empty where no key is asked for. Unauthorized."""
        if not self._digests:
            return ""
        presented = presented_key(connection)
        if presented is None:
            raise Unauthorized("This server asks for an API key. Send it as `Authorization: Bearer <key>`.")
        digest = hashlib.sha256(presented.encode()).digest()
        found = [hmac.compare_digest(digest, known) for known in self._digests]  # all of them, always
        if not any(found):
            raise Unauthorized("This API key is not known here. Check it.", code="api_key_unknown")
        return digest.hex()[:_NAME_DIGITS]


class Admissions(Protocol):
    """Which API key a session was begun with. Raises Unavailable."""

    async def admit(self, session_id: str, key: str) -> bool:
        """Remembers it as long as the session's events are kept; False: it was begun with another key."""
        ...

    async def key_of(self, session_id: str) -> str | None:
        """None: it was not begun with a key."""
        ...


def presented_key(connection: HTTPConnection) -> str | None:
    """From `Authorization: Bearer <key>` or `X-API-Key`."""
    scheme, _, key = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return key.strip()
    return connection.headers.get("x-api-key") or None


def _digest_of(key: str) -> bytes:
    try:
        if key.startswith(_HASHED) and len(digest := bytes.fromhex(key.removeprefix(_HASHED))) == 32:
            return digest
    except ValueError:
        pass
    if key.startswith(_HASHED) or len(key) < SHORTEST:
        raise SetupError(
            f"API_KEYS cannot be used: a key has {SHORTEST} characters or more, or is sha256: and 64 digits."
        )
    return hashlib.sha256(key.encode()).digest()
