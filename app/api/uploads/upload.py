"""What a client uploaded, as values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.api.uploads.sinks import FileSink
from app.errors import InvalidRequest


@dataclass(frozen=True, slots=True)
class RawImage:
    """One image as it was sent."""

    filename: str | None
    """As the client named it, raw."""
    file: FileSink
    error: InvalidRequest | None
    """What is wrong with it; the message continues "Image 3 (name) …"."""


@dataclass(frozen=True, slots=True)
class UploadedImage:
    """One image of a request, on disk."""

    path: Path
    filename: str
    """Cleaned for display."""
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class UploadedBatch:
    """What a client sent, checked in form but not in meaning."""

    images: tuple[UploadedImage, ...]
    fields: dict[str, str]
    """Options of the batch and its session_id, by name: those that were given."""
