"""What `olmocr-backend doctor` looks at: each check gives findings, a bad one with what mends it."""

from __future__ import annotations

import os
import socket
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from app.services.redis_service import translate_errors
from app.services.server_binary import OLDEST

_SKEW_S = 5.0
_GIB = 2**30


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    """It works, and may not for long or not for all."""
    FAULT = "fault"
    """It does not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found."""

    check: str
    level: Level
    sentence: str
    """What is, and when it is bad what to do."""


async def store_findings(client: Redis, *, embedded: bool) -> list[Finding]:
    """Version, persistence, eviction, room and clock of the Redis-protocol server. Unavailable."""
    ask: Any = client  # redis-py leaves parts of these methods without types
    with translate_errors():
        about: dict[str, Any] = await ask.info()
        now: tuple[int, int] = await ask.time()
        saves = await _snapshots(ask)
    return [*_of_server(about, saves, embedded=embedded), _clock(now[0] + now[1] / 1e6)]


async def _snapshots(ask: Any) -> str:
    """When the server writes them; "" for never, and where its provider lets nobody ask."""
    try:
        return str((await ask.config_get("save")).get("save", ""))
    except ResponseError:
        return ""


def _of_server(about: dict[str, Any], saves: str, *, embedded: bool) -> Iterator[Finding]:
    version = str(about.get("valkey_version") or about.get("redis_version", "0"))
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    whose = "our own" if embedded else "REDIS_URL's"
    yield _finding(
        "store", numbers >= OLDEST, f"{whose} server answers, version {version}", "Use Redis 6.2 or newer."
    )
    kept = bool(about.get("aof_enabled"))
    yield _finding(
        "persistence",
        kept,
        "the append-only file is on" if kept else "the append-only file is off",
        "Start the server with `--appendonly yes`, or accepted jobs are lost when it restarts.",
        bad=Level.WARNING,
    )
    yield _finding(
        "snapshots",
        not saves,
        f"the server writes some (save {saves})" if saves else "the server is not told to write any",
        'Start the server with `--save ""`: a snapshot keeps what is erased.',
        bad=Level.WARNING,
    )
    policy = str(about.get("maxmemory_policy", "noeviction"))
    yield _finding(
        "eviction",
        policy == "noeviction",
        f"maxmemory-policy is {policy}",
        "Set it to noeviction: others erase jobs that were accepted.",
    )
    used, most = int(about.get("used_memory", 0)), int(about.get("maxmemory", 0))
    yield _finding(
        "store memory",
        not most or used < 0.8 * most,
        f"{used / 2**20:.0f} MB used" + (f" of {most / 2**20:.0f} MB" if most else ", no limit"),
        "Raise maxmemory, or shorten FILE_RETENTION_HOURS: a full store accepts no jobs.",
        bad=Level.WARNING,
    )


def _clock(theirs: float) -> Finding:
    skew = abs(time.time() - theirs)
    told = f"{skew:.1f} s between this machine's clock and the store's"
    return _finding("clock", skew < _SKEW_S, told, "Let NTP set both clocks; leases and expiry go by them.")


def memory_finding(workers: int, each: int, cores: int) -> Finding:
    """Whether the machine carries so many workers of ``each`` bytes; 0: they run elsewhere."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    told = f"{workers} workers here, {total / _GIB:.1f} GiB, {cores} cores"
    fits = workers * each <= total and workers <= max(1, cores)
    mend = f"Set WORKER_PROCESSES lower: a worker needs a core and {each / _GIB:.0f} GiB."
    return _finding("workers' memory", fits, told, mend, bad=Level.WARNING)


def workers_finding(alive: int) -> Finding:
    """Whether anybody works for the store."""
    told = f"{alive} alive" if alive else "none is alive"
    mend = "Start `olmocr-backend serve`, or `olmocr-backend worker` where REDIS_URL is set."
    return _finding("workers", alive > 0, told, mend, bad=Level.WARNING)


def port_finding(host: str, port: int) -> Finding:
    """Whether the port is free, or ours already."""
    try:
        with socket.create_server((host, port)):
            return Finding("port", Level.OK, f"{port} is free")
    except OSError as error:
        reason = error.strerror
    address = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    try:
        with urllib.request.urlopen(f"http://{address}:{port}/health/live", timeout=3) as answer:
            ours = b'"alive"' in answer.read(1000)
    except (OSError, ValueError):
        ours = False
    told = f"{port} is served by us" if ours else f"{port} cannot be used ({reason})"
    return _finding("port", ours, told, "Set PORT to a free one, or stop what uses it.")


def finding(check: str, reason: str | None, fine: str, *, bad: Level = Level.FAULT) -> Finding:
    """Of a check that says why it fails."""
    return Finding(check, bad, reason) if reason else Finding(check, Level.OK, fine)


def _finding(check: str, fine: bool, told: str, mend: str, *, bad: Level = Level.FAULT) -> Finding:
    return Finding(check, Level.OK, told) if fine else Finding(check, bad, f"{told}. {mend}")
