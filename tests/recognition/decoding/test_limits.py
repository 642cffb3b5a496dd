"""Hostile and broken files are refused by name, quickly, and cheaply."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from app.errors import ImageFailed, ImageTooLarge, UnreadableImage
from app.recognition.decoding.pages import Page
from tests.support import hostile_files
from tests.support.decode_probe import decode_apart

Decode = Callable[..., list[Page]]

HOSTILE = {
    "one-bit PNG of 400 megapixels": (hostile_files.huge_png, "too_many_pixels"),
    "WebP with a giant canvas": (hostile_files.huge_webp, "too_many_pixels"),
    "GIF with a giant screen": (hostile_files.huge_gif, "too_many_pixels"),
    "PDF with a giant image": (hostile_files.pdf_with_huge_image, "too_many_pixels"),
    "PDF with a giant page": (hostile_files.giant_page_pdf, ""),
    "PDF with a page like a thread": (hostile_files.sliver_page_pdf, ""),
    "TIFF of 100,000 pages": (lambda: hostile_files.deep_tiff(100_000), "too_many_pages"),
    "TIFF without an end": (hostile_files.endless_tiff, ""),
    "encrypted PDF": (hostile_files.encrypted_pdf, "encrypted_document"),
    "truncated JPEG": (hostile_files.truncated_jpeg, "damaged_image"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_cost_little(tmp_path: Path, name: str) -> None:
    make, code = HOSTILE[name]
    path = tmp_path / "upload"
    path.write_bytes(make())
    cost = decode_apart(path)
    assert cost.code == code
    assert cost.seconds < 2
    assert cost.megabytes < 300
    assert bool(cost.message) == bool(code)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_image"),
        (b"Hello, this is not an image.", "unsupported_format"),
        (b"PK\x03\x04" + bytes(200), "unsupported_format"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported_format"),
        (b"\x89PNG\r\n\x1a\n", "damaged_image"),
        (b"\xff\xd8\xff\xe0", "damaged_image"),
        (b"GIF89a", "damaged_image"),
        (b"BM" + bytes(60), "damaged_image"),
        (b"II*\x00\x08\x00\x00\x00", "damaged_image"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8X", "damaged_image"),
        (b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmif1", "damaged_image"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1", "damaged_image"),
        (b"%PDF-1.7\n", "damaged_image"),
    ],
)
def test_what_is_no_image_has_a_name(decode: Decode, content: bytes, code: str) -> None:
    with pytest.raises(UnreadableImage) as caught:
        decode(content)
    assert caught.value.code == code
    assert "lease" in caught.value.message  # says what to do
    assert "Traceback" not in caught.value.message


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF", "TIFF", "GIF", "BMP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_half_an_image_is_never_taken_for_a_whole_one(decode: Decode, kind: str, share: float) -> None:
    file = io.BytesIO()
    Image.effect_noise((300, 200), 90).convert("RGB").save(file, kind)
    content = file.getvalue()
    with pytest.raises(ImageFailed) as caught:
        decode(content[: int(share * len(content))])
    assert caught.value.code in ("damaged_image", "unsupported_format")


def test_damage_in_the_middle_is_an_error_of_ours_or_an_image(decode: Decode) -> None:
    """Whatever broken bytes do to a decoder, no foreign exception comes out."""
    for kind in ("PNG", "TIFF", "GIF", "WEBP", "AVIF", "BMP", "JPEG"):
        file = io.BytesIO()
        Image.effect_noise((60, 40), 90).convert("RGB").save(file, kind)
        for at in range(8, file.tell(), max(1, file.tell() // 40)):
            content = bytearray(file.getvalue())
            content[at] ^= 0xFF
            with contextlib.suppress(ImageFailed):
                assert decode(bytes(content))


def test_page_limit_counts_pages(decode: Decode) -> None:
    assert len(decode(hostile_files.deep_tiff(3), max_pages=3)) == 3
    with pytest.raises(ImageTooLarge) as caught:
        decode(hostile_files.deep_tiff(4), max_pages=3)
    assert caught.value.code == "too_many_pages"


def test_an_honest_image_within_the_pixels_but_not_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    Image.new("RGB", (5000, 5000), "white").save(path, "PNG", compress_level=1)
    refused = decode_apart(path, memory_mb=64)
    assert refused.code == "decode_limit"
    assert refused.megabytes < 80
    accepted = decode_apart(path)
    assert accepted.sizes == [[4000, 4000]]
