"""A survey of a page by its text lines alone: most of what reading costs is saved."""

from __future__ import annotations

from statistics import median

import cv2
import numpy as np

from app.recognition.decoding.page import Pixels
from app.recognition.local.preparing.orientation import Read, quarter_turns
from app.recognition.local.preparing.prepare import Detect
from app.recognition.local.preparing.text_direction import elongated, text_angle, text_lines
from app.recognition.local.preparing.warp import Warp
from app.recognition.survey import Survey

_SEEN = 736
"""Pixels of the longer side that are searched for text lines: half of the time, and as many lines found on
whole pages of 1288 pixels."""
_CHARACTERS = 2.6
"""On a stretch of a text line as long as it is high, its margins included (rough)."""
_INK = 0.46
"""Of the height of a text line as it is found: the rest is margin (rough)."""


def surveyed(pixels: Pixels, detect: Detect, read: Read) -> Survey:
    """``read`` is asked for four lines at most, to tell a page from one upside down."""
    height, width = pixels.shape[:2]
    scale = min(1.0, _SEEN / max(width, height))
    size = (max(1, round(scale * width)), max(1, round(scale * height)))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    quads = [np.asarray(quad / scale, np.float32) for quad in detect(small)]
    lines = text_lines(quads)
    characters = round(sum(_CHARACTERS * line.length / max(line.height, 1.0) for line in lines))
    ink = _INK * median(line.height for line in lines) / max(width, height) if lines else 0.0
    if not elongated(lines):
        return Survey(runs=len(lines), characters=characters, letter_height=ink)
    turns = quarter_turns(pixels, elongated(lines), read)
    warp = Warp(width, height, turns)
    level = text_lines([warp.to_prepared(quad) for quad in quads])
    return Survey(turns, text_angle(level), len(lines), characters, ink)
