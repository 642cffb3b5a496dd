"""What a browser's EventSource does with an event stream (HTML Standard, 9.2.6), in few words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx


@dataclass
class EventSource:
    """One connection. `last_event_id` is what the next one would send."""

    response: httpx.Response
    last_event_id: str = ""
    comments: int = 0
    lines: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = self.response.iter_lines()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        data = ""
        for line in self.lines:
            name, _, value = line.partition(":")
            if line == "" and data:
                yield json.loads(data)
                data = ""
            elif name == "data":
                data += value.removeprefix(" ")
            elif name == "id":
                self.last_event_id = value.removeprefix(" ")
            elif name == "":
                self.comments += line != ""


@contextmanager
def event_source(client: httpx.Client, session_id: str, last_event_id: str = "") -> Iterator[EventSource]:
    """An open stream of the session."""
    headers = {"Last-Event-ID": last_event_id} if last_event_id else {}
    with client.stream("GET", f"/api/v1/sessions/{session_id}/events", headers=headers) as response:
        yield EventSource(response, last_event_id)
