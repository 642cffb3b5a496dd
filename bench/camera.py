"""Photographs a page in software: a pinhole camera over a sheet that may lie turned, tilted and bent.

Unlike ``tests/support/photograph.py`` it follows the optics: the sheet is a cylinder in space (Cao, Ding &
Liu, "Rectifying the bound document image captured by the camera", 2003), seen from yaw, pitch and roll.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Pixels = NDArray[np.uint8]

_SAMPLES = 400
_ROUNDS = 16
_STEP = 8  # pixels between the points whose place on the page is computed exactly


@dataclass(frozen=True, slots=True)
class Shot:
    """How a page is held, lit and taken. Lengths are shares of the page's longer side, angles degrees."""

    roll: float = 0.0
    """Turn within the image, clockwise."""
    yaw: float = 0.0
    pitch: float = 0.0
    curl: float = 0.0
    """Height of the bulge."""
    bend: str = "bulge"
    """bulge · spine (steep at one side) · wave"""
    bend_axis: float = 0.0
    """Degrees by which the cylinder's axis leaves the page's vertical."""
    desk: str = "plain"
    """plain · wood · dark · clutter · scanner (white)"""
    border: float = 0.05
    """Desk around the paper."""
    shade: float = 0.0
    """Share of the light lost from one side to the other."""
    vignette: float = 0.0
    shadow: float = 0.0
    """Share of the light taken by a soft shadow across the page."""
    balance: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """Gains of blue, green and red."""
    defocus: float = 0.0
    """Radius of the disc, pixels."""
    motion: float = 0.0
    """Length of the smear, pixels."""
    noise: float = 0.0
    """Grey levels."""
    quality: int = 92
    """Of the JPEG."""
    scale: float = 1.0
    """Pixels of the photograph per pixel of the page."""
    seed: int = 0


class Sheet:
    """The bent page in space: x to the right, y down, z towards the camera; unit: the page's pixel."""

    def __init__(self, width: int, height: int, shot: Shot) -> None:
        self._center = np.array([width / 2, height / 2])
        reach = float(np.hypot(width, height)) / 2
        along = np.linspace(-reach, reach, _SAMPLES)
        self._z = _profile(shot.bend, along / (2 * reach) + 0.5) * shot.curl * max(width, height)
        steps = np.diff(along) * np.sqrt(1 + np.square(np.diff(self._z) / np.diff(along)))
        walked = np.concatenate([[0.0], np.cumsum(steps)])
        self._along, self._walked = along, walked - np.interp(0.0, along, walked)
        turn = np.deg2rad(shot.bend_axis)
        self._axes = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])

    def in_space(self, points: Floats) -> Floats:
        """Page pixels (n, 2) → (n, 3)."""
        walked = (np.asarray(points, np.float64) - self._center) @ self._axes.T
        along = np.interp(walked[:, 0], self._walked, self._along)
        return np.column_stack(
            [np.column_stack([along, walked[:, 1]]) @ self._axes, np.interp(along, self._along, self._z)]
        )

    def on_page(self, x: Floats, y: Floats) -> Floats:
        """Points over the plane, in space → page pixels (…, 2)."""
        turned = np.stack([x, y], axis=-1) @ self._axes.T
        turned[..., 0] = np.interp(turned[..., 0], self._along, self._walked)
        return turned @ self._axes + self._center

    def height(self, x: Floats, y: Floats) -> Floats:
        return np.interp(x * self._axes[0, 0] + y * self._axes[0, 1], self._along, self._z)


def _profile(bend: str, unit: Floats) -> Floats:
    if bend == "spine":
        return np.exp(-5 * unit)
    if bend == "wave":
        return 0.5 * np.sin(2 * np.pi * unit)
    return np.sin(np.pi * unit)


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A photograph and the way from the page's pixels to its own."""

    pixels: Pixels
    seen: Callable[[Floats], Floats]
    """Where the page's points (n, 2) stand in the photograph."""


def take(page: Pixels, shot: Shot) -> Photo:
    """``page``: (h, w, 3). The same shot of the same page is the same photograph, bit by bit."""
    rng = np.random.default_rng(shot.seed)
    height, width = page.shape[:2]
    sheet = Sheet(width, height, shot)
    view, size = _framed(sheet, width, height, shot)
    flat = _back(sheet, view, size)
    seen = _resampled(page, flat, shot.scale)
    inside = np.all((flat >= 0) & (flat <= (width, height)), axis=-1)
    soft = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), 0.7)[..., None]
    desk = desk_of(shot.desk, size, rng)
    scene = seen * soft + desk * (1 - soft)
    return Photo(
        _taken(_lit(scene, shot, rng), shot, rng), lambda points: _project(view, sheet.in_space(points))
    )


def _framed(sheet: Sheet, width: int, height: int, shot: Shot) -> tuple[Floats, tuple[int, int]]:
    """The view matrix and the photograph's (width, height)."""
    roll, yaw, pitch = np.deg2rad([shot.roll, shot.yaw, shot.pitch])
    turn = cv2.Rodrigues(np.array([0, 0, roll]))[0]
    turn = cv2.Rodrigues(np.array([pitch, 0, 0.0]))[0] @ cv2.Rodrigues(np.array([0, yaw, 0.0]))[0] @ turn
    away = 1.35 * float(np.hypot(width, height))
    focal = away * shot.scale
    camera = np.diag([focal, focal, 1.0])
    # z points to the camera, so that depth falls with it
    flip = np.diag([1.0, 1.0, -1.0])
    view = camera @ np.column_stack([flip @ turn, [0, 0, away]])
    edge = np.linspace(0, 1, 20)
    outline = np.concatenate(
        [np.column_stack([edge, 0 * edge + k]) for k in (0, 1)]
        + [np.column_stack([0 * edge + k, edge]) for k in (0, 1)]
    )
    seen = _project(view, sheet.in_space(outline * (width, height)))
    margin = shot.border * max(width, height) * shot.scale
    low, high = seen.min(axis=0) - margin, seen.max(axis=0) + margin
    shift = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1.0]])
    across, down = np.ceil(high - low).astype(int).tolist()
    return shift @ view, (across, down)


def _project(view: Floats, points: Floats) -> Floats:
    moved = points @ view[:, :3].T + view[:, 3]
    return moved[:, :2] / moved[:, 2:]


def _back(sheet: Sheet, view: Floats, size: tuple[int, int]) -> Floats:
    """(h, w, 2): the page's point that each pixel of the photograph sees; exact every _STEP pixels."""
    cols, rows = (-(-side // _STEP) + 1 for side in size)
    across, down = np.meshgrid(np.arange(cols) * _STEP + 0.5, np.arange(rows) * _STEP + 0.5)
    coarse = sheet.on_page(*_met(sheet, view, across, down)).astype(np.float32)
    spread = np.array([[_STEP, 0, 0], [0, _STEP, 0]], np.float32)
    return np.asarray(cv2.warpAffine(coarse, spread, size, flags=cv2.INTER_LINEAR))


def _met(sheet: Sheet, view: Floats, across: Floats, down: Floats) -> tuple[Floats, Floats]:
    """Where the ray of each pixel meets the sheet: x and y in space, by fixed-point rounds on its height."""
    z = np.zeros_like(across)
    x = y = z
    for _ in range(_ROUNDS):
        # view · (x, y, z, 1) is parallel to (across, down, 1): two linear equations in x and y
        c0, c1, c2 = (view[i, 2] * z + view[i, 3] for i in range(3))
        m00, m01 = view[0, 0] - across * view[2, 0], view[0, 1] - across * view[2, 1]
        m10, m11 = view[1, 0] - down * view[2, 0], view[1, 1] - down * view[2, 1]
        r0, r1 = across * c2 - c0, down * c2 - c1
        determinant = m00 * m11 - m01 * m10
        x, y = (r0 * m11 - r1 * m01) / determinant, (m00 * r1 - m10 * r0) / determinant
        z = 0.5 * z + 0.5 * sheet.height(x, y)
    return x, y


def _resampled(page: Pixels, flat: Floats, scale: float) -> Floats:
    """The page's colour at each point, free of aliasing where the photograph is smaller than the page."""
    soft = cv2.GaussianBlur(page, (0, 0), 0.45 / scale) if scale < 0.9 else page
    x, y = (np.ascontiguousarray((flat[..., i] - 0.5).astype(np.float32)) for i in (0, 1))
    return cv2.remap(soft, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)


def desk_of(kind: str, size: tuple[int, int], rng: np.random.Generator) -> Floats:
    """(h, w, 3) float: what lies around the paper."""
    width, height = size
    grain = rng.normal(0, 1, (height, width)).astype(np.float32)
    if kind == "scanner":
        return np.full((height, width, 3), 255, np.float32)
    if kind == "dark":
        return np.float32([38, 34, 32]) + 3 * grain[..., None]
    if kind == "wood":
        long = cv2.GaussianBlur(grain, (0, 0), sigmaX=60, sigmaY=1.2)
        fine = cv2.GaussianBlur(grain, (0, 0), sigmaX=12, sigmaY=0.6)
        veins = long / long.std() * 16 + fine / fine.std() * 7
        return np.float32([62, 98, 140]) + veins[..., None] * np.float32([0.7, 0.9, 1.0])
    ground = np.float32(rng.uniform(60, 150, 3)) + 4 * grain[..., None]
    if kind == "clutter":
        return _cluttered(ground, rng)
    return ground


def _cluttered(ground: Floats, rng: np.random.Generator) -> Floats:
    """Pens, cards and other papers with lines of writing on them."""
    height, width = ground.shape[:2]
    canvas = np.clip(ground, 0, 255).astype(np.uint8)
    for _ in range(9):
        center = (rng.uniform(0, width), rng.uniform(0, height))
        long, slim = (
            rng.uniform(0.1, 0.4) * max(size_ := (width, height)),
            rng.uniform(0.01, 0.2) * min(size_),
        )
        corners = cv2.boxPoints((center, (float(long), float(slim)), float(rng.uniform(0, 180))))
        cv2.fillPoly(canvas, [corners.astype(np.int32)], rng.uniform(20, 245, 3).tolist(), cv2.LINE_AA)
        for k in np.linspace(0.15, 0.85, 6):
            a, b = corners[0] * (1 - k) + corners[3] * k, corners[1] * (1 - k) + corners[2] * k
            cv2.line(canvas, a.astype(int).tolist(), b.astype(int).tolist(), (70, 70, 70), 2, cv2.LINE_AA)
    return canvas.astype(np.float32)


def _lit(scene: Floats, shot: Shot, rng: np.random.Generator) -> Floats:
    height, width = scene.shape[:2]
    across, down = np.meshgrid(
        np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32)
    )
    turn = rng.uniform(0, 2 * np.pi)
    light = 1 - shot.shade * (0.5 + 0.5 * (across * np.cos(turn) + down * np.sin(turn)) / 1.42)
    light *= 1 - shot.vignette * (across**2 + down**2) / 2
    if shot.shadow:
        edge = rng.uniform(-0.4, 0.4)
        side = across * np.cos(turn + 1) + down * np.sin(turn + 1) + 0.15 * np.sin(4 * across)
        light *= 1 - shot.shadow / (1 + np.exp(-(side - edge) / rng.uniform(0.03, 0.12)))
    return scene * light[..., None] * np.float32(shot.balance)


def _taken(scene: Floats, shot: Shot, rng: np.random.Generator) -> Pixels:
    if shot.defocus:
        size = 2 * int(np.ceil(shot.defocus)) + 1
        across, down = np.meshgrid(np.arange(size) - size // 2, np.arange(size) - size // 2)
        disc = np.clip(shot.defocus + 0.5 - np.hypot(across, down), 0, 1)
        scene = cv2.filter2D(scene, -1, disc / disc.sum())
    if shot.motion:
        size = 2 * int(np.ceil(shot.motion)) + 1
        smear = np.zeros((size, size), np.float32)
        way = rng.uniform(0, np.pi)
        end = shot.motion / 2 * np.array([np.cos(way), np.sin(way)])
        a, b = ((size // 2 + k * end) * 16 for k in (-1, 1))
        cv2.line(smear, a.astype(int).tolist(), b.astype(int).tolist(), 1.0, 1, cv2.LINE_AA, 4)
        scene = cv2.filter2D(scene, -1, smear / smear.sum())
    grain = rng.normal(0, 1, scene.shape).astype(np.float32)
    noisy = scene + shot.noise * grain * np.sqrt(np.clip(scene, 16, 255) / 128)
    coded = cv2.imencode(
        ".jpg", np.clip(noisy, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, shot.quality]
    )[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
