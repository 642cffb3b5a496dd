"""Whether the olmOCR API will serve us, known before the first image."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from app.errors import EngineUnavailable
from app.services.olmocr_chat import ChatApi
from app.services.olmocr_failures import TransportFailed
from app.services.olmocr_options import OlmOcrOptions

_MOST_NAMES, _LONGEST_NAME = 3, 80


@dataclass(frozen=True, slots=True)
class Probed:
    """What a look at the API's list of models told."""

    usable: bool
    sentence: str


async def probe(api: ChatApi, options: OlmOcrOptions) -> Probed:
    """Asks `GET /models`, which costs nothing. Some APIs list no models at all; that is no fault."""
    where = f"olmOCR API at {_without_secrets(options.base_url)}"
    try:
        models = await api.models()
    except EngineUnavailable as failure:
        if failure.code == "engine_model_unknown":  # HTTP 404, though no model was named
            return Probed(
                False, f"{where} has no list of models there. Check OLMOCR_BASE_URL; most end in /v1."
            )
        return Probed(False, f"{where} is not usable: {failure.message}")
    except TransportFailed as failure:
        advice = (
            ""
            if failure.code == "engine_busy"
            else " Check OLMOCR_BASE_URL, and whether a server runs there."
        )
        return Probed(False, f"{where} is not usable: {failure.given_up().message}{advice}")
    if models and options.model not in models:
        return Probed(
            False,
            f"{where} does not list the model {options.model}; it lists {_some(models)}. Check OLMOCR_MODEL.",
        )
    return Probed(True, f"{where} is ready with the model {options.model}")


def _without_secrets(url: str) -> str:
    """Without a password or a query, where some put a key."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _some(models: Collection[str]) -> str:
    """Those that are likely meant come first."""
    likely = sorted(models, key=lambda name: ("olmocr" not in name.casefold(), name))
    more = [f"{len(likely) - _MOST_NAMES} more"] if len(likely) > _MOST_NAMES else []
    return ", ".join([*map(_printable, likely[:_MOST_NAMES]), *more])


def _printable(name: str) -> str:
    return "".join(filter(str.isprintable, name[:_LONGEST_NAME]))
