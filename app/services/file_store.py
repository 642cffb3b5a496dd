"""Where files are kept: a local folder, or an object store such as S3 named by its URL."""

from __future__ import annotations

from pathlib import Path

from app.jobs.ports import FileStore
from app.services.local_files import LocalFileStore
from app.services.object_files import ObjectFileStore


def open_file_store(folder: Path, storage_url: str | None) -> FileStore:
    """Files below ``folder``, or at ``storage_url`` (s3://bucket/prefix, gs://…, az://…) when there is one.

    The object store's credentials and endpoint come from its usual variables (AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL, AWS_REGION …). SetupError: the place cannot be used.
    """
    if storage_url:
        return ObjectFileStore.from_url(storage_url)
    return LocalFileStore(folder)
