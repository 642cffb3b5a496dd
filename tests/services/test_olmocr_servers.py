"""The servers of docs/olmocr.md: their addresses, model names and ways, each played by the stand-in."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from structlog.testing import capture_logs

from app.recognition.engine import SourceImage
from app.recognition.olmocr.page_image import page_png
from app.services.olmocr import OlmOcrEngine
from app.services.olmocr_messages import RenderedPage
from app.services.olmocr_options import OlmOcrOptions
from app.settings import Settings
from tests.support.chat_server import KEY, answer, chat_server

pytestmark = pytest.mark.anyio
GUIDE = (Path(__file__).parents[2] / "docs" / "olmocr.md").read_text("utf-8")
ROWS = re.findall(r"^\| ([^|]+) \| `(https?://[^`]+)` \| (?:`([^`]+)`|as [^|]+) \| (.*?) ?\|$", GUIDE, re.M)
SERVERS = {name: (url, model) for name, url, model, _ in ROWS}
NAMED_BY_ITSELF = {
    "LM Studio": "olmocr-2-7b-1025",
    "llama.cpp": "/models/olmOCR-2-7B-1025-Q4_K_M.gguf",
}
PAGE = "---\nis_table: True\n---\n<table><tr><th>A</th></tr><tr><td>1</td></tr></table>"


async def _blank(image: SourceImage) -> AsyncGenerator[RenderedPage]:
    yield RenderedPage(1, 1, page_png(np.full((40, 40, 3), 255, np.uint8)))


@pytest.mark.parametrize("name", SERVERS)
async def test_documented_server_is_probed_and_read_with(name: str) -> None:
    url, model = SERVERS[name]
    model = model or NAMED_BY_ITSELF[name]
    with chat_server() as server:
        server.path = urlsplit(url).path
        server.models = [model]
        server.knows_stream_options = name != "LM Studio"
        server.script(answer(PAGE))
        options = OlmOcrOptions(KEY, server.url, model, prompt="Read.")
        engine = OlmOcrEngine(options, _blank)

        with capture_logs() as logs:
            await engine.announce()
        found = await engine.recognize(SourceImage(Path("a.png"), "a.png"), lambda _: None)
        await engine.close()

    assert f"is ready with the model {model}" in logs[0]["event"]
    assert [cell.text for cell in found.tables[0].table.cells] == ["A", "1"]


def test_guide_names_the_servers_and_the_default() -> None:
    assert len(SERVERS) == 6
    settings = Settings(_env_file=None)  # type: ignore[call-arg]
    assert SERVERS["DeepInfra (default)"] == (settings.olmocr_base_url, settings.olmocr_model)


def test_guide_names_only_settings_that_there_are() -> None:
    named = set(re.findall(r"\b(?:OLMOCR|RECOGNITION)_[A-Z_]+[A-Z]\b", GUIDE))

    assert named <= {name.upper() for name in Settings.model_fields}
