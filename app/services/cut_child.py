"""Cuts parts out of one image: `python -m app.services.cut_child FD`.

Decoding hostile bytes happens here, where it can be killed, under a ceiling of memory.
"""

from __future__ import annotations

import io
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from app.errors import ImageFailed
from app.recognition.decoding.guard import decoded_within
from app.recognition.decoding.page import Page
from app.recognition.decoding.pages import open_pages
from app.recognition.engine import SourceImage
from app.services.cutting_messages import Cut, CutDone, CutRequest, parse_request
from app.services.frames import LENGTH, frame
from app.workbook.plan import Cutout

_LARGEST_PAGE = (1200, 1600)
"""Pixels that a whole page is scaled down to, so that its text can still be read."""
_LARGEST_PART = (900, 120)
"""Pixels that a part is scaled down to: twice what is shown, for fine screens."""
_COLOURS = 64
_JPEG_QUALITY = 80


def main() -> None:
    """Sends part by part."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    with channel.makefile("rb") as incoming:
        request = parse_request(incoming.read(LENGTH.unpack(incoming.read(LENGTH.size))[0]))
    try:
        for cut in _cuts(request):
            channel.sendall(frame(cut))
    except ImageFailed as failure:
        channel.sendall(frame(CutDone(repr(failure))))
    else:
        channel.sendall(frame(CutDone()))


def _cuts(request: CutRequest) -> Iterator[Cut]:
    wanted: dict[int, list[int]] = {}
    for index, cutout in enumerate(request.cutouts):
        wanted.setdefault(cutout.page, []).append(index)
    source = SourceImage(Path(request.path), Path(request.path).name)
    for page in decoded_within(request.memory_mb, open_pages(source, request.limits, wanted.keys())):
        # blue, green, red → red, green, blue
        image = Image.fromarray(np.ascontiguousarray(page.pixels[:, :, ::-1]))
        for index in wanted[page.number]:
            yield _cut(image, page, index, request.cutouts[index])


def _cut(image: Image.Image, page: Page, index: int, cutout: Cutout) -> Cut:
    part = image.crop(_corners(page, cutout))
    largest = _LARGEST_PAGE if cutout.box is None else _LARGEST_PART
    scale = min(1.0, largest[0] / part.width, largest[1] / part.height)
    if scale < 1:
        size = (max(1, round(scale * part.width)), max(1, round(scale * part.height)))
        part = part.resize(size, Image.Resampling.LANCZOS)
    return Cut(index, _smallest_file(part), part.width, part.height)


def _corners(page: Page, cutout: Cutout) -> tuple[int, int, int, int]:
    """In working pixels, within the page, at least one pixel wide and high."""
    if cutout.box is None:
        return 0, 0, page.width, page.height
    x0, y0 = (int(corner * page.scale) for corner in (cutout.box.x0, cutout.box.y0))
    x1, y1 = (int(corner * page.scale) + 1 for corner in (cutout.box.x1, cutout.box.y1))
    x0, y0 = min(max(0, x0), page.width - 1), min(max(0, y0), page.height - 1)
    return x0, y0, max(x0 + 1, min(x1, page.width)), max(y0 + 1, min(y1, page.height))


def _smallest_file(image: Image.Image) -> bytes:
    """PNG of few colours suits what was drawn, JPEG what was photographed."""
    png, jpeg = io.BytesIO(), io.BytesIO()
    image.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE).save(png, format="PNG", optimize=True)
    image.save(jpeg, format="JPEG", quality=_JPEG_QUALITY)
    return min(png.getvalue(), jpeg.getvalue(), key=len)


if __name__ == "__main__":
    main()
