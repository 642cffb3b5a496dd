"""uvicorn's own log lines: in our form, and without the ids that its access lines would print whole."""

from __future__ import annotations

import logging

from app.jobs.job import without_ids

_SOCKET_CHATTER = ("connection open", "connection closed", '%s - "WebSocket %s" [accepted]')


def tame_uvicorn() -> None:
    """Its lines go to the root logger; access lines and socket chatter fall away, `request_log` has them."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = name != "uvicorn.access"
    errors = logging.getLogger("uvicorn.error")
    errors.addFilter(_without_chatter)
    errors.addFilter(_shorten)


def _without_chatter(record: logging.LogRecord) -> bool:
    return record.msg not in _SOCKET_CHATTER


def _shorten(record: logging.LogRecord) -> bool:
    record.msg, record.args = without_ids(record.getMessage()), ()
    return True
