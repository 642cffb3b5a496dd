"""Tables as they are kept and handed out."""

from __future__ import annotations

from app.jobs.tables import as_asked, image_tables
from app.models.tables import ImageTables
from app.recognition.engine import EngineName, FoundTable, Recognition, Surroundings
from tests.support.drawing import table

FIRST = table("Place | 2024", "Linz | 12", header_rows=1)
SECOND = table("Place | 2024", "Graz | 14", header_rows=1)
READ = Recognition(
    tuple(
        FoundTable(drawn, page, surroundings=Surroundings()) for page, drawn in enumerate((FIRST, SECOND), 1)
    ),
    2,
    EngineName.LOCAL,
)


def stored(*, join_continued: bool) -> ImageTables:
    tables = image_tables(as_asked(READ, join_continued=join_continued), "yearbook.pdf")
    return ImageTables.model_validate_json(tables.model_dump_json())


def test_a_joined_table_is_kept_with_its_parts() -> None:
    (whole,) = stored(join_continued=True).tables
    assert [cell.text for cell in whole.cells] == ["Place", "2024", "Linz", "12", "Graz", "14"]
    assert [(part.first_row, part.rows, part.table.page) for part in whole.parts] == [(0, 2, 1), (2, 1, 2)]
    assert [part.table.to_table() for part in whole.parts] == [FIRST, SECOND]


def test_parts_stay_tables_where_that_is_wanted() -> None:
    kept = stored(join_continued=False)
    assert [(each.page, each.parts) for each in kept.tables] == [(1, []), (2, [])]
    assert not kept.warnings
