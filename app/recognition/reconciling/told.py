"""What a reader is told about a comparison, in public sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from app.recognition.engine import FoundTable
from app.recognition.reconciling.page import PageResult
from app.tables.grid import Verdict

_MOST_TEXTS = 5
_LONGEST = 80
_WORDS = {
    Verdict.AGREED: "agreed",
    Verdict.DIFFERING: "read otherwise by the local engine",
    Verdict.UNSUPPORTED: "without any such text in the image",
    Verdict.MISSING: "missing from the answer and taken from the local engine",
    Verdict.MOVED: "moved to the column where the image has them",
}


def sentences(page: int, result: PageResult) -> Iterator[str]:
    """About one page; none where everything agreed."""
    counts = Counter(c.verdict for found in result.tables for c in found.table.cells if c.text)
    if any(counts[verdict] for verdict in Verdict if verdict.is_doubtful):
        told = [f"{counts[verdict]} {_WORDS[verdict]}" for verdict in Verdict if counts[verdict]]
        yield f"Page {page}, olmOCR's cells compared with the local engine's: {', '.join(told)}."
    if result.reported:
        yield f"Page {page} shows text that olmOCR's answer lacks: {_quoted(result.reported)}."
    if result.lost:
        yield f"Page {page} shows {_tables(result.lost)} that olmOCR lacks; the local engine read it."


def _tables(lost: Sequence[FoundTable]) -> str:
    sizes = ", ".join(f"{found.table.rows} × {found.table.cols}" for found in lost)
    return f"a table ({sizes})" if len(lost) == 1 else f"{len(lost)} tables ({sizes})"


def _quoted(texts: Sequence[str]) -> str:
    shown = [
        f"“{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}”" for text in texts[:_MOST_TEXTS]
    ]
    more = len(texts) - len(shown)
    return "; ".join(shown) + (f" and {more} more" if more else "")
