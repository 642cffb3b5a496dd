"""The trace that a job belongs to: whatever is added for it later, by whichever process, goes on in it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from opentelemetry import context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_HEADER = "traceparent"
_WIRE = TraceContextTextMapPropagator()


def current_trace() -> str:
    """What runs now, as the value of W3C's `traceparent`; "": nobody traces it."""
    carrier: dict[str, str] = {}
    _WIRE.inject(carrier)
    return carrier.get(_HEADER, "")


@contextmanager
def within_trace(trace: str) -> Generator[None]:
    """What begins inside goes on where ``trace`` was taken; "": where it would anyway."""
    if not trace:
        yield
        return
    token = context.attach(_WIRE.extract({_HEADER: trace}))
    try:
        yield
    finally:
        context.detach(token)
