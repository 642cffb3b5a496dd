"""What a visitor of test_websocket.html can do, in a real Chromium against a real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.support.server import RunningServer, running_server

ROOT = Path(__file__).parents[2]
RULED = ROOT / "examples" / "ruled_spanning.png"
FINANCIAL = ROOT / "examples" / "unruled_financial.png"
DONE = re.compile("completed: 2 converted, 0 failed")


def _downloaded(page: Page) -> list[str]:
    with page.expect_download() as download:
        page.locator("#downloads a").first.click()
    path = download.value.path()
    named = path.with_suffix(".xlsx")
    path.rename(named)
    return openpyxl.load_workbook(named).sheetnames


def test_images_become_a_workbook_on_the_served_page(server: RunningServer, page: Page, shots: Path) -> None:
    page.goto(f"{server.base_url}/test_websocket.html")
    page.set_input_files("#files", [RULED, FINANCIAL])
    page.get_by_label("evidence sheet").check()
    page.get_by_label("check sums").uncheck()

    page.get_by_role("button", name="Process Images").click()

    expect(page.locator("#status")).to_have_text(DONE)
    expect(page.locator("li.image")).to_have_count(2)
    expect(page.locator("li.image table").first).to_contain_text("Depot")
    page.screenshot(path=shots / "page.png", full_page=True)
    sheets = _downloaded(page)
    assert len(sheets) >= 2
    assert {"Evidence", "Checks"} & set(sheets) == {"Evidence"}


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    settings = {"API_KEYS": "a-key-of-the-tests", "EVIDENCE_SHEET": "true"}
    with running_server(tmp_path_factory.mktemp("keyed"), **settings) as running:
        yield running


def test_a_server_that_asks_for_a_key_gets_it(keyed: RunningServer, page: Page) -> None:
    page.goto(f"{keyed.base_url}/test_websocket.html")
    page.get_by_label("API key").fill("a-key-of-the-tests")
    page.set_input_files("#files", [RULED])

    page.get_by_role("button", name="Process Images").click()

    expect(page.locator("#status")).to_have_text(re.compile("completed: 1 converted"))
    assert "Evidence" in _downloaded(page), "the server's setting holds where nobody touched the switch"


def test_a_cut_socket_resumes_without_gap_or_double(server: RunningServer, page: Page) -> None:
    page.goto(f"{server.base_url}/test_websocket.html")
    page.set_input_files("#files", [RULED, FINANCIAL])
    page.get_by_role("button", name="Process Images").click()
    expect(page.locator("#log")).to_contain_text("job_progress")

    page.get_by_role("button", name="Cut the socket").click()
    expect(page.locator("#socket")).to_contain_text("cut by you")
    page.get_by_role("button", name="Resume").click()

    expect(page.locator("#status")).to_have_text(DONE)
    texts = page.locator("#log summary").all_inner_texts()
    numbers = [int(text.split()[0]) for text in reversed(texts) if text.split()[0].isdigit()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_bad_image_is_named_and_the_other_converted(
    server: RunningServer, page: Page, tmp_path: Path, shots: Path
) -> None:
    bad = tmp_path / "not an image.png"
    bad.write_text("hello")
    page.goto(f"{server.base_url}/test_websocket.html")
    page.set_input_files("#files", [bad, RULED])

    page.get_by_role("button", name="Process Images").click()

    expect(page.locator("#status")).to_have_text(re.compile("partially_completed: 1 converted, 1 failed"))
    expect(page.locator("li.image").first.locator(".bad")).not_to_be_empty()
    page.screenshot(path=shots / "page_bad_image.png", full_page=True)


def test_the_page_works_opened_from_disk(server: RunningServer, page: Page) -> None:
    page.goto((ROOT / "test_websocket.html").as_uri())
    page.fill("#server", server.base_url)
    page.set_input_files("#files", [RULED])

    page.get_by_role("button", name="Process Images").click()

    expect(page.locator("#status")).to_have_text(re.compile("completed: 1 converted"))


def test_images_can_be_dropped_and_pasted(server: RunningServer, page: Page) -> None:
    page.goto(f"{server.base_url}/test_websocket.html")

    for event, field in (("drop", "dataTransfer"), ("paste", "clipboardData")):
        page.evaluate(
            """([event, field]) => {
                const carried = new DataTransfer();
                carried.items.add(new File(['x'], `${event}.png`, { type: 'image/png' }));
                const sent = event === 'drop'
                    ? new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true })
                    : new ClipboardEvent('paste', { clipboardData: carried, bubbles: true });
                document.body.dispatchEvent(sent);
            }""",
            [event, field],
        )

    expect(page.locator("#chosen")).to_have_text(re.compile("2 chosen.*drop.png, paste.png"))


@pytest.mark.parametrize("reload", [False, True], ids=["new", "after a reload"])
def test_the_page_shows_the_job_again(server: RunningServer, page: Page, reload: bool) -> None:
    page.goto(f"{server.base_url}/test_websocket.html")
    page.set_input_files("#files", [RULED])
    page.get_by_role("button", name="Process Images").click()
    if reload:
        expect(page.locator("#log")).to_contain_text("job_progress")
        page.reload()

    expect(page.locator("#status")).to_have_text(re.compile("completed: 1 converted"))
    expect(page.locator("li.image .name")).to_have_text("ruled_spanning.png")
