"""Every JSON block of the guide is an event that the server's models accept."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from app import errors
from app.models.websocket import AnyEvent, any_event

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "WEBSOCKET_GUIDE.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: str(re.search(r'"type": "(\w+)"', block)[1]))
def test_block_is_an_event(block: str) -> None:
    event = any_event.validate_json(block)

    assert set(event.model_dump()) == set(json.loads(block)), "the guide shows every field"


def test_every_event_is_shown() -> None:
    union, _ = get_args(AnyEvent)
    types = {event.model_fields["type"].default for event in get_args(union)}

    assert types == {any_event.validate_json(block).type for block in BLOCKS}


def test_every_code_of_the_guide_exists() -> None:
    documented = set(re.findall(r"`([a-z]+(?:_[a-z0-9]+)+)`", GUIDE.split("## Errors")[1]))
    known = set(re.findall(r"[a-z]+(?:_[a-z0-9]+)+", errors.__doc__ or ""))

    assert documented - {"session_id", "error_code"} <= known
