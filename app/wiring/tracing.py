"""Traces of a process, where a collector is named."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, nullcontext

from app.errors import SetupError
from app.settings import Settings


@contextmanager
def traced(settings: Settings, part: str) -> Generator[None]:
    """Spans of this process go to the collector as ``olmocr-backend-<part>`` until the end of the context.

    SetupError: a collector is named, but its address is none or the extra `tracing` is not installed.
    """
    endpoint = settings.otel_exporter_otlp_endpoint.strip()
    if endpoint and not endpoint.startswith(("http://", "https://")):
        raise SetupError(
            "OTEL_EXPORTER_OTLP_ENDPOINT cannot be used: write an address with http:// or https://."
        )
    with _exporting(endpoint, part) if endpoint else nullcontext():
        yield


@contextmanager
def _exporting(endpoint: str, part: str) -> Generator[None]:
    try:
        from app.services.trace_export import exporting
    except ModuleNotFoundError as error:
        raise SetupError(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but the packages that export traces are missing. "
            "Install the extra `tracing` (uv sync --extra tracing, or pip install '.[tracing]'), "
            "or leave the setting empty."
        ) from error
    with exporting(endpoint, f"olmocr-backend-{part}"):
        yield
