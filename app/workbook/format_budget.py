"""How many number formats a workbook may define.

Excel documents 200 to 250; a workbook with more opens with a repair prompt and loses formats.
"""

from __future__ import annotations

from app.workbook.typed_value import GENERAL, TEXT_FORMAT, Typed, TypedValue, as_text

MOST_FORMATS = 200
_BUILT_IN = frozenset({GENERAL, TEXT_FORMAT, "0", "0.00", "#,##0", "#,##0.00", "0%", "0.00%"})
"""Formats that every workbook has."""


class FormatBudget:
    """Gives out number formats, table by table."""

    def __init__(self, most: int = MOST_FORMATS) -> None:
        self._most = most
        self._given: set[str] = set()

    def admit(self, typed: Typed) -> Typed:
        """The table as it is if its formats fit; else with a locale's formats instead of those that serve one
        value alone, or at last with all that need a custom one as text. Never some cells of a kind without
        the others."""
        if self._give(typed):
            return typed
        shared = {place: _shared(value) for place, value in typed.items()}
        if self._give(shared):
            return shared
        return {
            place: value if value.number_format in _BUILT_IN else as_text(value.raw)
            for place, value in typed.items()
        }

    def _give(self, typed: Typed) -> bool:
        """Whether the table's formats fit; they are given out then."""
        formats = {value.number_format for value in typed.values()} - _BUILT_IN
        if len(self._given | formats) > self._most:
            return False
        self._given |= formats
        return True


def _shared(value: TypedValue) -> TypedValue:
    """With the format that any value of its kind can have; what has none is text."""
    if not value.serves_one_value:
        return value
    if not value.shared_format:
        return as_text(value.raw)
    return value._replace(number_format=value.shared_format, serves_one_value=False)
