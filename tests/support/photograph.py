"""Photographs a page in software, and knows where each of its points went."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

_DESK = (70, 92, 120)


@dataclass(frozen=True)
class Camera:
    """How the page is held and lit. Lengths are shares of the page's width."""

    turn: float = 0.0
    """Degrees by which the page lies turned, clockwise."""
    tilt: tuple[float, float] = (0.0, 0.0)
    """How much smaller the right and the lower edge look than the left and the upper one."""
    curl: float = 0.0
    """Height of the bulge in a sheet that does not lie flat."""
    shade: float = 0.0
    """Share of the light that is lost from one corner to the other."""
    blur: float = 0.0
    """Pixels."""
    noise: float = 0.0
    """Grey levels."""
    grain: float = 0.0
    """Grey levels of the desk's veins, which run level through the photograph."""
    seed: int = 0


@dataclass(frozen=True)
class Photo:
    """A photograph and the way from the page's pixels to its own."""

    pixels: np.ndarray
    _matrix: np.ndarray
    _bulge: float
    _width: float

    def seen(self, points: np.ndarray) -> np.ndarray:
        """Where the page's points (n, 2) stand in the photograph."""
        bent = np.array(points, np.float64)
        bent[:, 1] += _bulge(bent[:, 0], self._width, self._bulge)
        return cv2.perspectiveTransform(bent.reshape(-1, 1, 2), self._matrix).reshape(-1, 2)


def photograph(page: np.ndarray, camera: Camera) -> Photo:
    """``page``: (h, w, 3) uint8. The photograph shows the whole page on a darker desk."""
    height, width = page.shape[:2]
    matrix, size = _view(width, height, camera)
    across, down = np.meshgrid(np.arange(size[0]) + 0.5, np.arange(size[1]) + 0.5)
    flat = cv2.perspectiveTransform(np.stack([across, down], -1).reshape(-1, 1, 2), np.linalg.inv(matrix))
    x, y = flat.reshape(size[1], size[0], 2).transpose(2, 0, 1)
    y = y - _bulge(x, width, camera.curl * width)
    photo = cv2.remap(
        page, (x - 0.5).astype(np.float32), (y - 0.5).astype(np.float32), cv2.INTER_CUBIC, borderValue=_DESK
    )
    if camera.grain:
        outside = (x < 0) | (y < 0) | (x > width) | (y > height)
        photo[outside] = _veined(size, camera)[outside]
    return Photo(_lit(photo, camera), matrix, camera.curl * width, width)


def _veined(size: tuple[int, int], camera: Camera) -> np.ndarray:
    rough = np.random.default_rng(camera.seed).normal(0, 1, (size[1], size[0]))
    veins = cv2.GaussianBlur(rough, (0, 0), sigmaX=60, sigmaY=1.2)
    return np.clip(_DESK + camera.grain * (veins / veins.std())[..., None], 0, 255).astype(np.uint8)


def _bulge(x: np.ndarray, width: float, height: float) -> np.ndarray:
    """A cubic: steeper at one side than at the other, as a page beside a book's spine."""
    unit = np.clip(x / width, 0, 1)
    return height * 6.75 * unit * (1 - unit) ** 2


def _view(width: int, height: int, camera: Camera) -> tuple[np.ndarray, tuple[int, int]]:
    right, lower = camera.tilt
    page = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    narrow = np.array(
        [[0, 0], [width, right * height / 2], [width * (1 - lower / 2), height * (1 - right / 2)],
         [width * lower / 2, height]], np.float32
    )  # fmt: skip
    turn = np.deg2rad(camera.turn)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    seen = narrow @ rotation.T
    margin = 0.06 * width
    seen = (seen - seen.min(axis=0) + margin).astype(np.float32)
    size = np.ceil(seen.max(axis=0) + margin).astype(int)
    return cv2.getPerspectiveTransform(page, seen), (int(size[0]), int(size[1]))


def _lit(photo: np.ndarray, camera: Camera) -> np.ndarray:
    height, width = photo.shape[:2]
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    light = 1 - camera.shade * (0.6 * across + 0.4 * down**2)
    soft = cv2.GaussianBlur(photo, (0, 0), camera.blur) if camera.blur else photo
    grain = np.random.default_rng(camera.seed).normal(0, max(camera.noise, 1e-9), photo.shape)
    lit = np.clip(soft * light[..., None] + grain, 0, 255).astype(np.uint8)
    coded = cv2.imencode(".jpg", lit, [cv2.IMWRITE_JPEG_QUALITY, 82])[1]
    return cv2.imdecode(coded, cv2.IMREAD_COLOR)
