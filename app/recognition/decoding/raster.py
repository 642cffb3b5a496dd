"""Opens image files with Pillow: header first, pixels only when the header is within the limits."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Collection, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pi_heif  # pyright: ignore[reportMissingTypeStubs]  # it has none
from PIL import ExifTags, Image

from app.errors import UnreadableImage
from app.recognition.decoding.colour import to_bgr
from app.recognition.decoding.formats import Format
from app.recognition.decoding.page import Page
from app.recognition.decoding.sizes import check_page_count, check_pixels, working_scale
from app.recognition.engine import DecodeLimits

# Pillow would only warn between its limit and twice its limit; check_pixels refuses, before any pixel.
Image.MAX_IMAGE_PIXELS = None
pi_heif.register_heif_opener()  # pyright: ignore[reportUnknownMemberType]

_DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    LookupError,
    RuntimeError,
    ArithmeticError,
    AssertionError,
    struct.error,
    zlib.error,
)
"""What Pillow's plugins raise on broken bytes (read off their sources)."""

_REDUCED_RESOLUTION = 1  # bit of TIFF's NewSubfileType
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ENOUGH = 0.8  # of the working size, if a photograph can then be decoded at half or quarter size
_SIDEWAYS = (5, 6, 7, 8)
_WHITE_IS_ZERO = 0  # TIFF's PhotometricInterpretation


def raster_pages(
    path: Path, kind: Format, limits: DecodeLimits, only: Collection[int] | None = None
) -> Iterator[Page]:
    """The pages of an image file, or ``only`` these; of an animation the first frame alone."""
    with path.open("rb") as file:
        with _damage_named(kind):
            _check_canvas(file, kind, limits)
            image = Image.open(file, formats=[kind, "MPO"] if kind is Format.JPEG else [kind])
            frames = _frames(image, kind, limits)
        with image:
            for number, frame in enumerate(frames, start=1):
                if only is not None and number not in only:
                    continue
                with _damage_named(kind):
                    page = _page(image, frame, number, len(frames), limits)
                yield page


@contextmanager
def _damage_named(kind: Format) -> Generator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on broken metadata; what matters raises
            yield
    except _DECODER_ERRORS as error:
        raise UnreadableImage(
            f"The {kind} file is damaged or was cut off on its way. "
            "Please open it on your side, save it again and send the new copy.",
            code="damaged_image",
        ) from error


def _check_canvas(file: BinaryIO, kind: Format, limits: DecodeLimits) -> None:
    """WebP's decoder takes its whole canvas when it is opened, so its header is read here (RFC 9649)."""
    if kind is not Format.WEBP:
        return
    header = file.read(30)
    file.seek(0)
    if header[12:16] == b"VP8X":
        width, height = (int.from_bytes(header[at : at + 3], "little") + 1 for at in (24, 27))
        check_pixels(width, height, limits)


def _frames(image: Image.Image, kind: Format, limits: DecodeLimits) -> list[int]:
    """The frames that are pages: all but the thumbnails of a TIFF, the primary one of anything else."""
    if kind is not Format.TIFF:
        return [image.tell()]
    frames: list[int] = []
    frame = 0
    while _seek(image, frame):
        if not _tag(image, ExifTags.Base.NewSubfileType, 0) & _REDUCED_RESOLUTION:
            frames.append(frame)
        frame += 1
        check_page_count(frame, limits)
    return frames or [0]


def _seek(image: Image.Image, frame: int) -> bool:
    try:
        image.seek(frame)
    except EOFError:
        return False
    return True


def _tag(image: Image.Image, tag: int, default: int) -> int:
    value: object = getattr(image, "tag_v2", {}).get(tag, default)
    return value if isinstance(value, int) else default


def _page(image: Image.Image, frame: int, number: int, count: int, limits: DecodeLimits) -> Page:
    image.seek(frame)
    width, height = image.size
    check_pixels(width, height, limits)
    scale = working_scale(width, height, limits)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if scale < 1 and image.format in ("JPEG", "MPO"):
        # libjpeg decodes 1/2, 1/4 or 1/8 of a side, never less than is asked for; a little less will do
        image.draft("RGB", (round(_ENOUGH * size[0]), round(_ENOUGH * size[1])))
        if image.width < size[0]:
            size, scale = image.size, image.width / width
    photometric = _tag(image, ExifTags.Base.PhotometricInterpretation, 1)
    inverted = photometric == _WHITE_IS_ZERO and image.mode.startswith("I")  # other modes Pillow inverts
    image.load()
    orientation = _orientation(image)
    pixels = to_bgr(image, size, _UPRIGHT.get(orientation), inverted=inverted)
    if orientation in _SIDEWAYS:
        width, height = height, width
    return Page(number, count, pixels, scale, width, height)


def _orientation(image: Image.Image) -> int:
    """EXIF orientation 1–8; 1 where the EXIF block is missing or broken."""
    try:
        value: object = image.getexif().get(ExifTags.Base.Orientation, 1)
    except _DECODER_ERRORS:
        return 1
    return value if isinstance(value, int) else 1
