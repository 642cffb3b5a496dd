"""What an olmOCR model is asked: one user message, the text first, then the image.

Source of the form: the inference code of https://github.com/allenai/olmocr for the model olmOCR-2-7B-1025.
The words that the model was trained on are not ours to pass on: see docs/adr/0007-whose-prompt.md.
"""

from __future__ import annotations

import base64
import importlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypedDict

OWN_PROMPT = """\
You see one page of a document as an image. Write down its whole text in natural reading order, as markdown.
Write every table as an HTML table; use rowspan and colspan where a cell covers several rows or columns, and
keep empty cells empty. Write equations in LaTeX, inline ones between \\( and \\), others between \\[ and \\].
Copy numbers, signs and punctuation exactly as they stand; never add, correct or compute anything.

Begin the answer with YAML front matter between two lines of three hyphens, holding exactly these keys:
primary_language: the two-letter code of the main language, or null when there is no text
is_rotation_valid: True when the page stands upright for reading, else False
rotation_correction: 0, 90, 180 or 270, the degrees by which the page must be turned to stand upright
is_table: True when most of the page is a table
is_diagram: True when most of the page is a drawing or diagram
The text follows after the front matter.
"""


class _ImageUrl(TypedDict):
    url: str


class _TextPart(TypedDict):
    type: str
    text: str


class _ImagePart(TypedDict):
    type: str
    image_url: _ImageUrl


class UserMessage(TypedDict):
    """One message of the chat completions API with mixed content."""

    role: str
    content: list[_TextPart | _ImagePart]


class PromptSource(StrEnum):
    """Whose words the model is asked with."""

    FILE = "file"
    PACKAGE = "package"
    OWN = "own"


_SENTENCES = {
    PromptSource.FILE: "the prompt of OLMOCR_PROMPT_FILE",
    PromptSource.PACKAGE: "the prompt of the installed olmocr package",
    PromptSource.OWN: "our own prompt (`pip install --no-deps olmocr` brings the one it was trained on)",
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """The text part of the message."""

    text: str
    source: PromptSource

    def __str__(self) -> str:
        return _SENTENCES[self.source]


def choose_prompt(given: str | None = None) -> Prompt:
    """The prompt: the given one, else the one of an installed `olmocr` package, else our own words."""
    if given is not None and given.strip():
        return Prompt(given, PromptSource.FILE)
    trained = _package_prompt()
    return Prompt(trained, PromptSource.PACKAGE) if trained else Prompt(OWN_PROMPT, PromptSource.OWN)


@dataclass(frozen=True, slots=True)
class Question:
    """One page, or a part of one, and what is asked about it."""

    prompt: Prompt
    png: bytes = field(repr=False)
    temperature: float

    def message(self) -> UserMessage:
        """The one message of the request."""
        return user_message(self.prompt.text, self.png)


def user_message(prompt: str, png: bytes) -> UserMessage:
    """The one message of a request. The model was trained on text before image; the order matters."""
    encoded = base64.b64encode(png).decode("ascii")
    return {
        "role": "user",
        "content": [
            {"type": "text", "text": prompt},
            {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{encoded}"}},
        ],
    }


def _package_prompt() -> str | None:
    """The prompt that the model was trained on, where the package is installed. Nothing else of it is loaded:
    its `prompts` need the standard library alone."""
    try:
        prompts = importlib.import_module("olmocr.prompts.prompts")
    except ImportError:
        return None
    build = getattr(prompts, "build_no_anchoring_v4_yaml_prompt", None)
    text = build() if callable(build) else None
    return text if isinstance(text, str) and text.strip() else None
