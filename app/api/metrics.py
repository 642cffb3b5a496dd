"""What Prometheus is told: figures of this web process, and those of the whole deployment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from app.jobs.watch import MEASURES, Distribution, Measure, Standing, Totals
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


def exposition(told: tuple[Standing, Totals] | None, free_bytes: int) -> bytes:
    """All metrics in Prometheus' text format; ``told`` is None while the store is away."""
    registry = CollectorRegistry()
    registry.register(_Deployment(told, free_bytes))
    return generate_latest(REGISTRY) + generate_latest(registry)


class _Deployment(Collector):
    def __init__(self, told: tuple[Standing, Totals] | None, free_bytes: int) -> None:
        self._told = told
        self._free_bytes = free_bytes

    def collect(self) -> Iterator[Metric]:
        yield _gauge("olmocr_store_up", "1: the store answers this process", float(self._told is not None))
        yield _gauge("olmocr_disk_free_bytes", "Room where this web process keeps files", self._free_bytes)
        if self._told is not None:
            standing, totals = self._told
            yield from _standing(standing)
            yield from (_total(measure, totals) for measure in MEASURES)


def _standing(standing: Standing) -> Iterable[Metric]:
    yield _gauge("olmocr_images_waiting", "Images of open jobs without an outcome", standing.images_waiting)
    yield _gauge("olmocr_jobs_open", "Jobs that are not over", standing.jobs_open)
    yield _gauge("olmocr_oldest_job_age_seconds", "Age of the oldest job that is not over", standing.oldest_s)
    yield _gauge("olmocr_workers_alive", "Workers that told of themselves a moment ago", standing.workers)
    idle = float("nan") if standing.idle_s is None else standing.idle_s
    yield _gauge("olmocr_idle_seconds", "Time since the last outcome of an image; NaN: none yet", idle)


def _gauge(name: str, description: str, value: float) -> Metric:
    return GaugeMetricFamily(name, description, value=value)


def _total(measure: Measure, totals: Totals) -> Metric:
    if not measure.buckets:
        counter = CounterMetricFamily(measure.name, measure.help, labels=measure.labels)
        for labels, count in sorted(totals.counts.get(measure, {}).items()):
            counter.add_metric(labels, count)
        return counter
    histogram = HistogramMetricFamily(measure.name, measure.help, labels=measure.labels)
    for labels, found in sorted(totals.distributions.get(measure, {}).items()):
        histogram.add_metric(labels, buckets=_cumulated(measure, found), sum_value=found.seconds)
    return histogram


def _cumulated(measure: Measure, found: Distribution) -> list[tuple[str, float]]:
    bounds = [*(str(float(bound)) for bound in measure.buckets), "+Inf"]
    return [(bound, float(sum(found.counts[: index + 1]))) for index, bound in enumerate(bounds)]
