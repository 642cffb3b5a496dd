"""A multipart/form-data body (RFC 7578) in pieces: files go to disk while they arrive, fields stay text."""

from __future__ import annotations

from collections.abc import Callable
from email.message import Message

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from app.api.uploads.sinks import FileSink
from app.api.uploads.upload import RawImage
from app.errors import InvalidRequest, TooLarge

_MAX_FIELDS = 50
_MAX_FIELD_BYTES = 16 * 1024


class MultipartBody:
    """Feed the body piece by piece, then `close`; ``images`` and ``fields`` are there then."""

    def __init__(self, content_type: str, open_file: Callable[[], FileSink]) -> None:
        self.images: list[RawImage] = []
        self.fields: dict[str, str] = {}
        self._open_file = open_file
        self._ended = False
        self._header_name = b""
        self._header_value = b""
        self._headers: dict[bytes, bytes] = {}
        self._files: list[tuple[str, FileSink]] = []
        self._file: FileSink | None = None
        self._field: str | None = None
        self._value = bytearray()
        self._parser = self._new_parser(content_type)

    def feed(self, piece: bytes) -> None:
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise InvalidRequest("The multipart body is malformed; let your HTTP client build it.") from error

    def close(self) -> None:
        """InvalidRequest where the body ended before its last boundary."""
        self.abandon()
        if not self._ended:
            raise InvalidRequest("The multipart body ends before its last boundary; send it again.")
        self.images = [RawImage(name, file, None) for name, file in self._files]

    def abandon(self) -> None:
        for _, file in self._files:
            file.close()

    def _new_parser(self, content_type: str) -> MultipartParser:
        message = Message()
        message["content-type"] = content_type
        boundary = message.get_boundary()
        if not boundary or not boundary.isascii() or len(boundary) > 200:
            raise InvalidRequest("The multipart body has no usable boundary; let your HTTP client build it.")
        return MultipartParser(
            boundary.encode(),
            {
                "on_part_begin": self._begin_part,
                "on_header_field": self._on_header_field,
                "on_header_value": self._on_header_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._open_part,
                "on_part_data": self._on_data,
                "on_part_end": self._end_part,
                "on_end": self._on_end,
            },
        )

    def _begin_part(self) -> None:
        self._headers = {}
        self._file = self._field = None
        self._value.clear()

    def _on_header_field(self, piece: bytes, start: int, end: int) -> None:
        self._header_name += piece[start:end]

    def _on_header_value(self, piece: bytes, start: int, end: int) -> None:
        self._header_value += piece[start:end]

    def _end_header(self) -> None:
        self._headers[self._header_name.lower()] = self._header_value
        self._header_name = self._header_value = b""

    def _open_part(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        name = options.get(b"name")
        if name is None:
            raise InvalidRequest("A part of the multipart body has no name; let your HTTP client build it.")
        filename = options.get(b"filename")
        if filename is None:
            self._field = name.decode("utf-8", "replace")
            if len(self.fields) >= _MAX_FIELDS:
                raise TooLarge(f"The form has more than {_MAX_FIELDS} fields; send fewer.")
        elif filename:  # browsers send an empty name for a file input without a file
            self._file = self._open_file()
            self._files.append((filename.decode("utf-8", "replace"), self._file))

    def _on_data(self, piece: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.feed(piece[start:end])
        elif self._field is not None:
            self._value += piece[start:end]
            if len(self._value) > _MAX_FIELD_BYTES:
                raise TooLarge("A text field of the form is longer than 16 KiB; send images as files.")

    def _end_part(self) -> None:
        if self._file is not None:
            self._file.close()
        elif self._field is not None:
            self.fields[self._field] = self._value.decode("utf-8", "replace")

    def _on_end(self) -> None:
        self._ended = True
