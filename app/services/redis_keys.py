"""Every key and channel that we use in Redis, in one place. All begin with the prefix of the deployment.

The stream of a session holds entries with two fields: ``seq`` (1, 2, 3 …) and ``event`` (the event as JSON
without ``id`` and ``seq``). Whoever appends publishes ``"<stream id> <seq> <event>"`` on the channel
in the same Lua call: the stream is the truth, the publish is the bell.
"""

from __future__ import annotations

PREFIX = "olmocr"


def job(job_id: str) -> str:
    """Hash: the job's document, status, times, files, error."""
    return f"{PREFIX}:job:{job_id}"


def outcomes(job_id: str) -> str:
    """Hash: image id → outcome JSON."""
    return f"{PREFIX}:job:{job_id}:outcomes"


def attempts(job_id: str) -> str:
    """Hash: unit of work → number of tries begun."""
    return f"{PREFIX}:job:{job_id}:attempts"


def tombstone(job_id: str) -> str:
    """String: there was a job, its retention time is over."""
    return f"{PREFIX}:expired:{job_id}"


def file_owner(file_id: str) -> str:
    """String: the job id that the result file belongs to; kept as long as the tombstone."""
    return f"{PREFIX}:file:{file_id}"


def open_jobs() -> str:
    """Sorted set: ids of jobs that are not over, by creation time."""
    return f"{PREFIX}:jobs:open"


def expiries() -> str:
    """Sorted set: job ids by the time at which they expire."""
    return f"{PREFIX}:jobs:expiries"


def session_jobs(session_id: str) -> str:
    """Sorted set: the session's job ids by creation time."""
    return f"{PREFIX}:session:{session_id}:jobs"


def session_events(session_id: str) -> str:
    """Stream: the session's events."""
    return f"{PREFIX}:session:{session_id}:events"


def session_seq(session_id: str) -> str:
    """Counter: the session's last event number."""
    return f"{PREFIX}:session:{session_id}:seq"


def session_channel(session_id: str) -> str:
    """Channel: the bell of the session's stream."""
    return f"{PREFIX}:session:{session_id}"


def idempotency(session_id: str, key_digest: str) -> str:
    """Hash: fingerprint and job id of a request with an Idempotency-Key."""
    return f"{PREFIX}:session:{session_id}:idempotency:{key_digest}"


def fractions(job_id: str) -> str:
    """Hash: image id → how far its recognition is, 0..1; only images without an outcome."""
    return f"{PREFIX}:job:{job_id}:fractions"


def waiting_images() -> str:
    """Counter: images of open jobs that have no outcome yet."""
    return f"{PREFIX}:images:waiting"


def session_open_jobs(session_id: str) -> str:
    """Sorted set: ids of the session's jobs that are not over, by creation time."""
    return f"{PREFIX}:session:{session_id}:open"


def session_key(session_id: str) -> str:
    """String: name of the API key that the session was begun with."""
    return f"{PREFIX}:session:{session_id}:key"


def recognized(name: str) -> str:
    """String: job and image, parted by a blank, whose tables are found under this name."""
    return f"{PREFIX}:recognized:{name}"


def webhooks_due() -> str:
    """Sorted set: ids of jobs whose end is still to be told by webhook, by the time of the next try."""
    return f"{PREFIX}:webhooks:due"


def webhook_attempts() -> str:
    """Hash: job id → tries begun."""
    return f"{PREFIX}:webhooks:attempts"


def webhook_last_word(job_id: str) -> str:
    """String: address and event, as JSON, of a job that expired before it was done and is still to be told
    so by webhook; expires with the job's mark."""
    return f"{PREFIX}:webhooks:last:{job_id}"


def queued_jobs() -> str:
    """Sorted set: ids of jobs of which no image was begun, by creation time."""
    return f"{PREFIX}:jobs:queued"


def pending_images() -> str:
    """Hash: id of an open job → its images without an outcome."""
    return f"{PREFIX}:images:pending"


def pace() -> str:
    """Hash: how fast outcomes come while images wait. ``last``: time of the last one, or since when images
    wait; ``seconds``, ``outcomes``: fading sums, their quotient is the measured time from one to the next."""
    return f"{PREFIX}:images:pace"


def turn(name: str) -> str:
    """String: somebody has taken this turn of a periodic duty; expires with the turn."""
    return f"{PREFIX}:turn:{name}"


def erased() -> str:
    """String: something was erased since the append-only file was last rewritten."""
    return f"{PREFIX}:erased"


def totals() -> str:
    """Hash: what was counted and measured since the deployment began, see `services.watch`."""
    return f"{PREFIX}:totals"


def probe() -> str:
    """String: written to see whether the store takes writes; expires in a minute."""
    return f"{PREFIX}:probe"


def secret() -> str:
    """String: random digits made by the first process of the deployment; never leaves the servers."""
    return f"{PREFIX}:secret"


def provider(name: str, part: str) -> str:
    """Of an olmOCR provider: ``slots`` (sorted set: running requests by the end of their lease), ``sent``
    (sorted set: requests of the last minute by their time), ``pause`` (string: ms for which it asked us to
    wait), ``tripped`` (string: why it does not serve us), ``trial`` (string: ms for which it rests, or one
    request tries it)."""
    return f"{PREFIX}:provider:{name}:{part}"


def spent() -> str:
    """Hash: requests, tokens and price of all requests to olmOCR APIs."""
    return f"{PREFIX}:spent"
