"""What cuts off or covers the objects of a PDF page: clip paths, and images drawn later."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.recognition.decoding.pdfium import PageToPixels, raw
from app.tables.geometry import Box, hull

_SEGMENTS = 2_000
"""A clip path of more corners is a drawing: it is not looked at."""


@dataclass(frozen=True, slots=True)
class Layering:
    """How the objects of a page lie over one another. Boxes in pixels of the page as it is shown."""

    clips: dict[int, Box]
    """By the address of a text object: what is seen of it at most."""
    places: dict[int, int]
    """By the address of a text object: how many images are drawn before it."""
    images: tuple[Box, ...]
    """In the order in which they are drawn."""

    @classmethod
    def of(cls, page: Any, to_pixels: PageToPixels) -> Layering:
        clips: dict[int, Box] = {}
        places: dict[int, int] = {}
        images: list[Box] = []
        for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_IMAGE]):
            clip = clip_box(item, to_pixels)
            if item.type == raw.FPDF_PAGEOBJ_IMAGE:
                images.append(_seen(Box(*to_pixels.corners(*item.get_bounds())), clip))
                continue
            address = ctypes.cast(item.raw, ctypes.c_void_p).value or 0
            places[address] = len(images)
            if clip is not None:
                clips[address] = clip
        return cls(clips, places, tuple(images))

    def shows(self, owner: int, x: float, y: float) -> bool:
        """Whether a point of the text object lies inside its clip path and under no later image."""
        clip = self.clips.get(owner)
        later = self.images[self.places.get(owner, len(self.images)) :]
        return (clip is None or _holds(clip, x, y)) and not any(_holds(image, x, y) for image in later)


def clip_box(item: Any, to_pixels: PageToPixels) -> Box | None:
    """What the clip paths of the object leave to be seen at most; None where nothing is cut off."""
    clip = raw.FPDFPageObj_GetClipPath(item.raw)
    count = raw.FPDFClipPath_CountPaths(clip) if clip else 0
    left: Box | None = None
    for index in range(max(0, count)):
        segments = raw.FPDFClipPath_CountPathSegments(clip, index)
        if not 0 < segments <= _SEGMENTS:
            continue
        points = (_point(item, raw.FPDFClipPath_GetPathSegment(clip, index, i)) for i in range(segments))
        placed = (to_pixels.point(*point) for point in points)
        around = hull(Box(x, y, x, y) for x, y in placed)
        if around is not None:
            left = around if left is None else _common(left, around)
    return left


def _point(item: Any, segment: Any) -> tuple[float, float]:
    x, y = ctypes.c_float(), ctypes.c_float()
    raw.FPDFPathSegment_GetPoint(segment, x, y)
    point = (x.value, y.value)
    for owner in _containers(item):
        point = owner.get_matrix().on_point(*point)
    return point


def _containers(item: Any) -> Iterator[Any]:
    owner = item.container
    while owner is not None:
        yield owner
        owner = owner.container


def _seen(box: Box, clip: Box | None) -> Box:
    return box if clip is None else _common(box, clip)


def _common(one: Box, other: Box) -> Box:
    x0, y0 = max(one.x0, other.x0), max(one.y0, other.y0)
    return Box(x0, y0, max(x0, min(one.x1, other.x1)), max(y0, min(one.y1, other.y1)))


def _holds(box: Box, x: float, y: float) -> bool:
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1
