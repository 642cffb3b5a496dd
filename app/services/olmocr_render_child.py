"""Renders the pages of one file: `python -m app.services.olmocr_render_child FD PATH LIMITS…`.

Decoding hostile bytes happens here, where it can be killed, under a ceiling of memory.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from app.errors import ImageFailed
from app.recognition.decoding.guard import decoded_within
from app.recognition.decoding.pages import open_pages
from app.recognition.engine import DecodeLimits, SourceImage
from app.recognition.olmocr.page_image import page_png, whole_png
from app.services.frames import frame
from app.services.olmocr_messages import NoMorePages, NotRendered, RenderedPage


def main() -> None:
    """Sends page by page, or one in full size; waits where the other end does not read on."""
    fd, path, memory_mb, megapixels, pages, working_megapixels, only = sys.argv[1:]
    limits = DecodeLimits(float(megapixels), int(pages), float(working_megapixels))
    channel = socket.socket(fileno=int(fd))
    image = SourceImage(Path(path), Path(path).name)
    try:
        for page in decoded_within(int(memory_mb), open_pages(image, limits)):
            if int(only) in (0, page.number):
                png = whole_png(page.pixels) if int(only) else page_png(page.pixels)
                channel.sendall(frame(RenderedPage(page.number, page.count, png)))
    except ImageFailed as failure:
        channel.sendall(frame(NotRendered(type(failure).__name__, failure.code, failure.message)))
    else:
        channel.sendall(frame(NoMorePages()))


if __name__ == "__main__":
    main()
