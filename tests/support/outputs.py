"""An output writer whose files are plain text, one line a row."""

from __future__ import annotations

from collections.abc import Sequence

from app.jobs.job import Strategy
from app.jobs.ports import OutputFile
from app.models.tables import ImageTables


class PlainOutputs:
    formats = ("xlsx", "txt")

    def write(
        self, images: Sequence[ImageTables], strategy: Strategy, output_format: str
    ) -> list[OutputFile]:
        batches = [[image] for image in images] if strategy is Strategy.SEPARATE else [images]
        return [
            OutputFile(f"{number}.{output_format}", self._text(batch).encode(), "text/plain")
            for number, batch in enumerate(batches, 1)
        ]

    def _text(self, images: Sequence[ImageTables]) -> str:
        rows = [row for image in images for table in image.tables for row in table.to_table().dense()]
        return "\n".join("|".join(cell.text for cell in row) for row in rows)
