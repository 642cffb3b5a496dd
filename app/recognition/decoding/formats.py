"""Which format a file has, told by its content, never by its name."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from app.errors import UnreadableImage


class Format(StrEnum):
    """The formats that are read; the values are Pillow's names."""

    PNG = "PNG"
    JPEG = "JPEG"
    WEBP = "WEBP"
    AVIF = "AVIF"
    TIFF = "TIFF"
    GIF = "GIF"
    BMP = "BMP"
    HEIF = "HEIF"
    PDF = "PDF"


READABLE = "PNG, JPEG, WebP, AVIF, TIFF, GIF, BMP, HEIC or PDF"

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"\xff\xd8\xff", Format.JPEG),
    (b"GIF87a", Format.GIF),
    (b"GIF89a", Format.GIF),
    (b"BM", Format.BMP),
    (b"II*\x00", Format.TIFF),
    (b"MM\x00*", Format.TIFF),
    (b"II+\x00", Format.TIFF),  # BigTIFF
    (b"MM\x00+", Format.TIFF),
)
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
_HEADER = 1024  # a PDF's mark may stand anywhere in the first 1024 bytes (ISO 32000, annex H)


def identify(path: Path) -> Format:
    """The file's format. UnreadableImage: empty_image, unsupported_format."""
    with path.open("rb") as file:
        header = file.read(_HEADER)
    if not header:
        raise UnreadableImage(
            "The file is empty (0 bytes). Please check it on your side and send it again.",
            code="empty_image",
        )
    found = _by_signature(header)
    if found is None:
        raise UnreadableImage(_unsupported(header), code="unsupported_format")
    return found


def _by_signature(header: bytes) -> Format | None:
    for signature, kind in _SIGNATURES:
        if header.startswith(signature):
            return kind
    if header.startswith(b"RIFF") and header[8:12] == b"WEBP":
        return Format.WEBP
    if header[4:8] == b"ftyp":
        return _by_brands(header)
    return Format.PDF if b"%PDF-" in header else None


def _by_brands(header: bytes) -> Format | None:
    """AVIF and HEIC share their container (ISO/IEC 23008-12); the brands tell them apart."""
    length = min(int.from_bytes(header[:4]), len(header))
    brands = {header[8:12]} | {header[at : at + 4] for at in range(16, length - 3, 4)}
    if brands & {b"avif", b"avis"}:
        return Format.AVIF
    return Format.HEIF if brands & _HEIF_BRANDS else None


def _unsupported(header: bytes) -> str:
    start = header.lstrip().lower()
    if start.startswith(b"pk\x03\x04"):
        return f"This is a ZIP archive or an Office document. Please send its tables as {READABLE}."
    if start.startswith((b"<svg", b"<?xml", b"<!doctype", b"<html")):
        return f"This is a web page or a vector drawing. Please send a screenshot of it as {READABLE}."
    return f"The file is not an image that can be read. Please send {READABLE}."
