"""What was decided for a column, and by what; a cell is never judged alone."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.workbook.columns import ColumnTraits, ColumnView, accepted, column_traits
from app.workbook.conventions import Evidence, decide
from app.workbook.dates import DateRules, date_rules, read_date
from app.workbook.number_formats import NumberFormat, number_format
from app.workbook.readings import Reading
from app.workbook.shapes import Decimals, Shape
from app.workbook.table_reading import ReadColumn, TableReading
from app.workbook.times import are_times_of_day


@dataclass(frozen=True, slots=True)
class ColumnRules:
    """The decisions, with what follows from them for each shape of number."""

    decimals: Decimals | None
    """None: nothing settles which character stands before decimals."""
    traits: ColumnTraits
    grouped: bool
    """Whether the column groups thousands with commas."""
    dates: DateRules
    times_of_day: bool
    _accepted: dict[Shape, bool] = field(default_factory=dict[Shape, bool], repr=False)
    _looks: dict[tuple[Shape, bool], NumberFormat] = field(
        default_factory=dict[tuple[Shape, bool], NumberFormat], repr=False
    )

    def accepts(self, shape: Shape) -> bool:
        """Whether numerals of the shape are numbers here, and it is settled which ones."""
        known = self._accepted.get(shape)
        if known is None:
            settled = self.decimals is not None or not shape.separated
            known = self._accepted[shape] = settled and accepted(shape, self.traits)
        return known

    def look(self, reading: Reading, decimals: Decimals) -> NumberFormat:
        """The number format of a reading."""
        shape = reading.numeral.shape
        key = (shape, shape.negative and reading.units == 0)
        known = self._looks.get(key)
        if known is None:
            known = number_format(reading, decimals, grouped=self.grouped)
            if not known.serves_one_value:
                self._looks[key] = known
        return known


def column_rules(column: ReadColumn, reading: TableReading, surroundings: Evidence) -> ColumnRules:
    """Judges a column of a table. ``surroundings``: evidence of the image's other tables."""
    dates = date_rules(column.dates, reading.day_order)
    strangers = sum(read_date(text, dates) is None for text in column.dates)
    decimals = decide(
        column.numerals, strangers, (column.evidence, reading.evidence, surroundings), reading.leaning
    )
    view = ColumnView(
        column.header,
        column.numerals,
        column.labelled,
        reading.shapes,
        reading.spaces_group,
        reading.east_asian,
        decimals,
    )
    commas = any("," in numeral.shape.separators for numeral in column.numerals)
    return ColumnRules(
        decimals=decimals,
        traits=column_traits(view),
        grouped=decimals is Decimals.POINT and commas,
        dates=dates,
        times_of_day=are_times_of_day(column.times, column.header),
    )
