"""The conditions under which tables are photographed, scanned and shown on screens."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from app.recognition.decoding.page import Pixels
from bench.camera import Photo, Shot, take

DARK = {"ink": (226, 226, 230), "paper": (30, 32, 38)}
Random = random.Random


def _grade(rng: Random) -> dict[str, Any]:
    """What every photograph has a little of."""
    return {
        "noise": rng.uniform(1, 4),
        "quality": rng.randint(75, 95),
        "border": rng.uniform(0.03, 0.2),
        "desk": rng.choice(["plain", "wood", "dark", "clutter"]),
        "roll": rng.uniform(-3, 3),
        "seed": rng.randrange(1 << 30),
    }


def _either(rng: Random, low: float, high: float) -> float:
    return rng.choice((-1, 1)) * rng.uniform(low, high)


def _everything(rng: Random) -> dict[str, Any]:
    return {
        "roll": rng.uniform(-12, 12) + rng.choice([0, 0, 90, 180, 270]),
        "yaw": rng.uniform(-20, 20),
        "pitch": rng.uniform(-20, 20),
        "curl": rng.uniform(0, 0.04),
        "bend": rng.choice(["bulge", "spine", "wave"]),
        "bend_axis": rng.uniform(-15, 15),
        "shade": rng.uniform(0.1, 0.5),
        "shadow": rng.uniform(0, 0.4),
        "defocus": rng.uniform(0, 1.2),
        "balance": tuple(rng.uniform(0.8, 1.1) for _ in range(3)),
        "quality": rng.randint(55, 90),
    }


SHOTS: dict[str, Callable[[Random], dict[str, Any]]] = {
    "turned": lambda rng: {"roll": rng.choice([90, 180, 270]) + rng.uniform(-5, 5)},
    "skewed": lambda rng: {"roll": _either(rng, 6, 15)},
    "tilted": lambda rng: {"yaw": _either(rng, 12, 30), "pitch": _either(rng, 8, 25)},
    "curled": lambda rng: {
        "curl": rng.uniform(0.02, 0.06),
        "bend": rng.choice(["bulge", "spine", "wave"]),
        "bend_axis": rng.uniform(-25, 25),
        "pitch": _either(rng, 10, 25),
        "yaw": rng.uniform(-10, 10),
    },
    "shaded": lambda rng: {
        "shade": rng.uniform(0.3, 0.7),
        "vignette": rng.uniform(0.1, 0.4),
        "shadow": rng.uniform(0.3, 0.6),
        "balance": tuple(rng.uniform(0.7, 1.1) for _ in range(3)),
    },
    "blurred": lambda rng: {
        "defocus": rng.uniform(0.8, 2.0),
        "motion": rng.uniform(0, 3),
        "quality": rng.randint(40, 70),
        "noise": rng.uniform(3, 8),
    },
    "everything": _everything,
}
"""What photographs suffer from, one kind each, over ``_grade``."""

SCREENS: dict[str, Callable[[Random], dict[str, Any]]] = {
    "plain": lambda rng: {},
    "scanned": lambda rng: {},
    "dark": lambda rng: DARK | {"header_ink": rng.choice([(120, 190, 255), (255, 200, 90), None])},
    "header": lambda rng: {
        "header_ink": (255, 255, 255),
        "header_paper": rng.choice([(31, 78, 121), (60, 60, 60), (0, 110, 80), (192, 57, 43)]),
        "stripe": rng.choice([None, (236, 240, 244)]),
    },
    "small": lambda rng: {"size": 12, "pad_x": 8, "pad_y": 3, "rule": 1},
    "large": lambda rng: {"size": 26},
}
"""How screenshots and scans look: ``scanned`` ones lie askew, ``large`` ones have 50 Mpx."""


def photographed(name: str, rng: Random, page: Pixels) -> Photo:
    """The page under the named condition of SHOTS."""
    return take(page, Shot(**(_grade(rng) | {"scale": rng.uniform(0.9, 1.4)} | SHOTS[name](rng))))


def screened(name: str, rng: Random, page: Pixels) -> Photo:
    """The page under the named condition of SCREENS: as it is, askew, or very large."""
    if name == "scanned":
        return take(page, Shot(roll=_either(rng, 3, 15), desk="scanner", border=0.01))
    if name == "large":
        scale = float(np.sqrt(50e6 / (page.shape[0] * page.shape[1])))
        pixels = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        return Photo(np.asarray(pixels, np.uint8), lambda points: points * scale)
    return Photo(page, lambda points: points)
