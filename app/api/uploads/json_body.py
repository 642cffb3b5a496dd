"""The JSON body of a batch: `{"images": [{"image": …, "filename": …}], …options}`."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from app.api.uploads.json_strings import LONG, LongStrings
from app.api.uploads.sinks import Base64Sink, FileSink
from app.api.uploads.upload import RawImage
from app.errors import InvalidRequest


class _Image(msgspec.Struct):
    image: str
    filename: str | None = None


class _Batch(msgspec.Struct):
    images: list[_Image]
    engine: str | None = None
    consolidation_strategy: str | None = None
    output_format: str | None = None
    join_continued: bool | None = None
    zero_retention: bool | None = None
    reuse: bool | None = None
    webhook_url: str | None = None
    title_and_notes: bool | None = None
    mark_doubtful: bool | None = None
    review_sheet: bool | None = None
    evidence_sheet: bool | None = None
    source_images: bool | None = None
    checks: bool | None = None
    live_totals: bool | None = None
    session_id: str | None = None


class JsonBody:
    """Feed the body piece by piece, then `close`; ``images`` and ``fields`` are there then; of
    entries that we don't know the name alone."""

    def __init__(self, open_file: Callable[[], FileSink], max_images: int) -> None:
        self.images: list[RawImage] = []
        self.fields: dict[str, str] = {}
        self._open_file = open_file
        self._strings = LongStrings(lambda: Base64Sink(open_file()), (64 + 2 * max_images) * LONG)

    def feed(self, piece: bytes) -> None:
        self._strings.feed(piece)

    def close(self) -> None:
        """InvalidRequest where the body is not the JSON that we ask for."""
        self._strings.close()
        batch, names = self._decoded()
        for entry in batch.images:
            sink = self._strings.sinks.get(entry.image) or self._short(entry.image)
            self.images.append(RawImage(entry.filename, sink.target, sink.error))
        given = {name: getattr(batch, name, "") for name in names if name != "images"}
        self.fields = {name: str(value) for name, value in given.items() if value is not None}

    def abandon(self) -> None:
        for sink in self._strings.sinks.values():
            sink.close()

    def _decoded(self) -> tuple[_Batch, Iterable[str]]:
        """The batch, and the names of all entries: those that we don't know too."""
        skeleton = self._strings.skeleton.removeprefix(b"\xef\xbb\xbf")
        try:
            batch = msgspec.json.decode(skeleton, type=_Batch)
            return batch, msgspec.json.decode(skeleton, type=dict[str, msgspec.Raw])
        except msgspec.ValidationError as error:
            raise InvalidRequest(f"The body does not fit: {error}.") from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InvalidRequest('The body is not valid JSON; send {"images": [{"image": …}]}.') from error

    def _short(self, text: str) -> Base64Sink:
        sink = Base64Sink(self._open_file())
        sink.feed(text.encode("utf-8", "replace"))
        sink.close()
        return sink
