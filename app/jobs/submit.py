"""Use case: take a batch. When it returns, the batch is durable; `begin` has the work on it begin soon."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from app.errors import RequestRefused, Unavailable
from app.jobs import events, links
from app.jobs.feed import Feed
from app.jobs.filenames import display_name
from app.jobs.job import Job, JobImage, JobOptions, JobStatus, new_id
from app.jobs.limits import Limits, queue_full
from app.jobs.patience import Clock, utc_now
from app.jobs.ports import FileStore, JobStore
from app.jobs.waiting import WaitingLine

RESERVED = timedelta(hours=6)
"""Files of a batch that never became a job go after it."""
_BEGIN_AT_ONCE = 4
"""Jobs whose tasks are added side by side; each takes connections to the store from the others."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One image as it arrived: its bytes, or the file into which they were streamed (it is taken over)."""

    filename: str
    content: bytes | Path
    size_bytes: int
    sha256: str

    @classmethod
    def of(cls, filename: str, content: bytes | Path) -> Upload:
        """Counts and hashes the content."""
        if isinstance(content, bytes):
            return cls(filename, content, len(content), hashlib.sha256(content).hexdigest())
        with content.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return cls(filename, content, content.stat().st_size, digest)


@dataclass(frozen=True, slots=True)
class Submit:
    """Limits → files durable → job stored with its first event → accepted; then `begin` adds its tasks."""

    store: JobStore
    files: FileStore
    line: WaitingLine
    feed: Feed
    limits: Limits
    trace: Callable[[], str] = str
    """What `Job.trace` is to be; nothing, unless somebody traces."""
    clock: Clock = utc_now
    _beginning: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_BEGIN_AT_ONCE))

    async def __call__(
        self,
        session_id: str,
        uploads: Sequence[Upload],
        options: JobOptions,
        *,
        idempotency_key: str | None = None,
        key: str = "",
    ) -> Job:
        """The accepted job; the earlier one when this request was accepted before under its key.

        RequestRefused: nothing is left behind (InvalidRequest also: the key was used for another request).
        """
        self._check(uploads, options)
        fingerprint = _fingerprint(uploads, options)
        if idempotency_key:
            known = await self.store.find_idempotent(session_id, idempotency_key, fingerprint)
            if known:
                return await self.store.get(known)
        job = replace(self._new_job(session_id, uploads, options), key=key)
        await self._keep_files(job, uploads)
        job_id = await self._store(job, idempotency_key, fingerprint)
        return job if job_id == job.job_id else await self.store.get(job_id)

    async def begin(self, job: Job) -> None:
        """Adds the tasks of a job that was accepted, which its client need not wait for. What cannot be added
        now is added by the sweep."""
        with suppress(Unavailable):
            async with self._beginning:
                await self.feed(job.job_id)

    async def check_room(self) -> None:
        """Unavailable (queue_full) when no more images may wait; cheap, so ask before reading."""
        excess = await self.store.waiting_images() + 1 - self.limits.queue_limit
        if excess > 0:
            raise queue_full(excess, await self.line.seconds_per_image())

    def _check(self, uploads: Sequence[Upload], options: JobOptions) -> None:
        self.limits.check_options(options)
        self.limits.check_count(len(uploads))
        for index, upload in enumerate(uploads):
            self.limits.check_file(display_name(upload.filename, index), upload.size_bytes)

    def _new_job(self, session_id: str, uploads: Sequence[Upload], options: JobOptions) -> Job:
        now = self.clock()
        names = [None if options.zero_retention else upload.filename for upload in uploads]
        images = tuple(
            JobImage(new_id(), index, display_name(names[index], index), upload.size_bytes, upload.sha256)
            for index, upload in enumerate(uploads)
        )
        expires = now + self.limits.retention
        return Job(new_id(), session_id, options, images, now, expires, trace=self.trace())

    async def _keep_files(self, job: Job, uploads: Sequence[Upload]) -> None:
        """The job's input in the file store, or nothing of it."""
        await self.store.reserve(job.job_id, job.created_at + RESERVED)
        whole = False
        try:
            keys = [links.input_key(job.job_id, image.image_id) for image in job.images]
            await self.files.put_all(list(zip(keys, (upload.content for upload in uploads), strict=True)))
            whole = True
        finally:
            if not whole:
                await asyncio.shield(self._erase(job.job_id))

    async def _store(self, job: Job, idempotency_key: str | None, fingerprint: str) -> str:
        """The id of the accepted job. Without an answer of the store nothing is erased: the job may be in it,
        where its key leads back to it; if it is not, its files go with their reservation."""
        try:
            job_id = await self.store.add(
                job,
                events.job_progress(job, job.created_at, status=JobStatus.QUEUED),
                idempotency_key=idempotency_key,
                fingerprint=fingerprint,
                queue_limit=self.limits.queue_limit,
            )
        except RequestRefused as refusal:
            if refusal.code != Unavailable.code:
                await self._erase(job.job_id)
            raise
        if job_id != job.job_id:
            await self._erase(job.job_id)
        return job_id

    async def _erase(self, job_id: str) -> None:
        await self.files.delete_prefix(links.job_prefix(job_id))
        await self.store.delete(job_id, expired=False)


def _fingerprint(uploads: Sequence[Upload], options: JobOptions) -> str:
    request: list[object] = [asdict(options)]
    request += [[upload.filename, upload.sha256] for upload in uploads]
    return hashlib.sha256(json.dumps(request).encode()).hexdigest()
