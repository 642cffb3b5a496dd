"""Opens PDF documents with PDFium: each page rendered within the limits, with its text layer and rules."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from app.errors import UnreadableImage
from app.recognition.decoding.formats import Format
from app.recognition.decoding.page import Page, Pixels
from app.recognition.decoding.pdf_rulings import vector_rulings
from app.recognition.decoding.pdf_text import text_layer
from app.recognition.decoding.pdfium import LOCK, Document, PageToPixels, PdfiumError, raw
from app.recognition.decoding.sizes import check_page_count, check_pixels, working_scale
from app.recognition.decoding.turning import Turn
from app.recognition.engine import DecodeLimits

_DPI = 200
"""Text of 8 points is 22 pixels high: what recognition reads best."""
_MAX_SIDE = 16_000  # pixels of a render, also where a strip of a page is small in area
_LEGIBLE_SIDE = (
    2340  # pixels, of A4 at 200 dpi; a smaller page with finer images is rendered as large as this
)
_LARGE = 0.2  # share of a page from which an image on it decides how finely the page is rendered
_ENCRYPTED = "The document is protected by a password. Please save a copy without it and send that."
_DAMAGED = (
    "The PDF is damaged or was cut off on its way. "
    "Please open it on your side, print it to a new PDF and send that copy."
)


def pdf_pages(
    path: Path, _kind: Format, limits: DecodeLimits, only: Collection[int] | None = None
) -> Iterator[Page]:
    """The pages of a document, or ``only`` these, each rendered at 200 dpi or what the limits allow."""
    with LOCK:
        document = _open(path)
    try:
        count = len(document)
        if count < 1:
            raise UnreadableImage(_DAMAGED, code="damaged_image")
        check_page_count(count, limits)
        for number in range(1, count + 1):
            if only is not None and number not in only:
                continue
            with LOCK:
                page = _page(document, number, count, limits)
            yield page
    finally:
        with LOCK:
            document.close()


def _open(path: Path) -> Any:
    try:
        document = Document(path)
        document.init_forms()
    except PdfiumError as error:
        protected = getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        code = "encrypted_document" if protected else "damaged_image"
        raise UnreadableImage(_ENCRYPTED if protected else _DAMAGED, code=code) from error
    return document


def _page(document: Any, number: int, count: int, limits: DecodeLimits) -> Page:
    try:
        with closing(document[number - 1]) as page:
            return _decode(document, page, number, count, limits)
    except PdfiumError as error:
        raise UnreadableImage(_DAMAGED, code="damaged_image") from error


def _decode(document: Any, page: Any, number: int, count: int, limits: DecodeLimits) -> Page:
    width, height = page.get_width() * _DPI / 72, page.get_height() * _DPI / 72
    if not (width > 0 and height > 0 and math.isfinite(width * height)):
        raise UnreadableImage(_DAMAGED, code="damaged_image")
    finest = _check_images(page, limits)
    scale = min(working_scale(width, height, limits), _MAX_SIDE / max(width, height))
    if finest * 72 / _DPI > 1:
        scale = max(scale, min(finest * 72 / _DPI, _LEGIBLE_SIDE / max(width, height)))
    pixels = _render(page, scale * _DPI / 72)
    to_pixels = PageToPixels.of(page, scale * _DPI / 72)
    layer = text_layer(page, to_pixels, pixels)
    turn = Turn(layer.quarter_turns, pixels.shape[1], pixels.shape[0])
    rulings = vector_rulings(page, to_pixels, pixels)
    return Page(
        number,
        count,
        pixels,
        scale,
        max(1, round(width)),
        max(1, round(height)),
        layer.words,
        layer.fonts,
        tuple(map(turn.ruling, rulings)),
        layer.quarter_turns,
    )


def _check_images(page: Any, limits: DecodeLimits) -> float:
    """Refuses a page with an image beyond the limits; returns the pixels per point of the finest image that
    takes a good part of the page."""
    finest = 0.0
    for image in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
        width, height = image.get_px_size()
        if width and height:
            check_pixels(width, height, limits)
        left, bottom, right, top = image.get_bounds()
        area = abs((right - left) * (top - bottom))
        if area > _LARGE * page.get_width() * page.get_height():
            finest = max(finest, math.sqrt(width * height / area))
    return finest


def _render(page: Any, pixels_per_point: float) -> Pixels:
    bitmap = page.render(scale=pixels_per_point, limit_image_cache=True)
    try:
        return np.array(bitmap.to_numpy()[:, :, :3])
    finally:
        bitmap.close()
