"""Every format comes out as a viewer shows it: right way up, right colours, right pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.recognition.decoding.pages import Page

RED, BLUE, WHITE = (30, 30, 200), (200, 60, 20), (255, 255, 255)
"""As `Page.pixels` holds them: blue, green, red."""
HEIC = Path(__file__).parent / "files" / "quarters.heic"

Decode = Callable[..., list[Page]]
Saved = Callable[..., bytes]


def corners(page: Page) -> list[tuple[int, ...]]:
    """Colours in the middles of the quarters: top left, top right, bottom left, bottom right."""
    height, width = page.pixels.shape[:2]
    return [
        tuple(page.pixels[height * y // 4, width * x // 4].tolist())
        for y, x in ((1, 1), (1, 3), (3, 1), (3, 3))
    ]


def assert_looks_like(page: Page, expected: list[tuple[int, int, int]], tolerance: int) -> None:
    assert np.abs(np.array(corners(page)) - np.array(expected)).max() <= tolerance, corners(page)


@pytest.mark.parametrize(
    ("kind", "options", "tolerance"),
    [
        ("PNG", {}, 0),
        ("BMP", {}, 0),
        ("GIF", {}, 0),
        ("TIFF", {"compression": "tiff_lzw"}, 0),
        ("WEBP", {"lossless": True}, 0),
        ("WEBP", {"quality": 90}, 12),
        ("AVIF", {"quality": 95}, 12),
        ("JPEG", {"quality": 95, "subsampling": 0}, 6),
        ("JPEG", {"quality": 90, "progressive": True}, 12),
    ],
)
def test_formats_are_told_by_content(
    decode: Decode, saved: Saved, quarters: Image.Image, kind: str, options: dict, tolerance: int
) -> None:
    (page,) = decode(saved(quarters, kind, **options))
    assert (page.number, page.count, page.scale) == (1, 1, 1.0)
    assert (page.source_width, page.source_height) == (page.width, page.height) == (64, 48)
    assert_looks_like(page, [RED, WHITE, WHITE, BLUE], tolerance)


def test_heic(decode: Decode) -> None:
    (page,) = decode(HEIC.read_bytes())
    assert_looks_like(page, [RED, WHITE, WHITE, BLUE], 12)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "expected"),
    [
        (2, [WHITE, RED, BLUE, WHITE]),
        (3, [BLUE, WHITE, WHITE, RED]),
        (4, [WHITE, BLUE, RED, WHITE]),
        (5, [RED, WHITE, WHITE, BLUE]),
        (6, [WHITE, RED, BLUE, WHITE]),
        (7, [BLUE, WHITE, WHITE, RED]),
        (8, [WHITE, BLUE, RED, WHITE]),
    ],
)
def test_exif_orientation_is_applied(
    decode: Decode, saved: Saved, quarters: Image.Image, kind: str, orientation: int, expected: list
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    (page,) = decode(saved(quarters, kind, exif=exif))
    sideways = orientation >= 5
    assert (page.source_width, page.source_height) == ((48, 64) if sideways else (64, 48))
    assert page.pixels.shape[:2] == ((64, 48) if sideways else (48, 64))
    assert_looks_like(page, expected, 40)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("P", "PNG"), ("RGBA", "PNG"), ("RGBA", "WEBP"), ("RGBA", "TIFF"), ("P", "BMP"), ("CMYK", "TIFF")],
)
def test_colour_modes(decode: Decode, saved: Saved, quarters: Image.Image, mode: str, kind: str) -> None:
    image = quarters.quantize(8) if mode == "P" else quarters.convert(mode)
    (page,) = decode(saved(image, kind))
    assert_looks_like(page, [RED, WHITE, WHITE, BLUE], 40)


def test_cmyk_jpeg_is_not_inverted(decode: Decode, saved: Saved, quarters: Image.Image) -> None:
    (page,) = decode(saved(quarters.convert("CMYK"), "JPEG", quality=95))
    assert_looks_like(page, [RED, WHITE, WHITE, BLUE], 40)


GREYS = [(0,) * 3, (85,) * 3, (170,) * 3, (255,) * 3]


@pytest.mark.parametrize(
    ("samples", "kind"),
    [
        (np.array([[0, 85 * 257], [170 * 257, 65535]], np.uint16), "PNG"),
        (np.array([[0, 85 * 257], [170 * 257, 65535]], np.uint16), "TIFF"),
        (np.array([[0, 1365], [2730, 4095]], np.uint16), "TIFF"),
        (np.array([[0, 1 / 3], [2 / 3, 1]], np.float32), "TIFF"),
        (np.array([[0, 85], [170, 255]], np.float32), "TIFF"),
        (np.array([[-3, -1], [1, 3]], np.float32), "TIFF"),
    ],
)
def test_deep_samples_keep_their_greys(decode: Decode, saved: Saved, samples: np.ndarray, kind: str) -> None:
    (page,) = decode(saved(Image.fromarray(np.kron(samples, np.ones((8, 8), samples.dtype))), kind))
    assert_looks_like(page, GREYS, 1)


def test_sixteen_bit_tiff_with_white_as_zero(decode: Decode, saved: Saved) -> None:
    samples = np.kron(np.array([[65535, 170 * 257], [85 * 257, 0]], np.uint16), np.ones((8, 8), np.uint16))
    content = saved(Image.fromarray(samples), "TIFF")
    photometric = b"\x06\x01\x03\x00\x01\x00\x00\x00"  # tag 262, one SHORT
    assert photometric + b"\x01\x00" in content
    (page,) = decode(content.replace(photometric + b"\x01\x00", photometric + b"\x00\x00"))
    assert_looks_like(page, GREYS, 1)


def test_one_bit_and_fax(decode: Decode, saved: Saved) -> None:
    image = Image.new("1", (64, 48), 1)
    ImageDraw.Draw(image).rectangle((0, 0, 31, 23), fill=0)
    for kind, options in (("PNG", {}), ("TIFF", {"compression": "group4"}), ("BMP", {})):
        (page,) = decode(saved(image, kind, **options))
        assert_looks_like(page, [(0, 0, 0), WHITE, WHITE, WHITE], 0)


@pytest.mark.parametrize(("ink", "readable_on"), [((0, 0, 0, 255), 255), ((250, 250, 250, 255), 32)])
def test_transparency_keeps_text_readable(
    decode: Decode, saved: Saved, ink: tuple[int, int, int, int], readable_on: int
) -> None:
    image = Image.new("RGBA", (80, 40), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((10, 15, 40, 20), fill=ink)
    (page,) = decode(saved(image, "PNG"))
    assert page.pixels[0, 0].tolist() == [readable_on] * 3
    assert page.pixels[17, 20].tolist() == list(ink[:3])


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_animations_give_their_first_frame(
    decode: Decode, saved: Saved, quarters: Image.Image, kind: str
) -> None:
    frames = [Image.new("RGB", quarters.size, colour) for colour in ("lime", "black")]
    content = saved(quarters, kind, save_all=True, append_images=frames, duration=100)
    (page,) = decode(content)
    assert page.count == 1
    assert_looks_like(page, [RED, WHITE, WHITE, BLUE], 12)


def test_tiff_pages_come_one_by_one_without_thumbnails(
    decode: Decode, saved: Saved, quarters: Image.Image
) -> None:
    small = quarters.resize((16, 12))
    small.encoderinfo = {"tiffinfo": {254: 1}}  # pyright: ignore[reportAttributeAccessIssue]
    second = Image.new("RGB", (30, 20), "black")
    pages = decode(saved(quarters, "TIFF", save_all=True, append_images=[small, second]))
    assert [(page.number, page.count, page.width, page.height) for page in pages] == [
        (1, 2, 64, 48),
        (2, 2, 30, 20),
    ]


def test_large_photographs_are_shrunk_on_load(decode: Decode, saved: Saved) -> None:
    photo = Image.effect_noise((400, 300), 20).convert("RGB").resize((6000, 4000))
    photo.paste((200, 30, 30), (0, 0, 3000, 2000))
    (page,) = decode(saved(photo, "JPEG", quality=60), working_megapixels=6)
    assert (page.source_width, page.source_height) == (6000, 4000)
    assert page.scale == pytest.approx(0.5)
    assert (page.width, page.height) == (3000, 2000)
    assert np.abs(np.array(corners(page)[0]) - RED).max() < 12


def test_shrinking_keeps_one_bit_lines(decode: Decode, saved: Saved) -> None:
    image = Image.new("1", (4000, 3000), 1)
    ImageDraw.Draw(image).line((0, 1500, 4000, 1500), fill=0, width=3)
    (page,) = decode(saved(image, "PNG"), working_megapixels=1)
    assert page.width * page.height == pytest.approx(1e6, rel=0.01)
    assert page.pixels[page.height // 2 - 2 : page.height // 2 + 3].min() < 120
