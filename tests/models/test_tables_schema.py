"""The published schema of the tables as JSON says what the models say.

``python -m tests.models.test_tables_schema`` writes it anew after an intended change.
"""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from app.models.tables import ImageTables, PartModel, TableModel, TablesDocument
from app.services.exports import to_json
from app.tables.geometry import Box
from tests.support.drawing import table

SCHEMA = Path(__file__).parents[2] / "docs" / "tables.schema.json"


def schema() -> str:
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    told = dialect | TablesDocument.model_json_schema(mode="serialization")
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def test_the_published_schema_is_that_of_the_models() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema()


def test_a_table_of_several_pages_fits() -> None:
    part = TableModel.of(table("Item | Qty", "Bolts | 3", header_rows=1), page=2, box=Box(1, 2, 30.5, 40))
    whole = part.model_copy(update={"parts": [PartModel(first_row=0, rows=2, table=part)]})
    image = ImageTables(image="a.pdf", image_id="1", engine="local", pages=2, tables=[whole])

    jsonschema_rs.validate(json.loads(schema()), json.loads(to_json([image])))


@pytest.mark.parametrize(
    "document", [{}, {"images": [{"image": "a.png"}]}, {"images": "none"}], ids=["empty", "half", "text"]
)
def test_what_is_no_tables_document_does_not_fit(document: object) -> None:
    jsonschema_rs.meta.validate(json.loads(schema()))

    assert not jsonschema_rs.is_valid(json.loads(schema()), document)


if __name__ == "__main__":
    SCHEMA.write_text(schema(), encoding="utf-8")
