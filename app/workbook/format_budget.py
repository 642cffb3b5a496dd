"""How many number formats a workbook may define.

Excel documents 200 to 250; a workbook with more opens with a repair prompt and loses formats.
"""

from __future__ import annotations

from dataclasses import replace

from app.workbook.typed_value import GENERAL, TEXT_FORMAT, Typed, TypedValue, as_text

MOST_FORMATS = 200
_BUILT_IN = frozenset({GENERAL, TEXT_FORMAT, "0", "0.00", "#,##0", "#,##0.00", "0%", "0.00%"})
"""Formats that every workbook has."""


class FormatBudget:
    """Gives out number formats, table by table."""

    def __init__(self, most: int = MOST_FORMATS) -> None:
        self._most = most
        self._given: set[str] = set()

    def admit(self, typed: Typed, raw: dict[tuple[int, int], str]) -> Typed:
        """The table as it is if its formats fit; else with a locale's formats instead of those that serve one
        value alone, or at last with all that need a custom one as text. Never some cells of a kind without
        the others."""
        shared = _shared(typed, raw)
        for candidate in (typed, shared):
            formats = {value.number_format for value in candidate.values()} - _BUILT_IN
            if len(self._given | formats) <= self._most:
                self._given |= formats
                return candidate
        return {
            place: value if value.number_format in _BUILT_IN else as_text(raw[place])
            for place, value in typed.items()
        }


def _shared(typed: Typed, raw: dict[tuple[int, int], str]) -> Typed:
    """With the formats that any value of its kind can have; what has none is text."""

    def shared(place: tuple[int, int], value: TypedValue) -> TypedValue:
        if not value.serves_one_value:
            return value
        if not value.shared_format:
            return as_text(raw[place])
        return replace(value, number_format=value.shared_format, serves_one_value=False)

    return {place: shared(place, value) for place, value in typed.items()}
