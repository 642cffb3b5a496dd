"""What the engine's process and its owner say to each other: frames of a length (4 bytes, big endian) and
MessagePack. Answers are decoded by type, never unpickled: the child reads hostile bytes."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

import msgspec

from app.recognition.engine import Progress, Recognition, Report, SourceImage
from app.recognition.survey import Survey

LONGEST_FRAME = 256 * 1024 * 1024
"""Bytes."""


class Recognizer(Protocol):
    """What works in the child: reads one image at a time and blocks while it does."""

    def recognize(self, image: SourceImage, report: Report) -> Recognition:
        """Raises ImageFailed or EngineFailed."""
        ...

    def read(self, image: SourceImage, report: Report) -> Recognition:
        """The same with all words, and without tables where there are none."""
        ...

    def survey(self, image: SourceImage) -> Survey:
        """A quick look at the first page. Raises ImageFailed or EngineFailed."""
        ...


class Wish(StrEnum):
    """What is wanted of an image."""

    TABLES = "tables"
    WORDS = "words"
    """All words as well, also where there is no table."""
    SURVEY = "survey"


class Request(msgspec.Struct, frozen=True):
    """Look at this image."""

    path: str
    filename: str
    wish: Wish = Wish.TABLES


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The models are loaded."""


class Passed(msgspec.Struct, frozen=True, tag=True):
    """A stage begins."""

    progress: Progress


class Done(msgspec.Struct, frozen=True, tag=True):
    """The image was read."""

    recognition: Recognition


class Surveyed(msgspec.Struct, frozen=True, tag=True):
    """The image was looked at."""

    survey: Survey


class Failed(msgspec.Struct, frozen=True, tag=True):
    """A named error; the process goes on."""

    kind: str
    """Class in app.errors."""
    code: str
    message: str


class Broken(msgspec.Struct, frozen=True, tag=True):
    """An error without a name; the process ends. The traceback stands in the log."""

    reason: str


Answer = Ready | Passed | Done | Surveyed | Failed | Broken

_answers = msgspec.msgpack.Decoder(Answer)
_requests = msgspec.msgpack.Decoder(Request)


def parse_answer(body: bytes) -> Answer:
    """msgspec.ValidationError, msgspec.DecodeError: not an answer, or a table that does not tile its grid."""
    return _answers.decode(body)


def parse_request(body: bytes) -> Request:
    """A frame of our own owner; see `parse_answer`."""
    return _requests.decode(body)
