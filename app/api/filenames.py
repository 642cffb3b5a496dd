"""Names of files in HTTP headers."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from app.jobs.filenames import display_name


def content_disposition(filename: str) -> str:
    """An attachment header with a plain fall-back name and the full one (RFC 6266, RFC 8187)."""
    name = display_name(filename, 0)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^\w .()\[\]-]", "_", plain).strip(" .") or "download"
    if "." in name and "." not in plain:
        plain = f"download.{plain}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
