"""What can be set about the local engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from app.recognition.engine import DecodeLimits


@dataclass(frozen=True, slots=True)
class LocalOptions:
    """Options of the local engine."""

    limits: DecodeLimits = field(default_factory=DecodeLimits)
    decode_memory_mb: int | None = None
    """Memory that decoding a page may take; None: no ceiling of our own (see ``decoding.guard``)."""
    use_structure_model: bool = True
    """Read unruled tables with SLANet-plus too, where its wheel is installed."""
    threads: int = 1
    """For one image; with several engines on a machine, threads × processes should not exceed its cores."""
    overlay: Path | None = None
    """A folder for drawings of every intermediate; None: none are drawn."""
