"""The engine's process: `python -m app.services.engine_child FD`. Loads the models once, then reads
one image after the other until its owner closes the socket or dies."""

from __future__ import annotations

import ctypes
import os
import pickle
import queue
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from app.errors import EngineFailed, ImageFailed, SetupError
from app.recognition.engine import Progress, SourceImage
from app.services.engine_messages import (
    Broken,
    Done,
    Failed,
    Passed,
    Ready,
    Recognizer,
    Surveyed,
    Wish,
    parse_request,
)
from app.services.frames import LENGTH, frame
from app.services.tracebacks import traceback_of


def main() -> None:
    """Serves on the inherited socket."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    sys.excepthook = _last_words(channel)
    requests = _received(channel)
    try:
        recognizer = _build(requests.get())
    except (SetupError, EngineFailed) as failure:
        channel.sendall(frame(_failed(failure)))
        return
    channel.sendall(frame(Ready()))
    give_back = _memory_release()
    while True:
        channel.sendall(frame(_answer(recognizer, requests.get(), channel)))
        give_back()


def _build(setup: bytes) -> Recognizer:
    """Our owner is trusted, so what to build comes pickled, with the paths where it is found."""
    paths, pickled = pickle.loads(setup)  # noqa: S301
    sys.path[:] = paths
    build: Callable[[], Recognizer] = pickle.loads(pickled)  # noqa: S301
    return build()


def _memory_release() -> Callable[[], object]:
    """Returns freed memory to the system where the C library does so only when asked (glibc): what one
    large image needed would stay with the process for good."""
    trim: Any = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return (lambda: None) if trim is None else (lambda: trim(0))


def _answer(recognizer: Recognizer, body: bytes, channel: socket.socket) -> Done | Surveyed | Failed:
    request = parse_request(body)

    def report(progress: Progress) -> None:
        channel.sendall(frame(Passed(progress)))

    image = SourceImage(Path(request.path), request.filename)
    try:
        if request.wish is Wish.SURVEY:
            return Surveyed(recognizer.survey(image))
        read = recognizer.read if request.wish is Wish.WORDS else recognizer.recognize
        return Done(read(image, report))
    except (ImageFailed, EngineFailed) as failure:
        return _failed(failure)


def _failed(failure: ImageFailed | EngineFailed | SetupError) -> Failed:
    if failure.__cause__ is not None:
        print(traceback_of(failure.__cause__), file=sys.stderr)
    return Failed(type(failure).__name__, failure.code, failure.message)


def _received(channel: socket.socket) -> queue.SimpleQueue[bytes]:
    """Frames as they come; a thread listens, so that the process ends with its owner even amid work."""
    frames: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def listen() -> None:
        with channel.makefile("rb") as incoming:
            while len(head := incoming.read(LENGTH.size)) == LENGTH.size:
                frames.put(incoming.read(LENGTH.unpack(head)[0]))
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    return frames


def _last_words(channel: socket.socket) -> Callable[..., Any]:
    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        print(traceback_of(error), file=sys.stderr)
        channel.sendall(frame(Broken(kind.__name__)))

    return tell


if __name__ == "__main__":
    main()
