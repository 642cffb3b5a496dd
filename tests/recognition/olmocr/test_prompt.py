"""What the model is asked."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.recognition.olmocr.page_image import page_png, turned_png
from app.recognition.olmocr.prompt import OWN_PROMPT, Prompt, PromptSource, choose_prompt, user_message


def test_text_stands_before_the_image() -> None:
    message = user_message("Read.", b"\x89PNG")

    assert message["role"] == "user"
    text, image = message["content"]
    assert text == {"type": "text", "text": "Read."}
    assert image == {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw=="}}


def test_prompt_that_is_given_wins_over_our_own() -> None:
    assert choose_prompt("Lies das.") == Prompt("Lies das.", PromptSource.FILE)
    assert choose_prompt("  ") == Prompt(OWN_PROMPT, PromptSource.OWN)
    assert choose_prompt(None) == Prompt(OWN_PROMPT, PromptSource.OWN)


def test_prompt_of_the_installed_package_wins_over_our_own(tmp_path: Path) -> None:
    package = tmp_path / "olmocr" / "prompts"
    package.mkdir(parents=True)
    (tmp_path / "olmocr" / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "prompts.py").write_text("def build_no_anchoring_v4_yaml_prompt(): return 'theirs'\n")
    program = (
        "from app.recognition.olmocr.prompt import choose_prompt;"
        "found = choose_prompt(); print(found.text, found.source, choose_prompt('ours').text)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(tmp_path)},
    )

    assert done.stdout.split() == ["theirs", "package", "ours"]


def test_own_prompt_asks_for_what_we_can_read() -> None:
    for word in ("markdown", "HTML", "LaTeX", "primary_language", "is_rotation_valid", "rotation_correction"):
        assert word in OWN_PROMPT


@pytest.mark.parametrize(
    ("size", "fitted"),
    [
        ((2576, 100), (1288, 50)),
        ((100, 400), (322, 1288)),
        ((1288, 1288), (1288, 1288)),
        ((1, 5000), (1, 1288)),
    ],
)
def test_longest_side_is_exactly_1288(size: tuple[int, int], fitted: tuple[int, int]) -> None:
    pixels = np.full((size[1], size[0], 3), (255, 0, 0), np.uint8)

    image = Image.open(io.BytesIO(page_png(pixels)))

    assert (image.format, image.size) == ("PNG", fitted)
    assert image.convert("RGB").getpixel((0, 0)) == (0, 0, 255), "channels come as blue, green, red"


def test_turns_are_counter_clockwise() -> None:
    pixels = np.full((644, 1288, 3), 255, np.uint8)
    pixels[:50, :50] = 0
    corners = {0: (5, 5), 90: (5, 1282), 180: (1282, 638), 270: (638, 5)}

    for degrees, corner in corners.items():
        image = Image.open(io.BytesIO(turned_png(page_png(pixels), degrees))).convert("L")
        assert image.getpixel(corner) == 0
