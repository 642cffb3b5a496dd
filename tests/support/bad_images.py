"""Images made to do harm, or to be refused politely; small to send, in memory or time large."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageDraw


def png_of(width: int, height: int) -> bytes:
    """A black 1-bit PNG of any size, without ever holding its pixels."""
    row = bytes(1 + (width + 7) // 8)
    packer = zlib.compressobj(9)
    pixels = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    )


def giant_pdf() -> bytes:
    """A page of 14400 × 14400 points in some 300 bytes."""
    return _pdf(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 14400 14400]>>")


def encrypted_pdf() -> bytes:
    """A PDF that wants a password: its keys are nonsense, so no password opens it."""
    encrypt = b"<</Filter/Standard/V 2/R 3/Length 128/P -44/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>"
    return _pdf(page, extra=encrypt, trailer=b"/Encrypt 4 0 R/ID[<00><00>]")


def truncated_jpeg() -> bytes:
    """The first third of a photograph's bytes."""
    noise = np.random.default_rng(1).integers(0, 255, (300, 400, 3), np.uint8)
    whole = _saved(Image.fromarray(noise), "JPEG")
    return whole[: len(whole) // 3]


def without_table() -> bytes:
    """A drawing of circles."""
    image = Image.new("RGB", (400, 300), "white")
    draw = ImageDraw.Draw(image)
    for step in range(6):
        draw.ellipse((40 + step * 50, 60, 140 + step * 50, 180), outline="navy", width=4)
    return _saved(image, "PNG")


def _pdf(page: bytes, *, extra: bytes = b"", trailer: bytes = b"") -> bytes:
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page]
    objects += [extra] if extra else []
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size + table
    out += b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (size, trailer, start)
    return bytes(out)


def _saved(image: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()
