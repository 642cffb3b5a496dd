"""The streams of events as they lie in Redis: what an entry is, and how it is read (see redis_keys)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple, cast

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from app.services import redis_keys

_ID = re.compile(r"(\d{1,20})-(\d{1,20})", re.ASCII)
_LARGEST = 2**64


class EventId(NamedTuple):
    """A stream id, ordered as Redis orders it. ``0-0`` is before every event."""

    milliseconds: int
    number: int

    def __str__(self) -> str:
        return f"{self.milliseconds}-{self.number}"


BEGINNING = EventId(0, 0)


def parse_id(text: str) -> EventId | None:
    """None: not an id that Redis could have given."""
    found = _ID.fullmatch(text)
    if not found or max(int(found[1]), int(found[2])) >= _LARGEST:
        return None
    return EventId(int(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a stream."""

    event_id: EventId
    seq: int
    event: str
    """JSON object without ``id`` and ``seq``."""

    def as_json(self) -> str:
        """The event as clients receive it."""
        return f'{{"id":"{self.event_id}","seq":{self.seq},{self.event[1:]}'


def parse_message(text: str) -> Entry | None:
    """The entry of which the bell tells; None when the text is not ours."""
    written_id, _, rest = text.partition(" ")
    seq, _, event = rest.partition(" ")
    event_id = parse_id(written_id)
    if event_id is None or not seq.isdecimal() or not event.startswith("{"):
        return None
    return Entry(event_id, int(seq), event)


@dataclass(frozen=True, slots=True)
class StreamEnds:
    """Where a stream begins and ends at the moment."""

    first: Entry | None
    """None: all its entries were erased."""
    last_id: EventId
    """Of the last entry that was ever appended."""


class EventLog:
    """Reads the streams. Redis' own errors come out: the caller stands at the door."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    async def ends(self, session_id: str) -> StreamEnds | None:
        """None: there is no stream, because nothing happened yet or it expired."""
        key = redis_keys.session_events(session_id)
        try:
            answer = cast("dict[str, object]", await self._client.xinfo_stream(key))
        except ResponseError as error:
            if "no such key" in str(error):
                return None
            raise
        first = cast("tuple[str, dict[str, str]] | None", answer["first-entry"])
        last_id = parse_id(str(answer["last-generated-id"]))
        return StreamEnds(_entry(*first) if first else None, last_id or BEGINNING)

    async def after(self, session_id: str, cursor: EventId, count: int) -> list[Entry]:
        """At most ``count`` entries that follow the cursor, in order."""
        key = redis_keys.session_events(session_id)
        found = await self._client.xrange(key, min=f"({cursor}", count=count)
        return [_entry(*item) for item in cast("list[tuple[str, dict[str, str]]]", found or [])]


def _entry(written_id: str, fields: dict[str, str]) -> Entry:
    return Entry(parse_id(written_id) or BEGINNING, int(fields["seq"]), fields["event"])
