"""Whether the olmOCR API will serve us, known before the first image."""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import EngineUnavailable
from app.services.olmocr_chat import ChatApi
from app.services.olmocr_failures import TransportFailed
from app.services.olmocr_options import OlmOcrOptions


@dataclass(frozen=True, slots=True)
class Probed:
    """What a look at the API's list of models told."""

    usable: bool
    sentence: str


async def probe(api: ChatApi, options: OlmOcrOptions) -> Probed:
    """Asks `GET /models`, which costs nothing. Some APIs list no models at all; that is no fault."""
    where = f"olmOCR API at {options.base_url}"
    try:
        models = await api.models()
    except EngineUnavailable as failure:
        return Probed(False, f"{where} is not usable: {failure.message}")
    except TransportFailed as failure:
        return Probed(False, f"{where} is not usable: {failure.given_up().message}")
    if models and options.model not in models:
        return Probed(False, f"{where} does not list the model {options.model}. Check OLMOCR_MODEL.")
    return Probed(True, f"{where} is ready with the model {options.model}")
