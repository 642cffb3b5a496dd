"""PDF documents of one page written out operator by operator (ISO 32000-1), for what no writer would do."""

from __future__ import annotations

import zlib

import numpy as np

from app.recognition.decoding.page import Pixels
from tests.support.hostile_files import pdf

HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
BOLD = HELVETICA.replace(b"Helvetica", b"Helvetica-Bold")


def page(
    content: bytes,
    *,
    size: tuple[int, int] = (300, 200),
    extra: bytes = b"",
    meaning: dict[str, str] | None = None,
    image: Pixels | None = None,
    field: tuple[bytes, tuple[int, int, int, int]] | None = None,
) -> bytes:
    """Fonts /F1 (Helvetica) and /F2 (bold); ``image`` is /Im; ``extra``: entries of the page.

    ``field``: what a form field shows (operators, from its lower left corner), and its place.
    ``meaning``: what the document says that characters of /F1 mean, whatever they look like.
    """
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [10 0 R] >> >>"
        if field
        else b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 6 0 R %s %s "
        b"/Resources << /Font << /F1 4 0 R /F2 5 0 R >> /XObject << /Im 7 0 R >> >> >>"
        % (*size, extra, b"/Annots [10 0 R]" if field else b""),
        HELVETICA.replace(b">>", b"/ToUnicode 8 0 R >>") if meaning else HELVETICA,
        BOLD,
        _stream(content),
        _image(image if image is not None else np.full((1, 1, 3), 255, np.uint8)),
        _stream(_cmap(meaning or {})),
    ]
    if field:
        objects += _field(*field)
    return pdf(*objects)


def text(x: float, y: float, words: str, size: float = 12, font: str = "F1", before: str = "") -> bytes:
    """``y``: base line, from the bottom; ``before``: operators set before the text is shown."""
    shown = words.encode("cp1252").hex()
    return f"BT {before} /{font} {size} Tf 1 0 0 1 {x} {y} Tm <{shown}> Tj ET\n".encode()


def _field(shown: bytes, place: tuple[int, int, int, int]) -> list[bytes]:
    """Objects 9 and 10: what it shows, and the field."""
    x0, y0, x1, y1 = place
    box = b"/BBox [0 0 %d %d] /Resources << /Font << /F1 4 0 R >> >>" % (x1 - x0, y1 - y0)
    entries = b"/Type /Annot /Subtype /Widget /FT /Tx /T (a) /F 4 /DA (/F1 14 Tf 0 g) /AP << /N 9 0 R >>"
    return [
        _stream(shown, b"/Type /XObject /Subtype /Form " + box),
        b"<< %s /Rect [%d %d %d %d] >>" % (entries, *place),
    ]


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def _image(pixels: Pixels) -> bytes:
    height, width = pixels.shape[:2]
    entries = (
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB "
        b"/BitsPerComponent 8 /Filter /FlateDecode" % (width, height)
    )
    return _stream(zlib.compress(np.ascontiguousarray(pixels[:, :, ::-1]).tobytes()), entries)


def _cmap(meaning: dict[str, str]) -> bytes:
    pairs = "\n".join(
        f"<{ord(drawn):02x}> <{said.encode('utf-16-be').hex()}>" for drawn, said in meaning.items()
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
        "1 begincodespacerange <00> <ff> endcodespacerange "
        f"{len(meaning)} beginbfchar\n{pairs}\nendbfchar endcmap end end"
    ).encode()
