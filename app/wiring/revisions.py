"""What reads images here, in which version: what one version read is not taken for another one's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from app.recognition.engine import EngineName
from app.settings import Settings

_LIBRARIES = (
    *("rapidocr", "rapid-table", "openvino", "onnxruntime"),
    *("opencv-python-headless", "pypdfium2", "pillow", "pi-heif"),
)
_OF_THE_ANSWER = ("engine", "decode_memory_mb", "max_image_megapixels", "max_pages")
_OF_THE_MODEL = ("olmocr_base_url", "olmocr_model", "olmocr_prompt_file")


def revisions(settings: Settings) -> dict[EngineName, str]:
    """By what a client may ask for: our code, the libraries' versions, and the settings that matter."""
    names = (*_OF_THE_ANSWER, *_OF_THE_MODEL) if settings.olmocr_api_key else _OF_THE_ANSWER
    setup = " ".join(str(getattr(settings, name)) for name in names)
    code = hashlib.sha256(f"{_code()} {setup} {_prompt(settings)}".encode()).hexdigest()
    return {name: f"{name.value} {code}" for name in EngineName}


@cache
def _code() -> str:
    """Of everything that turns images into tables."""
    digest = hashlib.sha256("\n".join(_versions()).encode())
    app = Path(__file__).parents[1]
    for folder in ("recognition", "tables"):
        for path in sorted((app / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _versions() -> Iterator[str]:
    for library in _LIBRARIES:
        try:
            yield f"{library} {version(library)}"
        except PackageNotFoundError:  # some are not made for every Python
            continue


def _prompt(settings: Settings) -> str:
    path = settings.olmocr_prompt_file
    return path.read_text("utf-8") if path and path.is_file() else ""
