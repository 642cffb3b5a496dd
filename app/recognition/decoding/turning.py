"""Quarter turns of a page and of what stands on it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.recognition.evidence import Ruling
from app.tables.geometry import Box


@dataclass(frozen=True, slots=True)
class Turn:
    """Counter-clockwise quarter turns of a page of so many pixels, as numpy.rot90 makes them."""

    quarters: int
    """0..3."""
    width: int
    height: int
    """Of the page before the turn."""

    def point(self, x: float, y: float) -> tuple[float, float]:
        match self.quarters:
            case 0:
                return x, y
            case 1:
                return y, self.width - x
            case 2:
                return self.width - x, self.height - y
            case _:
                return self.height - y, x

    @property
    def back(self) -> Turn:
        """What undoes it."""
        sideways = self.quarters % 2 == 1
        size = (self.height, self.width) if sideways else (self.width, self.height)
        return Turn(-self.quarters % 4, *size)

    def box(self, box: Box) -> Box:
        (ax, ay), (bx, by) = self.point(box.x0, box.y0), self.point(box.x1, box.y1)
        return Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))

    def ruling(self, ruling: Ruling) -> Ruling:
        ends = (ruling.start, ruling.at), (ruling.end, ruling.at)
        (ax, ay), (bx, by) = (self.point(*(end if ruling.horizontal else end[::-1])) for end in ends)
        horizontal = ruling.horizontal == (self.quarters % 2 == 0)
        low, high, at = (ax, bx, ay) if horizontal else (ay, by, ax)
        return replace(ruling, start=min(low, high), end=max(low, high), at=at, horizontal=horizontal)
