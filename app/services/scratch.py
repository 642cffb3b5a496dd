"""A folder for files that are needed for a moment."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from pathlib import Path

_ABANDONED_S = 24 * 3600.0


def open_scratch(folder: Path) -> Path:
    """The folder, made where it is missing, without what killed processes left there a day ago."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # another process clears up as well
            if path.stat().st_mtime < time.time() - _ABANDONED_S:
                shutil.rmtree(path, ignore_errors=True)
    return folder
