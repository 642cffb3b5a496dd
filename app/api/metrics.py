"""What Prometheus is told; one registry a web process."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from app.recognition.spending import Spending

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


class _Spent(Collector):
    """Counters that the workers keep in the store; here as they were last looked at."""

    spending = Spending()

    def collect(self) -> Iterator[CounterMetricFamily]:
        spent = self.spending
        yield CounterMetricFamily("olmocr_api_requests", "Answered requests to olmOCR APIs", spent.requests)
        tokens = CounterMetricFamily(
            "olmocr_api_tokens", "Tokens sent to and had from olmOCR APIs", labels=["kind"]
        )
        tokens.add_metric(["prompt"], spent.prompt_tokens)
        tokens.add_metric(["completion"], spent.completion_tokens)
        yield tokens
        if spent.price is not None:
            yield CounterMetricFamily(
                "olmocr_api_price", "By OLMOCR_PRICE_IN and OLMOCR_PRICE_OUT", spent.price
            )


SPENT = _Spent()
REGISTRY.register(SPENT)

_METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "OPTIONS", "WS"})


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """``route`` is the template, not the path: labels must stay few."""
    _REQUESTS.labels(method if method in _METHODS else "other", route, str(status)).inc()
    if method != "WS":
        _SECONDS.labels(route).observe(seconds)


def exposition() -> bytes:
    """All metrics in Prometheus' text format."""
    return generate_latest(REGISTRY)
