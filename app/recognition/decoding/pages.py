"""Opens whatever file a user sent, by its content, page by page."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from app.recognition.decoding.formats import Format, identify
from app.recognition.decoding.page import Page
from app.recognition.decoding.pdf import pdf_pages
from app.recognition.decoding.raster import raster_pages
from app.recognition.engine import DecodeLimits, SourceImage

__all__ = ["Page", "open_pages"]


def open_pages(
    image: SourceImage, limits: DecodeLimits, only: Collection[int] | None = None
) -> Iterator[Page]:
    """The pages one after the other, each decoded when it is asked for; ``only``: those of these numbers.

    Raises UnreadableImage (empty_image, unsupported_format, damaged_image, encrypted_document) or
    ImageTooLarge (too_many_pixels, too_many_pages), at the first page or at the page that is at fault.
    Sizes and page counts are checked before any pixel is decoded; memory is bounded by
    `guard.decode_memory`, time by the caller.
    """
    kind = identify(image.path)
    pages = pdf_pages if kind is Format.PDF else raster_pages
    yield from pages(image.path, kind, limits, only)
