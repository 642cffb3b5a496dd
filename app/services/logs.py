"""Logs of every process on stderr: ours and our libraries', in one form, without what users gave us."""

from __future__ import annotations

import logging
import sys
import time
from typing import TextIO

import structlog
from structlog.typing import ExcInfo, Processor

from app.services.tracebacks import traceback_of

_JSON = structlog.processors.JSONRenderer(ensure_ascii=False)
_TALKATIVE = ("docket", "httpx", "httpx2", "openai", "RapidOCR", "rapidocr")
"""Libraries of which only warnings are of interest."""
_REPEATING = ("docket", "opentelemetry")
_REPEAT_S = 60.0
"""While the store or the collector is away they say so again and again; once in so long is enough."""


def configure_logs(level: str, form: str) -> None:
    """``level``: debug, info, warning or error; ``form``: console (for people) or json (for machines)."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_rendering(form))
    )
    stream.addFilter(_Repetitions())
    logging.basicConfig(level=level.upper(), handlers=[stream], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))


class _Repetitions(logging.Filter):
    """Lets the same line of a library that repeats itself pass once in a while."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith(_REPEATING):
            return True
        line, now = (record.name, record.getMessage()), time.monotonic()
        self._said = {said: at for said, at in self._said.items() if now - at < _REPEAT_S}
        return self._said.setdefault(line, now) == now


def _rendering(form: str) -> list[Processor]:
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if form == "json":
        return [drop, structlog.processors.ExceptionRenderer(_told), _JSON]
    return [drop, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_print)]


def _told(exc_info: ExcInfo) -> str:
    return traceback_of(exc_info[1])


def _print(out: TextIO, exc_info: ExcInfo) -> None:
    out.write(traceback_of(exc_info[1]))
