"""A ceiling on the memory that decoding hostile bytes may take."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import ImageTooLarge
from app.recognition.decoding.page import Page

_STATM = Path("/proc/self/statm")


@contextmanager
def decode_memory(megabytes: int) -> Generator[None]:
    """Within the block this process may take so many megabytes more than it holds now.

    Lowers the soft limit of RLIMIT_DATA and restores it. ImageTooLarge (decode_limit) when it is hit. Meant
    for a process that does nothing else at the time: the limit counts for all its threads. Linux only;
    elsewhere there is no ceiling, as no other system counts private mappings under this limit.
    """
    try:
        if sys.platform == "linux":
            with _lowered(megabytes):
                yield
        else:
            yield
    except MemoryError as error:
        raise ImageTooLarge(
            f"Decoding the image would take more than {megabytes} MB of memory. "
            "Please scale it down, or save it as PNG or JPEG, and send it again.",
            code="decode_limit",
        ) from error


def decoded_within(megabytes: int, pages: Iterator[Page]) -> Iterator[Page]:
    """The same pages, the ceiling in force while each is decoded and lifted while it is worked on."""
    while True:
        with decode_memory(megabytes):
            page = next(pages, None)
        if page is None:
            return
        yield page


@contextmanager
def _lowered(megabytes: int) -> Generator[None]:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    ceiling = _private_bytes() + megabytes * 1024 * 1024
    if soft != resource.RLIM_INFINITY:
        ceiling = min(ceiling, soft)
    if hard != resource.RLIM_INFINITY:
        ceiling = min(ceiling, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (ceiling, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _private_bytes() -> int:
    """What the kernel counts against RLIMIT_DATA (proc(5): statm, sixth field, pages)."""
    import resource

    return int(_STATM.read_text().split()[5]) * resource.getpagesize()
