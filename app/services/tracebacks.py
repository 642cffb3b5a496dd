"""Tracebacks for logs: where something went wrong, without the values that it went wrong over.

The message of an exception may hold what a user gave us (the text of a cell, a filename), and so may local
variables. So only messages that cannot are told: those of the system, of the store and of the queue.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator

_TOLD = ("redis", "docket", "obstore", "builtins.TimeoutError", "app.errors.SetupError")


def traceback_of(error: BaseException | None) -> str:
    """The error and its causes, the first one first; "" for None."""
    return "\n".join(_lines(error)) if error is not None else ""


def _lines(error: BaseException) -> Iterator[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _lines(cause)
        yield "which led to:"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    yield f"{name}: {error}" if _is_told(error) else name


def _is_told(error: BaseException) -> bool:
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}"
    return name.startswith(_TOLD) or (isinstance(error, OSError) and error.filename is None)
