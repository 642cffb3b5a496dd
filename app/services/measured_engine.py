"""An engine whose times are told: to the watch for the metrics, and as spans for a trace."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from opentelemetry import trace

from app.jobs.watch import RECOGNITION_SECONDS, STAGE_SECONDS, Sample, Watch
from app.recognition.engine import Engine, EngineName, Progress, Recognition, Report, SourceImage, Stage

_tracer = trace.get_tracer("olmocr-backend")


class MeasuredEngine:
    """Does what ``engine`` does."""

    def __init__(self, engine: Engine, watch: Watch) -> None:
        self._engine = engine
        self._watch = watch
        self.name: EngineName = engine.name

    async def recognize(self, image: SourceImage, report: Report) -> Recognition:
        times = _Times(report)
        engine = self.name
        began = time.monotonic()
        try:
            with _tracer.start_as_current_span("recognize", record_exception=False):
                try:
                    found = await self._engine.recognize(image, times.report)
                finally:
                    times.end()
            engine = found.engine
        finally:
            samples = [Sample(STAGE_SECONDS, (engine, stage), seconds) for stage, seconds in times.passed]
            whole = Sample(RECOGNITION_SECONDS, (engine,), time.monotonic() - began)
            await self._watch.observe([*samples, whole])
        return found

    async def close(self) -> None:
        await self._engine.close()


@dataclass(slots=True)
class _Times:
    """How long each stage took: from its report to the next one."""

    tell: Report
    passed: list[tuple[Stage, float]] = field(default_factory=list[tuple[Stage, float]])
    _stage: Progress | None = None
    _began: float = 0.0
    _span: trace.Span = trace.INVALID_SPAN

    def report(self, progress: Progress) -> None:
        self.end()
        self._stage, self._began = progress, time.monotonic()
        self._span = _tracer.start_span(progress.stage, attributes={"page": progress.page})
        self.tell(progress)

    def end(self) -> None:
        if self._stage is not None:
            self.passed.append((self._stage.stage, time.monotonic() - self._began))
            self._span.end()
            self._stage = None
