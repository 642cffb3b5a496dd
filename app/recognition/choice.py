"""Which engine reads an image."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from app.errors import EngineFailed, InvalidRequest
from app.recognition.engine import Engine, EngineName, Recognition, Report, SourceImage
from app.recognition.reconciling.engine import Answerer, ReconcilingEngine, WordReader


class LocalReader(Engine, WordReader, Protocol):
    """The local engine, which can also tell all that it read."""


class AutoEngine:
    """The primary engine where there is one; the fall-back otherwise, and where the primary fails.

    An image that the primary engine could not read because of the image itself is not read again.
    """

    name = EngineName.AUTO

    def __init__(self, primary: Engine | None, fallback: Engine) -> None:
        self._primary = primary
        self._fallback = fallback

    async def recognize(self, image: SourceImage, report: Report) -> Recognition:
        if self._primary is None:
            return await self._fallback.recognize(image, report)
        try:
            return await self._primary.recognize(image, report)
        except EngineFailed as failure:
            return await self._fall_back(self._primary, failure, image, report)

    async def _fall_back(
        self, primary: Engine, failure: EngineFailed, image: SourceImage, report: Report
    ) -> Recognition:
        recognition = await self._fallback.recognize(image, report)
        reason = failure.message.partition(". ")[0].rstrip(".")  # what to do about it has been done
        warning = f"Read by the {recognition.engine} engine, since {primary.name} failed: {reason}."
        return replace(recognition, warnings=(warning, *recognition.warnings))

    async def close(self) -> None:
        for engine in filter(None, (self._primary, self._fallback)):
            await engine.close()


def check_engine(wanted: EngineName, *, olmocr_configured: bool) -> None:
    """InvalidRequest (engine_not_configured): olmOCR is asked for and has no key. For submission."""
    if wanted in (EngineName.OLMOCR, EngineName.BOTH) and not olmocr_configured:
        raise InvalidRequest(
            "This server has no key for the olmOCR engine. Ask for the engine 'local' or 'auto', "
            "or set OLMOCR_API_KEY.",
            code="engine_not_configured",
        )


def runs_remotely(wanted: EngineName, *, olmocr_configured: bool) -> bool:
    """Whether an API does the work, so that this machine's cores do not limit it."""
    return olmocr_configured and wanted in (EngineName.OLMOCR, EngineName.AUTO)


def choose_engine(wanted: EngineName, *, local: LocalReader, olmocr: Answerer | None) -> Engine:
    """The engine for what was asked for. InvalidRequest (engine_not_configured): see `check_engine`."""
    check_engine(wanted, olmocr_configured=olmocr is not None)
    if wanted is EngineName.AUTO:
        return AutoEngine(olmocr, local)
    if wanted is EngineName.BOTH and olmocr is not None:
        return ReconcilingEngine(olmocr, local)
    return olmocr if wanted is EngineName.OLMOCR and olmocr is not None else local
