"""A process for an engine that blocks and may crash: reads one image at a time, can be killed any moment."""

from __future__ import annotations

import asyncio
import pickle
import sys
from collections.abc import Callable
from typing import IO

import msgspec
import structlog

from app import errors
from app.errors import EngineCrashed, EngineFailed, EngineUnavailable, OlmOCRError
from app.recognition.engine import Recognition, Report, SourceImage
from app.recognition.survey import Survey
from app.services.child_process import Connection, spawn_connected
from app.services.engine_messages import (
    LONGEST_FRAME,
    Answer,
    Broken,
    Done,
    Failed,
    Passed,
    Ready,
    Recognizer,
    Request,
    Surveyed,
    Wish,
    parse_answer,
)
from app.services.frames import LENGTH, frame

START_S = 120.0
"""Loading the models may take so long on a busy machine."""
_STDERR = 2
log = structlog.get_logger()


class _Child(Connection):
    async def receive(self) -> Answer:
        """EngineCrashed: the process is gone. EngineFailed: it does not keep to the language."""
        try:
            (length,) = LENGTH.unpack(await self.reader.readexactly(LENGTH.size))
            if length > LONGEST_FRAME:
                raise EngineFailed("The local engine's answer is too large.")
            return parse_answer(await self.reader.readexactly(length))
        except (asyncio.IncompleteReadError, ConnectionError) as gone:
            raise EngineCrashed("The local engine ended abnormally while it read the image.") from gone
        except (msgspec.ValidationError, msgspec.DecodeError) as odd:
            raise EngineFailed("The local engine's answer could not be understood.") from odd

    async def end(self) -> None:
        self.writer.close()
        await self.process.stop(0)


class EngineProcess:
    """Starts the process when it is needed, and again after it died or was killed.

    ``build`` makes the recognizer within the process: a module's function, or a partial of one.
    Not for several callers at once: see LocalEngine.
    """

    def __init__(self, build: Callable[[], Recognizer]) -> None:
        self._setup = pickle.dumps((sys.path, pickle.dumps(build)))
        self._child: _Child | None = None

    @property
    def pid(self) -> int | None:
        """Of the running process."""
        return self._child.process.pid if self._child else None

    async def start(self) -> None:
        """Returns when the models are loaded. EngineUnavailable: they cannot be. EngineCrashed."""
        if self._child is not None and self._child.process.exit_code is None:
            return
        await self.kill()
        self._child = await _spawn()
        async with _Conversation(self):
            try:
                async with asyncio.timeout(START_S):
                    await self._load(self._child)
            except TimeoutError as late:
                raise EngineUnavailable("The local engine could not be started.") from late

    async def recognize(self, image: SourceImage, report: Report, *, with_words: bool = False) -> Recognition:
        """See `_asked`. ``with_words``: see `Recognizer.read`."""
        answer = await self._asked(image, Wish.WORDS if with_words else Wish.TABLES, report)
        if not isinstance(answer, Done):
            raise EngineFailed("The local engine's answer could not be understood.")
        return answer.recognition

    async def survey(self, image: SourceImage) -> Survey:
        """See `_asked` and `Recognizer.survey`."""
        answer = await self._asked(image, Wish.SURVEY, lambda _: None)
        if not isinstance(answer, Surveyed):
            raise EngineFailed("The local engine's answer could not be understood.")
        return answer.survey

    async def _asked(self, image: SourceImage, wish: Wish, report: Report) -> Answer:
        """ImageFailed and EngineFailed as the recognizer raised them; EngineCrashed when its process died.
        Cancelling kills the process."""
        await self.start()
        child = self._child
        assert child is not None  # noqa: S101  (start() made it)
        async with _Conversation(self):
            child.writer.write(frame(Request(str(image.path.absolute()), image.filename, wish)))
            while isinstance(answer := await child.receive(), Passed):
                report(answer.progress)
            if isinstance(answer, Broken):
                raise EngineFailed(
                    "The local engine failed on this image because of a fault of its own."
                ) from RuntimeError(answer.reason)
        if isinstance(answer, Failed):
            raise _named(answer)
        return answer

    async def kill(self) -> None:
        """At once; the next image starts a new process."""
        child, self._child = self._child, None
        if child is not None:
            await asyncio.shield(child.end())

    async def _load(self, child: _Child) -> None:
        child.writer.write(LENGTH.pack(len(self._setup)) + self._setup)
        answer = await child.receive()
        if isinstance(answer, Failed):
            raise EngineUnavailable(answer.message) from _named(answer)
        if not isinstance(answer, Ready):
            raise EngineUnavailable("The local engine could not be started.") from RuntimeError(repr(answer))


class _Conversation:
    """A conversation that is not ended properly ends the process."""

    def __init__(self, process: EngineProcess) -> None:
        self._process = process

    async def __aenter__(self) -> None:
        return None

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None:
            log.warning("engine process ended", pid=self._process.pid, reason=repr(error))
            await self._process.kill()


async def _spawn() -> _Child:
    # what its libraries print goes to our stderr, so that our stdout stays ours
    made = await spawn_connected(
        lambda end: [sys.executable, "-m", "app.services.engine_child", str(end)], output=_stderr()
    )
    return _Child(made.process, made.reader, made.writer)


def _stderr() -> IO[bytes]:
    return open(_STDERR, "wb", closefd=False)


def _named(failure: Failed) -> OlmOCRError:
    """The error that the recognizer raised; only our own classes can come back."""
    kind = getattr(errors, failure.kind, None)
    if isinstance(kind, type) and issubclass(kind, errors.ImageFailed | errors.EngineFailed):
        return kind(failure.message, code=failure.code)
    return EngineFailed(failure.message, code=failure.code)
