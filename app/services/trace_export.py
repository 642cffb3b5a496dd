"""Exports spans to an OpenTelemetry collector, OTLP over HTTP. Needs the extra `tracing`."""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status

from app.jobs.job import without_ids

_FLUSH_S = 3.0
"""At the end of a process a collector that is away may hold it up for so long."""
_PRIVATE = ("url.query",)


@contextmanager
def exporting(endpoint: str, service: str) -> Generator[None]:
    """Spans of this process go to the collector at ``endpoint`` (without `/v1/traces`) under this name.

    Sampling, headers and batches are as the OTEL_ variables of the SDK say. Once a process.
    """
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider = TracerProvider(resource=Resource.create({"service.name": service}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(DiscreetExporter(exporter)))
    trace.set_tracer_provider(provider)
    try:
        yield
    finally:
        ending = threading.Thread(
            target=provider.shutdown, daemon=True
        )  # by itself it may take half a minute
        ending.start()
        ending.join(_FLUSH_S)


class DiscreetExporter(SpanExporter):
    """What leaves the process: no whole ids, no query strings, no messages of exceptions."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export([_discreet(span) for span in spans])

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def _discreet(span: ReadableSpan) -> ReadableSpan:
    attributes = {
        name: without_ids(value) if isinstance(value, str) else value
        for name, value in (span.attributes or {}).items()
        if name not in _PRIVATE
    }
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=attributes,
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )
