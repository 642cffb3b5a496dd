"""The head of an answer: language, orientation, kind of page. Read leniently, models are not parsers.

Known forms: YAML between two lines of hyphens (olmOCR-2), with or without its first or last line or in a code
fence, and one JSON object that holds the text as well (olmOCR-7B-0225).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import cast

_KEYS = ("primary_language", "is_rotation_valid", "rotation_correction", "is_table", "is_diagram")
_LINE = re.compile(r"[ \t]*[\"']?(?P<key>[a-z_]{4,24})[\"']?[ \t]*:[ \t]*(?P<value>[^\n]{0,80})")
_FENCE = re.compile(r"[ \t]*(```|~~~)[ \t]*\w{0,20}[ \t]*")
_RULE = re.compile(r"[ \t]*-{3,}[ \t]*")
_LONGEST_HEAD = 12
"""Lines."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the model says about the page."""

    present: bool = False
    """False: the answer has no head; the rest are then defaults."""
    primary_language: str | None = None
    is_rotation_valid: bool = True
    rotation_correction: int = 0
    """0, 90, 180 or 270 degrees."""
    is_table: bool = False
    is_diagram: bool = False

    @property
    def turn(self) -> int:
        """Degrees by which the page is to be turned counter-clockwise before it is read again; 0: none."""
        return 0 if self.is_rotation_valid else self.rotation_correction


def split_front_matter(answer: str) -> tuple[FrontMatter, str]:
    """The head of an answer and its text."""
    if answer.lstrip().startswith("{"):
        found = _from_json(answer)
        if found is not None:
            return found
    return _from_yaml(answer)


def _from_json(answer: str) -> tuple[FrontMatter, str] | None:
    try:
        content = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or "natural_text" not in content:
        return None
    fields = cast(dict[str, object], content)
    text = fields["natural_text"]
    return _front_matter(fields), text if isinstance(text, str) else ""


def _from_yaml(answer: str) -> tuple[FrontMatter, str]:
    lines = answer.split("\n")
    fields: dict[str, object] = {}
    end = 0
    for number, line in enumerate(lines):
        match = _LINE.fullmatch(line)
        if match and match["key"] in _KEYS:
            fields[match["key"]] = match["value"]
        elif match and _is_enclosed(lines, number):
            pass  # a key that we do not know
        elif fields and _RULE.fullmatch(line):
            end = number + 1
            break
        elif line.strip() and not _RULE.fullmatch(line) and not _FENCE.fullmatch(line):
            break
        end = number + 1
    if not fields:
        return FrontMatter(), answer
    return _front_matter(fields), "\n".join(lines[end:])


def _is_enclosed(lines: Sequence[str], number: int) -> bool:
    """Whether the line stands between two lines of hyphens, the first one at the answer's top."""
    opened = next((line for line in lines if line.strip() and not _FENCE.fullmatch(line)), "")
    rest = islice(lines, number + 1, number + 1 + _LONGEST_HEAD)
    return _RULE.fullmatch(opened) is not None and any(_RULE.fullmatch(line) for line in rest)


def _front_matter(fields: dict[str, object]) -> FrontMatter:
    language = str(fields.get("primary_language") or "").strip(" \t\"'").lower()
    return FrontMatter(
        present=True,
        primary_language=language if language not in ("", "null", "none", "~") else None,
        is_rotation_valid=_truth(fields.get("is_rotation_valid"), default=True),
        rotation_correction=_quarter_turn(fields.get("rotation_correction")),
        is_table=_truth(fields.get("is_table"), default=False),
        is_diagram=_truth(fields.get("is_diagram"), default=False),
    )


def _truth(value: object, *, default: bool) -> bool:
    word = str(value).strip(" \t\"',").lower()
    if word in ("true", "yes", "1"):
        return True
    return False if word in ("false", "no", "0") else default


def _quarter_turn(value: object) -> int:
    match = re.match(r"-?\d{1,4}", str(value).strip(" \t\"'"))
    degrees = int(match[0]) % 360 if match else 0
    return degrees if degrees % 90 == 0 else 0
