"""Progress of several pages at once, told as one line that only moves forward."""

from __future__ import annotations

from app.recognition.engine import Progress, Report, Stage


class PageProgress:
    """Pages are counted as they are done, whichever they are; the stage is the furthest of those at work."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._pages = 1
        self._done = 0
        self._furthest = -1.0

    def begin(self, pages: int, stage: Stage) -> None:
        """One of ``pages`` pages comes to a stage."""
        self._pages = max(1, pages)
        self._tell(stage)

    def reach(self, stage: Stage) -> None:
        """A page comes to a stage."""
        self._tell(stage)

    def finish(self) -> None:
        """A page is done."""
        self._done += 1
        if self._done < self._pages:
            self._tell(Stage.WORDS)

    def _tell(self, stage: Stage) -> None:
        progress = Progress(stage, min(self._done + 1, self._pages), self._pages)
        if progress.fraction > self._furthest:
            self._furthest = progress.fraction
            self._report(progress)
