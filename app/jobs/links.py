"""Where things of a job are found: keys in the file store and paths of the API."""

from __future__ import annotations

API = "/api/v1"
JOBS = "jobs/"


def job_prefix(job_id: str) -> str:
    """All files of a job are kept below it."""
    return f"{JOBS}{job_id}/"


def job_of(key: str) -> str:
    """The job to which a key below `JOBS` belongs."""
    return key.removeprefix(JOBS).partition("/")[0]


def inputs_prefix(job_id: str) -> str:
    """The source images of a job are kept below it."""
    return f"{job_prefix(job_id)}input/"


def input_key(job_id: str, image_id: str) -> str:
    """The bytes of a source image as they were sent."""
    return f"{inputs_prefix(job_id)}{image_id}"


def tables_key(job_id: str, image_id: str) -> str:
    """The tables of one image as JSON (`ImageTables`)."""
    return f"{job_prefix(job_id)}tables/{image_id}.json"


def result_key(job_id: str, file_id: str) -> str:
    """A finished workbook."""
    return f"{job_prefix(job_id)}results/{file_id}"


def download_url(file_or_job_id: str) -> str:
    """Of a job's primary file (job id) or of one of its files (file id)."""
    return f"{API}/download/{file_or_job_id}"


def status_url(job_id: str) -> str:
    """What `GET` answers with the job as it stands."""
    return f"{API}/jobs/{job_id}"


def tables_url(job_id: str) -> str:
    """The cells of the job's images that are done."""
    return f"{API}/jobs/{job_id}/tables"


def websocket_url(session_id: str) -> str:
    """The stream of the session's events."""
    return f"{API}/ws/session/{session_id}"
