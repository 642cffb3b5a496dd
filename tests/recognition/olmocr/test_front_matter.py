"""The head of an answer, however it was written."""

from __future__ import annotations

import pytest

from app.recognition.olmocr.front_matter import FrontMatter, split_front_matter

SIDEWAYS = FrontMatter(True, "en", False, 90, True, False)
LINES = """\
primary_language: en
is_rotation_valid: False
rotation_correction: 90
is_table: True
is_diagram: False"""


@pytest.mark.parametrize(
    "answer",
    [
        f"---\n{LINES}\n---\nText\n",
        f"---\n\n{LINES}\n---  \nText",
        f"{LINES}\n---\nText",
        f"---\n{LINES}\n\nText",
        f"```yaml\n---\n{LINES}\n---\n```\nText",
        f"---\n{LINES.replace(': ', ':  ').replace('en', chr(34) + 'EN' + chr(34)).lower()}\n---\nText",
        '{"primary_language": "en", "is_rotation_valid": false, "rotation_correction": 90, "is_table": true, '
        '"is_diagram": false, "natural_text": "Text"}',
    ],
    ids=["whole", "blanks", "no first line", "no last line", "fenced", "spelt oddly", "json"],
)
def test_forms(answer: str) -> None:
    found, text = split_front_matter(answer)

    assert found == SIDEWAYS
    assert text.strip("`\n ") == "Text"
    assert found.turn == 90


@pytest.mark.parametrize(
    ("value", "degrees"), [("270", 270), ("-90", 270), ("180.0", 180), ("45", 0), ("left", 0), ("450", 90)]
)
def test_odd_turns(value: str, degrees: int) -> None:
    found, _ = split_front_matter(f"is_rotation_valid: no\nrotation_correction: {value}\n---\n")

    assert found.turn == degrees


def test_turn_counts_only_when_the_page_lies_wrong() -> None:
    found, _ = split_front_matter("is_rotation_valid: True\nrotation_correction: 90\n---\n")

    assert found.turn == 0


@pytest.mark.parametrize(
    "answer", ["Text: with a colon\n---\nmore", "{not json", '{"other": 1}', "---\n---\nx"]
)
def test_text_without_a_head_is_left_alone(answer: str) -> None:
    assert split_front_matter(answer) == (FrontMatter(), answer)
