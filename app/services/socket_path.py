"""Where the embedded server listens: a unix socket beside its data, or in a place with a short name."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from app.errors import SetupError

LONGEST = 100
"""Bytes. sockaddr_un holds 104 on macOS and 108 on Linux, with the final zero."""
_NAME = "redis.sock"


def socket_path(folder: Path) -> Path:
    """The same path for the same folder in every process of this user. SetupError: no safe place for it."""
    near = folder.absolute() / _NAME
    if len(os.fsencode(near)) <= LONGEST:
        return near
    return _runtime_folder(folder) / _NAME


def _runtime_folder(folder: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:16]
    runtime = Path(tempfile.gettempdir()) / f"olmocr-{os.getuid()}-{digest}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    status = runtime.lstat()
    # anybody may write to the temporary folder: what lies there under our name must be ours alone
    private = stat.S_ISDIR(status.st_mode) and not stat.S_IMODE(status.st_mode) & 0o077
    if status.st_uid != os.getuid() or not private:
        raise SetupError(
            f"{runtime} is not a private folder of this user. Remove it, or use a shorter DATA_DIR."
        )
    return runtime
