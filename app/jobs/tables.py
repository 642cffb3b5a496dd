"""The tables that images gave, as they are kept and handed out."""

from __future__ import annotations

from app.errors import NotFound
from app.jobs import links
from app.jobs.job import Job
from app.jobs.ports import FileStore
from app.models.tables import ImageTables, TableModel
from app.recognition.engine import Recognition


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


def image_tables(found: Recognition, filename: str, image_id: str = "") -> ImageTables:
    """What an engine read in one source image."""
    return ImageTables(
        image=filename,
        image_id=image_id,
        engine=found.engine.value,
        pages=found.pages,
        warnings=list(found.warnings),
        tables=[TableModel.of(each.table, page=each.page, box=each.box) for each in found.tables],
    )
