"""An image that was read before with the same options is not read again: its tables are taken over."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.errors import NotFound
from app.jobs import links
from app.jobs.job import Job, JobImage
from app.jobs.ports import FileStore, JobStore
from app.models.tables import ImageTables
from app.recognition.engine import EngineName


@dataclass(frozen=True, slots=True)
class Reuse:
    """Finds the tables of the same bytes in a job of the same owner: the API key, or else the session.

    Nothing is copied aside: what is found is another job's, and goes with it. Others' images are never
    looked at, so nobody learns from the time or the answer what others have converted.
    """

    store: JobStore
    files: FileStore
    revisions: Mapping[EngineName, str] = field(default_factory=dict[EngineName, str])
    """What reads, in which version, by what a client may ask for; another one reads anew. Empty: no reuse."""

    def name_of(self, job: Job, image: JobImage) -> str:
        """Under which the image's tables are found; empty where the job wants no reuse."""
        revision = self.revisions.get(job.options.engine)
        if revision is None or not job.options.reuse or job.options.zero_retention:
            return ""
        asked = [job.key or job.session_id, image.sha256, revision, job.options.join_continued]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()

    async def find(self, job: Job, image: JobImage) -> ImageTables | None:
        """The tables, as if they had been read in this image. None: it must be read."""
        name = self.name_of(job, image)
        place = await self.store.find_recognized(name) if name else None
        if place is None:
            return None
        try:
            text = await self.files.get(links.tables_key(*place))
        except NotFound:  # the job that has them is being erased
            return None
        found = ImageTables.model_validate_json(text)
        return found.model_copy(update={"image": image.filename, "image_id": image.image_id})
