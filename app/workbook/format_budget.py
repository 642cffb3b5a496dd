"""How many number formats a workbook may define.

Excel documents 200 to 250; a workbook with more opens with a repair prompt and loses formats.
"""

from __future__ import annotations

from app.workbook.values import GENERAL, TEXT_FORMAT, Typed, TypedValue, as_text

MOST_FORMATS = 200
_BUILT_IN = frozenset({GENERAL, TEXT_FORMAT, "0", "0.00", "#,##0", "#,##0.00", "0%", "0.00%"})
"""Formats that every workbook has."""


class FormatBudget:
    """Gives out number formats, table by table; what no longer fits keeps its look as text."""

    def __init__(self, most: int = MOST_FORMATS) -> None:
        self._most = most
        self._given: set[str] = set()

    def admit(self, typed: Typed, raw: dict[tuple[int, int], str]) -> Typed:
        """The table as it is if its formats fit; else with the numbers whose format serves one value alone,
        or at last with all that need a custom one, as text. Never some cells of a kind without the others."""
        without_own = _as_text(typed, raw, only_single=True)
        for candidate in (typed, without_own):
            formats = {value.number_format for value in candidate.values()} - _BUILT_IN
            if len(self._given | formats) <= self._most:
                self._given |= formats
                return candidate
        return _as_text(typed, raw, only_single=False)


def _as_text(typed: Typed, raw: dict[tuple[int, int], str], *, only_single: bool) -> Typed:
    def keep(value: TypedValue) -> bool:
        return not value.serves_one_value if only_single else value.number_format in _BUILT_IN

    return {place: value if keep(value) else as_text(raw[place]) for place, value in typed.items()}
