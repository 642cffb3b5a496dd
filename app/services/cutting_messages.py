"""What the process that cuts images and its owner say to each other: frames of a length (4 bytes, big
endian) and MessagePack. Never unpickled: the process reads hostile bytes."""

from __future__ import annotations

from typing import Annotated

import msgspec

from app.recognition.engine import DecodeLimits
from app.workbook.plan import Cutout

LONGEST_FRAME = 16 * 1024 * 1024
"""Bytes; a page scaled down has at most a few of them."""


class CutRequest(msgspec.Struct, frozen=True):
    """Cut these parts out of this image."""

    path: str
    cutouts: tuple[Cutout, ...]
    limits: DecodeLimits
    memory_mb: int


class Cut(msgspec.Struct, frozen=True, tag=True):
    """One part."""

    index: Annotated[int, msgspec.Meta(ge=0)]
    """Of the request's cutouts."""
    content: bytes
    width: int
    height: int


class CutDone(msgspec.Struct, frozen=True, tag=True):
    """The last message."""

    failure: str = ""
    """Why some parts are missing, for the log."""


Message = Cut | CutDone
_answers = msgspec.msgpack.Decoder(Message)
_requests = msgspec.msgpack.Decoder(CutRequest)


def parse_message(body: bytes) -> Message:
    """msgspec.ValidationError, msgspec.DecodeError: not a message."""
    return _answers.decode(body)


def parse_request(body: bytes) -> CutRequest:
    """A frame of our own owner; see `parse_message`."""
    return _requests.decode(body)
