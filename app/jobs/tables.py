"""The tables that images gave, as they are kept and handed out."""

from __future__ import annotations

from app.errors import NotFound
from app.jobs import links
from app.jobs.job import Job
from app.jobs.ports import FileStore
from app.models.tables import ImageTables, PartModel, TableModel
from app.recognition.continuation import join as continuation
from app.recognition.engine import FoundTable, Recognition


async def tables_of(job: Job, files: FileStore) -> list[ImageTables]:
    """Those of each converted image, in batch order."""
    found: list[ImageTables] = []
    for image in job.images:
        outcome = job.outcomes.get(image.image_id)
        if outcome is None or not outcome.succeeded:
            continue
        try:
            text = await files.get(links.tables_key(job.job_id, image.image_id))
        except NotFound:  # erased a moment ago, together with the job
            continue
        found.append(ImageTables.model_validate_json(text))
    return found


def as_asked(found: Recognition, *, join_continued: bool) -> Recognition:
    """What an engine read, tables that continue on the next page joined where that is wanted."""
    return continuation.join_continued(found) if join_continued else found


def image_tables(found: Recognition, filename: str, image_id: str = "") -> ImageTables:
    """What an engine read in one source image."""
    return ImageTables(
        image=filename,
        image_id=image_id,
        engine=found.engine.value,
        pages=found.pages,
        warnings=list(found.warnings),
        tables=[_table(each) for each in found.tables],
    )


def _table(found: FoundTable) -> TableModel:
    table = TableModel.of(found.table, page=found.page, box=found.box)
    table.parts = [
        PartModel(
            first_row=part.first_row,
            rows=part.rows,
            table=TableModel.of(part.table, page=part.page, box=part.box),
        )
        for part in found.parts
    ]
    return table
