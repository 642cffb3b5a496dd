"""Files that cost little to send and would cost much to decode."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image


def huge_png() -> bytes:
    """20,000 × 20,000 pixels of one bit in 48 kB."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    packed = zlib.compressobj(9)
    rows = b"".join(packed.compress(bytes(2501)) for _ in range(20_000)) + packed.flush()
    header = struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def giant_page_pdf() -> bytes:
    """One page of 14,400,000 points a side in about 300 bytes."""
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 14400000 14400000] >>",
    )


def sliver_page_pdf() -> bytes:
    """A page wide without end and hardly any height: its area is small, a side is not."""
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100000000 1] >>",
    )


def pdf_with_huge_image() -> bytes:
    """A page of normal size whose one image has 12,000 × 12,000 pixels."""
    packed = zlib.compress(bytes(1500 * 12_000), 9)
    image = (
        b"<< /Type /XObject /Subtype /Image /Width 12000 /Height 12000 /BitsPerComponent 1 "
        b"/ColorSpace /DeviceGray /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(packed), packed)
    )
    content = b"q 500 0 0 700 40 40 cm /I Do Q"
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
        b"/Resources << /XObject << /I 4 0 R >> >> >>",
        image,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    )


def encrypted_pdf() -> bytes:
    """Asks for a password that nobody knows."""
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        b"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <%s> /U <%s> >>" % (b"a1" * 32, b"b2" * 32),
        trailer=b"/Encrypt 4 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]",
    )


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A document of these objects, numbered from 1; the first is the catalog."""
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    body += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    end = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
    return body + end % (size, trailer, start)


def deep_tiff(pages: int) -> bytes:
    """A chain of so many one-pixel pages."""
    entry = struct.Struct("<HHII")
    tags = [(256, 3, 1, 1), (257, 3, 1, 1), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8),
            (277, 3, 1, 1), (278, 3, 1, 1), (279, 4, 1, 1)]  # fmt: skip
    page = struct.pack("<H", len(tags)) + b"".join(entry.pack(*tag) for tag in tags)
    length = len(page) + 4
    offsets = [12 + length * (index + 1) for index in range(pages - 1)] + [0]
    return struct.pack("<2sHI4x", b"II", 42, 12) + b"".join(page + struct.pack("<I", at) for at in offsets)


def endless_tiff() -> bytes:
    """A page whose next page is itself."""
    content = bytearray(deep_tiff(1))
    content[-4:] = struct.pack("<I", 12)
    return bytes(content)


def huge_webp() -> bytes:
    """A canvas of 16,384 × 16,384 that holds one small animated frame."""
    file = io.BytesIO()
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
    content = bytearray(file.getvalue())
    content[24:30] = (16383).to_bytes(3, "little") * 2
    return bytes(content)


def huge_gif() -> bytes:
    """A screen of 65,535 × 65,535 in a few bytes."""
    file = io.BytesIO()
    Image.new("P", (4, 4)).save(file, "GIF")
    content = bytearray(file.getvalue())
    content[6:10] = b"\xff\xff\xff\xff"
    return bytes(content)


def truncated_jpeg() -> bytes:
    """The first half of a photograph."""
    file = io.BytesIO()
    Image.effect_noise((800, 600), 60).convert("RGB").save(file, "JPEG", quality=85)
    return file.getvalue()[: file.tell() // 2]
