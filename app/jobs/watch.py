"""What is measured of the whole deployment, and the port through which it is written and read.

Counts of events, outcomes and ends are made by the job store, in the same step as the change that they count.
All figures here are the deployment's, not one process's: every web process tells the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Measure:
    """A counter, or with ``buckets`` (seconds, rising) a histogram."""

    name: str
    """In Prometheus' words, with its unit."""
    help: str
    labels: tuple[str, ...]
    buckets: tuple[float, ...] = ()


EVENTS = Measure("olmocr_events_total", "Events told to sessions", ("type",))
IMAGES_DONE = Measure("olmocr_images_done_total", "Images done; code is ok or why it failed", ("code",))
JOBS_ENDED = Measure("olmocr_jobs_ended_total", "Jobs that are over", ("status",))
STAGE_SECONDS = Measure(
    "olmocr_stage_seconds",
    "Time of a stage of recognition, page by page; `words` is the OCR",
    ("engine", "stage"),
    (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
RECOGNITION_SECONDS = Measure(
    "olmocr_recognition_seconds",
    "Time that an engine spent on an image, its failures included",
    ("engine",),
    (0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300),
)
MEASURES = (EVENTS, IMAGES_DONE, JOBS_ENDED, STAGE_SECONDS, RECOGNITION_SECONDS)


@dataclass(frozen=True, slots=True)
class Sample:
    """One observation of a histogram."""

    measure: Measure
    labels: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """A histogram's figures for one set of labels."""

    counts: tuple[int, ...]
    """Of each bucket alone; the last one is for what is longer than all of them."""
    seconds: float
    """Sum."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Everything counted and observed since the store began, by measure and labels."""

    counts: Mapping[Measure, Mapping[tuple[str, ...], float]]
    distributions: Mapping[Measure, Mapping[tuple[str, ...], Distribution]]


@dataclass(frozen=True, slots=True)
class Standing:
    """The queue at this moment."""

    images_waiting: int
    """Images of open jobs without an outcome."""
    jobs_open: int
    oldest_s: float
    """Age of the oldest job that is not over; 0 without one."""
    idle_s: float | None
    """Since the last outcome of any image; None: there was none yet."""
    workers: int
    """That told of themselves a moment ago."""

    def stuck(self, patience_s: float) -> bool:
        """Whether images wait and nothing has come of any for so long."""
        waited = self.oldest_s if self.idle_s is None else min(self.oldest_s, self.idle_s)
        return self.images_waiting > 0 and waited > patience_s


class Watch(Protocol):
    """Raises Unavailable while the store cannot be reached, `observe` excepted."""

    async def observe(self, samples: Sequence[Sample]) -> None:
        """Adds them to the totals; they are lost where the store is away."""
        ...

    async def totals(self) -> Totals: ...

    async def standing(self) -> Standing: ...
