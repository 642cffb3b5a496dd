"""One request body → image files in a folder, options beside them; never more than a piece in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import anyio.to_thread
from starlette.requests import Request

from app.api.uploads.body import BodyReader
from app.api.uploads.json_body import JsonBody
from app.api.uploads.multipart import MultipartBody
from app.api.uploads.sinks import FileSink
from app.api.uploads.upload import RawImage, UploadedBatch, UploadedImage
from app.errors import InvalidRequest, RequestRefused
from app.jobs.filenames import display_name
from app.jobs.limits import Limits

_JSON_TYPES = ("", "application/json", "text/plain")


class _Body(Protocol):
    images: list[RawImage]
    fields: dict[str, str]

    def feed(self, piece: bytes) -> None: ...
    def close(self) -> None: ...
    def abandon(self) -> None: ...


async def receive_batch(request: Request, folder: Path, limits: Limits) -> UploadedBatch:
    """Reads the body of ``request``; image files land in ``folder``. Raises InvalidRequest or TooLarge."""
    reader = BodyReader(request, limits.max_request_bytes)
    try:
        body = _body_for(request, _Files(folder, limits))
        await _pump(reader.pieces(), body)
        return _batch(body, limits)
    except RequestRefused:
        await reader.drain()
        raise


class _Files:
    """Opens one numbered file for each image, up to the batch limit."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.limits = limits
        self._folder = folder
        self._opened = 0

    def open(self) -> FileSink:
        self._opened += 1
        self.limits.check_count(self._opened)
        return FileSink(self._folder / f"{self._opened:04d}", self.limits.max_file_bytes)


def _body_for(request: Request, files: _Files) -> _Body:
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise InvalidRequest("Send the body without Content-Encoding.", code="unsupported_media_type")
    content_type = request.headers.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return MultipartBody(content_type, files.open)
    if kind in _JSON_TYPES or kind.endswith("+json"):
        return JsonBody(files.open, files.limits.max_images)
    raise InvalidRequest("Send application/json or multipart/form-data.", code="unsupported_media_type")


async def _pump(pieces: AsyncIterator[bytes], body: _Body) -> None:
    """Parsing, decoding and writing happen in a thread: the loop serves others meanwhile."""
    try:
        async for piece in pieces:
            await anyio.to_thread.run_sync(body.feed, piece)
        await anyio.to_thread.run_sync(body.close)
    finally:
        body.abandon()


def _batch(body: _Body, limits: Limits) -> UploadedBatch:
    limits.check_count(len(body.images))
    images = (_uploaded(index, image, limits) for index, image in enumerate(body.images))
    return UploadedBatch(tuple(images), body.fields)


def _uploaded(index: int, image: RawImage, limits: Limits) -> UploadedImage:
    filename = display_name(image.filename, index)
    if image.error is not None:
        message = f"Image {index + 1} ({filename}) {image.error.message}."
        raise InvalidRequest(message, code=image.error.code)
    limits.check_file(filename, image.file.size)
    return UploadedImage(image.file.path, filename, image.file.size, image.file.sha256)
