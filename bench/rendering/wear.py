"""What copying, scanning and photographing do to a clean image."""

from __future__ import annotations

from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.support.photograph import Camera, photograph

Image = NDArray[np.uint8]


def worn(rng: Random, image: Image) -> Image:
    """The image as it might reach us; four in ten stay clean."""
    kind = rng.choices(["clean", "scan", "small", "photo"], [0.4, 0.25, 0.2, 0.15])[0]
    if kind == "scan":
        return _coded(_noisy(rng, _turned(image, rng.gauss(0, 0.7)), rng.uniform(0, 14)), rng.randint(40, 90))
    if kind == "small":
        return _coded(_shrunk(image, rng.uniform(0.6, 0.9)), rng.randint(50, 95))
    if kind == "photo":
        return _photographed(rng, image)
    return image


def _turned(image: Image, degrees: float) -> Image:
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(
        cv2.warpAffine(image, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def _noisy(rng: Random, image: Image, levels: float) -> Image:
    soft = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 1.1))
    grain = np.random.default_rng(rng.randrange(2**32)).normal(0, max(levels, 0.01), image.shape)
    return np.clip(soft * rng.uniform(0.75, 1.0) + grain, 0, 255).astype(np.uint8)


def _shrunk(image: Image, scale: float) -> Image:
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _coded(image: Image, quality: int) -> Image:
    coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def _photographed(rng: Random, image: Image) -> Image:
    camera = Camera(
        turn=rng.gauss(0, 3),
        tilt=(rng.uniform(0, 0.12), rng.uniform(0, 0.12)),
        curl=rng.choice([0, 0, rng.uniform(0, 0.012)]),
        shade=rng.uniform(0, 0.4),
        blur=rng.uniform(0.4, 1.4),
        noise=rng.uniform(0, 6),
        seed=rng.randrange(2**32),
    )
    return np.asarray(photograph(image, camera).pixels, np.uint8)
