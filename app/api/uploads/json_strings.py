"""A JSON body in pieces: long strings go to sinks while they arrive, the short rest stays as text.

A batch of base64 images is tens of megabytes in a few strings. `LongStrings` looks only for quotes and
backslashes (RFC 8259 §7), replaces each long string by a short mark in the skeleton and feeds its characters,
unescaped, to a sink; memory stays at one piece of the stream.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from app.api.uploads.sinks import Base64Sink
from app.errors import InvalidRequest, TooLarge

LONG = 16 * 1024
"""Strings of more bytes than this are taken out."""

_ESCAPE = re.compile(rb'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_SHORT_ESCAPES = {
    b'"': b'"', b"\\": b"\\", b"/": b"/", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t",
}  # fmt: skip


class LongStrings:
    """Feed the body piece by piece, then `close`; ``skeleton`` is the JSON text with marks."""

    def __init__(self, open_sink: Callable[[], Base64Sink], max_skeleton: int) -> None:
        self.sinks: dict[str, Base64Sink] = {}
        self._open_sink = open_sink
        self._max_skeleton = max_skeleton
        self._mark = secrets.token_hex(16)
        self._skeleton = bytearray()
        self._in_string = False
        self._string = bytearray()
        self._sink: Base64Sink | None = None

    @property
    def skeleton(self) -> bytes:
        return bytes(self._skeleton)

    def feed(self, piece: bytes) -> None:
        at = 0
        while at < len(piece):
            at = self._inside(piece, at) if self._in_string else self._outside(piece, at)
        self._spill()
        if len(self._skeleton) > self._max_skeleton:
            raise TooLarge("The body holds too much besides its images; send fewer or shorter fields.")

    def close(self) -> None:
        """InvalidRequest where the body ended within a string."""
        for sink in self.sinks.values():
            sink.close()
        if self._in_string:
            raise InvalidRequest("The body is not valid JSON: it ends within a string.")

    def _outside(self, piece: bytes, at: int) -> int:
        quote = piece.find(b'"', at)
        end = quote + 1 if quote >= 0 else len(piece)
        self._skeleton += piece[at:end]
        self._in_string = quote >= 0
        return end

    def _inside(self, piece: bytes, at: int) -> int:
        quote = piece.find(b'"', at)
        end = quote if quote >= 0 else len(piece)
        self._string += piece[at:end]
        if quote < 0:
            return end
        if _trailing_backslashes(self._string) % 2:
            self._string += b'"'
        else:
            self._end_string()
        return quote + 1

    def _end_string(self) -> None:
        self._spill(whole=True)
        self._skeleton += self._string + b'"'
        self._string.clear()
        self._sink = None
        self._in_string = False

    def _spill(self, *, whole: bool = False) -> None:
        """Moves a long string's characters to its sink; an escape that is not complete waits."""
        if self._sink is None and len(self._string) <= LONG:
            return
        if self._sink is None:
            mark = f"{self._mark}-{len(self.sinks)}"
            self._sink = self.sinks[mark] = self._open_sink()
            self._skeleton += mark.encode()
        keep = 0 if whole else _unfinished_escape(self._string)
        cut = len(self._string) - keep
        self._sink.feed(_unescape(bytes(self._string[:cut])))
        del self._string[:cut]


def _trailing_backslashes(text: bytearray) -> int:
    count = 0
    while count < len(text) and text[-1 - count] == 0x5C:
        count += 1
    return count


def _unfinished_escape(text: bytearray) -> int:
    """Length of the escape at the end that needs more characters: 0 to 5."""
    for length in range(1, min(6, len(text) + 1)):
        if text[-length] == 0x5C:
            backslashes = _trailing_backslashes(text[: len(text) - length + 1])
            complete = length >= 2 and text[-length + 1] != 0x75
            return length if backslashes % 2 and not complete else 0
    return 0


def _unescape(text: bytes) -> bytes:
    if b"\\" not in text:
        return text
    if b"\\\\" not in text:
        text = text.replace(b"\\/", b"/")  # what some encoders do to every slash of base64
    return _ESCAPE.sub(_character, text) if b"\\" in text else text


def _character(escape: re.Match[bytes]) -> bytes:
    if escape[1] is not None:
        return chr(int(escape[1], 16)).encode("utf-8", "replace")
    return _SHORT_ESCAPES[escape[2]]
