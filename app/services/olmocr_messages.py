"""What the process that renders pages says: frames of a length (4 bytes, big endian) and MessagePack.

Never unpickled: the process reads hostile bytes.
"""

from __future__ import annotations

import msgspec

LONGEST_FRAME = 64 * 1024 * 1024
"""Bytes; a page of 1288 × 1288 pixels has at most 5 MB."""


class RenderedPage(msgspec.Struct, frozen=True, tag=True):
    """One page, ready to be shown to the model."""

    number: int
    """From 1."""
    pages: int
    png: bytes
    """Longest side exactly 1288 pixels, or the page in full size where that was asked for."""


class NotRendered(msgspec.Struct, frozen=True, tag=True):
    """A named error; the last message."""

    kind: str
    """Class in app.errors."""
    code: str
    message: str


class NoMorePages(msgspec.Struct, frozen=True, tag=True):
    """The last message when all went well."""


Rendered = RenderedPage | NotRendered | NoMorePages
_decoder = msgspec.msgpack.Decoder(Rendered)


def parse(body: bytes) -> Rendered:
    """msgspec.ValidationError, msgspec.DecodeError: not a message."""
    return _decoder.decode(body)
