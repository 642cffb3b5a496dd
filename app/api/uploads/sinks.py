"""Where the bytes of one uploaded image go: a file on disk, counted and hashed while it is written."""

from __future__ import annotations

import binascii
import hashlib
import re
from pathlib import Path
from typing import BinaryIO

from app.errors import InvalidRequest

_DATA_URL = re.compile(rb"\s*data:[^,]{0,200},", re.IGNORECASE)
_BLANKS = b" \t\r\n\f\v"
_STANDARD_ALPHABET = bytes.maketrans(b"-_", b"+/")
_LONGEST_PREFIX = 512
"""Bytes of a base64 text that are kept back until a data URL's head must have ended."""


class FileSink:
    """Writes what it is fed into ``path``; after ``limit`` bytes it only counts on."""

    def __init__(self, path: Path, limit: int) -> None:
        self.path = path
        self.size = 0
        """Bytes fed; above the limit the file is cut off and must not be used."""
        self._limit = limit
        self._digest = hashlib.sha256()
        self._file: BinaryIO = path.open("xb")

    @property
    def sha256(self) -> str:
        """Hexadecimal digest of what was written."""
        return self._digest.hexdigest()

    def feed(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size <= self._limit:
            self._digest.update(piece)
            self._file.write(piece)

    def close(self) -> None:
        self._file.close()


class Base64Sink:
    """Decodes base64 (RFC 4648, standard or URL-safe, blanks tolerated, padding optional) into a FileSink.

    A data URL's head is taken off; only ``;base64`` data URLs are understood.
    """

    def __init__(self, target: FileSink) -> None:
        self.target = target
        self.error: InvalidRequest | None = None
        """What is wrong with the text; the message continues "Image 3 (name) …"."""
        self._head: bytes | None = b""
        self._rest = b""
        self._ended = False

    def feed(self, piece: bytes) -> None:
        if self.error is not None:
            return
        if self._head is None:
            self._decode(piece)
            return
        self._head += piece
        if len(self._head) >= _LONGEST_PREFIX:
            self._begin()

    def close(self) -> None:
        """Decodes what was kept back; a second call does nothing."""
        if self._head is not None and self.error is None:
            self._begin()
        if self.error is None and self._rest:
            self._decode(b"=" * (-len(self._rest) % 4))
        self.target.close()

    def _begin(self) -> None:
        text, self._head = self._head or b"", None
        url = _DATA_URL.match(text)
        if url is not None and not re.search(rb";\s*base64\s*,$", url.group(), re.IGNORECASE):
            self._refuse("is a data URL without base64 content")
            return
        self._decode(text[url.end() :] if url else text)

    def _decode(self, piece: bytes) -> None:
        text = self._rest + piece.translate(_STANDARD_ALPHABET, _BLANKS)
        if self._ended and text:
            self._refuse("goes on after the end of its base64 text")
            return
        whole = len(text) - len(text) % 4
        text, self._rest = text[:whole], text[whole:]
        self._ended = text.endswith(b"=")
        try:
            self.target.feed(binascii.a2b_base64(text, strict_mode=True))
        except binascii.Error:
            self._refuse("is not base64")

    def _refuse(self, what: str) -> None:
        self.error = InvalidRequest(
            f"{what}; send the file's bytes as base64 or as a data:…;base64 URL", code="invalid_base64"
        )
