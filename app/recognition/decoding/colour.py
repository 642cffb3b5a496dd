"""Brings any of Pillow's modes to 8-bit BGR as a viewer would show it, text readable."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from app.recognition.decoding.page import Pixels

_BAND_PIXELS = 4_000_000  # what is converted at a time, so that no second full copy is ever held
_ALPHA_MODES = {"LA", "La", "PA", "RGBA", "RGBa"}
_TURNS: dict[Image.Transpose, Callable[[Pixels], Pixels]] = {
    Image.Transpose.FLIP_LEFT_RIGHT: np.fliplr,
    Image.Transpose.FLIP_TOP_BOTTOM: np.flipud,
    Image.Transpose.ROTATE_90: np.rot90,
    Image.Transpose.ROTATE_180: lambda pixels: np.rot90(pixels, 2),
    Image.Transpose.ROTATE_270: lambda pixels: np.rot90(pixels, 3),
    Image.Transpose.TRANSPOSE: lambda pixels: pixels.transpose(1, 0, 2),
    Image.Transpose.TRANSVERSE: lambda pixels: np.rot90(pixels, 2).transpose(1, 0, 2),
}
_WHITE, _DARK = 255, 32


def to_bgr(
    image: Image.Image, size: tuple[int, int], turn: Image.Transpose | None, *, inverted: bool = False
) -> Pixels:
    """The loaded image, shrunk to ``size`` (width, height), then turned; transparency flattened.

    ``inverted``: the image holds 0 for white (TIFF's WhiteIsZero) and Pillow did not undo it.
    """
    pixels = _converted(image, size, _Levels.of(image, inverted=inverted), _ground(image))
    if pixels.shape[1::-1] != size:
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    pixels = np.asarray(pixels, np.uint8)
    return pixels if turn is None else np.ascontiguousarray(_TURNS[turn](pixels))


def _converted(image: Image.Image, size: tuple[int, int], levels: _Levels, ground: int) -> Pixels:
    """The image in BGR, reduced by a whole factor to no less than ``size``."""
    factor = max(1, min(image.width // size[0], image.height // size[1]))
    pixels = np.empty((-(-image.height // factor), -(-image.width // factor), 3), np.uint8)
    done = 0
    for band in _bands(image, factor):
        rows = np.asarray(levels.apply(band, ground))
        cv2.cvtColor(rows, cv2.COLOR_RGB2BGR, dst=pixels[done : done + len(rows)])
        done += len(rows)
    return pixels


class _Levels:
    """How samples of more than 8 bits become 8."""

    def __init__(self, low: float, high: float, *, inverted: bool) -> None:
        self._low = low
        self._gain = 255 / (high - low) if high > low else 0.0
        self._inverted = inverted

    @classmethod
    def of(cls, image: Image.Image, *, inverted: bool) -> _Levels:
        if image.mode != "F" and not image.mode.startswith("I"):
            return cls(0, 255, inverted=False)
        low, high = _range(image)
        return cls(low, high, inverted=inverted)

    def apply(self, band: Image.Image, ground: int) -> Image.Image:
        """The band as RGB."""
        if band.mode == "F" or band.mode.startswith("I"):
            return Image.fromarray(self._to_8_bits(np.asarray(band))).convert("RGB")
        if band.mode == "LAB":
            return band.getchannel("L").convert("RGB")  # Pillow converts no other part; text needs no other
        if _has_alpha(band):
            return _flatten(band.convert("RGBA"), ground)
        return band if band.mode == "RGB" else band.convert("RGB")

    def _to_8_bits(self, samples: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
        scaled = (np.nan_to_num(samples.astype(np.float32)) - self._low) * self._gain
        scaled = np.clip(scaled, 0, 255)
        return np.round(255 - scaled if self._inverted else scaled).astype(np.uint8)


def _range(image: Image.Image) -> tuple[float, float]:
    """The sample values of black and white: those of the smallest bit depth that holds all samples."""
    samples = np.asarray(image)
    low, high = float(np.nanmin(samples)), float(np.nanmax(samples))
    if not (math.isfinite(low) and math.isfinite(high)):
        finite = samples[np.isfinite(samples)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if low < 0:
        return low, high
    depths = (1.0, 255.0, 4095.0, 65535.0) if image.mode == "F" else (255.0, 4095.0, 65535.0)
    return 0.0, next((depth for depth in depths if high <= depth), high)


def _bands(image: Image.Image, factor: int) -> Iterator[Image.Image]:
    """Horizontal bands of the image, each reduced by the factor."""
    rows = max(1, _BAND_PIXELS // image.width // factor) * factor
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(image.height, top + rows)))
        yield _reduce(band, factor)


def _reduce(band: Image.Image, factor: int) -> Image.Image:
    if factor == 1:
        return band
    if band.mode == "1":
        band = band.convert("L")
    elif band.mode in ("P", "PA"):
        band = band.convert("RGBA" if _has_alpha(band) else "RGB")
    elif band.mode.startswith("I"):
        return Image.fromarray(np.ascontiguousarray(np.asarray(band)[::factor, ::factor]))
    return band.reduce(factor)


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in _ALPHA_MODES or "transparency" in image.info


def _flatten(image: Image.Image, ground: int) -> Image.Image:
    flat = Image.new("RGB", image.size, (ground, ground, ground))
    flat.paste(image, mask=image.getchannel("A"))
    return flat


def _ground(image: Image.Image) -> int:
    """White, or dark where everything visible is light and would vanish on white."""
    if not _has_alpha(image):
        return _WHITE
    step = max(1, math.isqrt(image.width * image.height // 1_000_000))
    size = (max(1, image.width // step), max(1, image.height // step))
    sample = np.asarray(image.resize(size, Image.Resampling.NEAREST).convert("RGBA"))
    visible = sample[sample[:, :, 3] > 128]
    if not len(visible) or len(visible) > 0.5 * sample.shape[0] * sample.shape[1]:
        return _WHITE
    luminance = visible[:, :3] @ np.array([0.299, 0.587, 0.114])
    return _DARK if float(np.mean(luminance < 140)) < 0.02 else _WHITE
