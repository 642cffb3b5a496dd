"""The parts of a batch's source images that its workbooks show."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.errors import NotFound
from app.jobs import links
from app.jobs.job import Job
from app.jobs.output_ports import Cutting, ImageCutter
from app.jobs.ports import FileStore
from app.models.tables import ImageTables
from app.recognition.engine import SourceImage
from app.workbook.plan import Cutout


def by_image(cutouts: Sequence[Cutout]) -> dict[int, list[Cutout]]:
    """The cutouts by the position of their image in the batch."""
    found: dict[int, list[Cutout]] = {}
    for cutout in cutouts:
        found.setdefault(cutout.image, []).append(cutout)
    return found


@dataclass(frozen=True, slots=True)
class JobCuttings:
    """Cuts them out of what the file store keeps."""

    files: FileStore
    cutter: ImageCutter
    scratch: Path
    """Folder for local copies of images."""

    async def __call__(
        self, job: Job, tables: Sequence[ImageTables], cutouts: Sequence[Cutout]
    ) -> Mapping[Cutout, Cutting]:
        """What could be cut."""
        found: dict[Cutout, Cutting] = {}
        for image, wanted in by_image(cutouts).items():
            with tempfile.TemporaryDirectory(dir=self.scratch, prefix="cut-") as folder:
                key = links.input_key(job.job_id, tables[image].image_id)
                try:
                    path = await self.files.fetch(key, Path(folder))
                except NotFound:  # erased a moment ago, together with the job
                    continue
                found |= await self.cutter.cut(SourceImage(path, tables[image].image), wanted)
        return found
