"""Figures of the deployment, kept in Redis: one hash of totals to which all processes add."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, cast

import structlog
from redis.asyncio import Redis

from app.errors import Unavailable
from app.jobs.ports import TaskQueue
from app.jobs.watch import MEASURES, Distribution, Measure, Sample, Standing, Totals
from app.services import redis_keys
from app.services.redis_service import translate_errors

_SUM = "sum"
_APART = "|"
log = structlog.stdlib.get_logger(__name__)


class RedisWatch:
    """Watch on a Redis-protocol server. A field of the hash is ``name|label|…`` of a counter, and
    ``name|label|…|<bucket's index or "sum">`` of a histogram."""

    def __init__(self, client: Redis, queue: TaskQueue) -> None:
        self._redis = client
        self._queue = queue

    async def observe(self, samples: Sequence[Sample]) -> None:
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for sample in samples:
                    field = _APART.join((sample.measure.name, *sample.labels))
                    bucket = bisect_left(sample.measure.buckets, sample.seconds)
                    pipe.hincrby(redis_keys.totals(), f"{field}|{bucket}", 1)
                    pipe.hincrbyfloat(redis_keys.totals(), f"{field}|{_SUM}", round(sample.seconds, 6))
                with translate_errors():
                    await pipe.execute()
        except Unavailable:
            log.warning("the store is away; measured times are lost", samples=len(samples))

    async def totals(self) -> Totals:
        with translate_errors():
            fields = cast("dict[str, str]", await cast("Any", self._redis.hgetall(redis_keys.totals())))
        by_name = {measure.name: measure for measure in MEASURES}
        counts: dict[Measure, dict[tuple[str, ...], float]] = defaultdict(dict)
        parts: dict[Measure, dict[tuple[str, ...], dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
        for field, value in fields.items():
            name, *labels = field.split(_APART)
            measure = by_name.get(name)
            if measure and measure.buckets:
                parts[measure][tuple(labels[:-1])][labels[-1]] = float(value)
            elif measure:
                counts[measure][tuple(labels)] = float(value)
        distributions = {
            measure: {labels: _distribution(measure, found) for labels, found in by_labels.items()}
            for measure, by_labels in parts.items()
        }
        return Totals(counts, distributions)

    async def standing(self) -> Standing:
        async with self._redis.pipeline(transaction=False) as pipe:
            ask: Any = pipe  # redis-py leaves parts of these methods without types
            ask.time()
            ask.get(redis_keys.waiting_images())
            ask.zcard(redis_keys.open_jobs())
            ask.zrange(redis_keys.open_jobs(), 0, 0, withscores=True)
            ask.hget(redis_keys.pace(), "last")
            with translate_errors():
                time, waiting, jobs, oldest, last = await pipe.execute()
        now = time[0] + time[1] / 1e6
        return Standing(
            images_waiting=int(waiting or 0),
            jobs_open=int(jobs),
            oldest_s=max(0.0, now - oldest[0][1]) if oldest else 0.0,
            idle_s=max(0.0, now - float(last)) if last else None,
            workers=await self._queue.workers(),
        )


def _distribution(measure: Measure, found: dict[str, float]) -> Distribution:
    counts = tuple(int(found.get(str(bucket), 0)) for bucket in range(len(measure.buckets) + 1))
    return Distribution(counts, found.get(_SUM, 0.0))
