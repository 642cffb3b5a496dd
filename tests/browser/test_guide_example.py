"""The guide's vanilla example, as written there, in a real Chromium on another origin than the server's."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support.server import RunningServer

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "WEBSOCKET_GUIDE.md").read_text(encoding="utf-8")


def test_vanilla_example_converts_an_image(server: RunningServer, page: Page, tmp_path: Path) -> None:
    example = re.search(r"```html\n(.*?)```", GUIDE, re.DOTALL)[1]
    saved = tmp_path / "example.html"
    saved.write_text(example.replace("http://localhost:8000", server.base_url), encoding="utf-8")

    page.goto(saved.as_uri())
    page.set_input_files("#files", [ROOT / "examples" / "ruled_spanning.png"])

    link = page.get_by_role("link", name="Download the workbook")
    expect(link).to_be_visible()
    expect(page.locator("#status")).to_have_text(re.compile("Done in"))
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.endswith(".xlsx")
