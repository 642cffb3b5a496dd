"""What Prometheus is told; one registry a web process."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()

_REQUESTS = Counter(
    "olmocr_http_requests_total",
    "HTTP requests and sockets",
    ["method", "route", "status"],
    registry=REGISTRY,
)
_SECONDS = Histogram(
    "olmocr_http_request_seconds",
    "Time to answer an HTTP request",
    ["route"],
    buckets=(0.005, 0.02, 0.1, 0.5, 2, 10, 60),
    registry=REGISTRY,
)
SOCKETS = Gauge("olmocr_open_sockets", "Sockets and event streams that follow a session", registry=REGISTRY)
BATCHES = Counter("olmocr_batches_accepted_total", "Batches that were accepted", registry=REGISTRY)
IMAGES = Counter("olmocr_images_accepted_total", "Images that were accepted", registry=REGISTRY)
WAITING = Gauge("olmocr_images_waiting", "Images of open jobs without an outcome", registry=REGISTRY)

_METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "OPTIONS", "WS"})


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """``route`` is the template, not the path: labels must stay few."""
    _REQUESTS.labels(method if method in _METHODS else "other", route, str(status)).inc()
    if method != "WS":
        _SECONDS.labels(route).observe(seconds)


def exposition() -> bytes:
    """All metrics in Prometheus' text format."""
    return generate_latest(REGISTRY)
