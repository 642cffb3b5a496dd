"""The limits of one batch: the only place where they are checked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from app.errors import InvalidRequest, TooLarge, Unavailable
from app.jobs.job import JobOptions
from app.jobs.webhook_address import check_url
from app.recognition.engine import EngineName

MIB = 1024 * 1024
UNMEASURED_WAIT_S, LONGEST_WAIT_S = 30.0, 3600.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a batch may ask for. Each check raises RequestRefused with a sentence for the client."""

    max_images: int = 20
    max_file_bytes: int = 10 * MIB
    max_request_bytes: int = 100 * MIB
    queue_limit: int = 1000
    """Images of all jobs that may wait for their outcome."""
    retention: timedelta = timedelta(hours=24)
    """From acceptance to expiry."""
    engines: frozenset[EngineName] = frozenset({EngineName.AUTO, EngineName.LOCAL})
    """What is set up and may be asked for."""
    formats: tuple[str, ...] = ("xlsx",)
    webhooks: bool = False
    """A batch may name an address that is told of its end."""
    private_webhooks: bool = False
    """That address may be http, or in a private network."""

    def check_count(self, images: int) -> None:
        """At least one image, at most ``max_images``."""
        if images == 0:
            raise InvalidRequest("The batch holds no image; send at least one.", code="empty_batch")
        if images > self.max_images:
            raise TooLarge(
                f"A batch may hold {self.max_images} images; send the rest in another one.",
                code="too_many_images",
            )

    def check_file(self, filename: str, size_bytes: int) -> None:
        """May be asked while a file arrives, with the bytes so far."""
        if size_bytes > self.max_file_bytes:
            raise TooLarge(
                f"'{filename}' is larger than {self.max_file_bytes / MIB:g} MB; send a smaller file.",
                code="file_too_large",
            )

    def check_options(self, options: JobOptions) -> None:
        """The engine is set up and the output format can be written."""
        if options.engine not in self.engines:
            raise InvalidRequest(
                f"The engine '{options.engine.value}' is not set up on this server; "
                f"use {_one_of(sorted(engine.value for engine in self.engines))}.",
                code="invalid_option",
            )
        if options.webhook_url and not self.webhooks:
            raise InvalidRequest(
                "This server sends no webhooks; leave webhook_url out, or set WEBHOOK_SECRET.",
                code="invalid_option",
            )
        if options.webhook_url:
            check_url(options.webhook_url, private=self.private_webhooks)
        if options.output_format not in self.formats:
            raise InvalidRequest(
                f"Unknown output format; use {_one_of(list(self.formats))}.", code="invalid_option"
            )


def queue_full(excess: int, seconds_per_image: float | None) -> Unavailable:
    """The refusal of a batch for which ``excess`` images must be read first, at the measured pace."""
    if seconds_per_image is None:
        wait, words = UNMEASURED_WAIT_S, "Try again in half a minute."
    else:
        wait = min(LONGEST_WAIT_S, max(1.0, excess * seconds_per_image))
        words = f"At the present pace there is room for it in about {math.ceil(wait)} s; try again then."
    return Unavailable(f"Too many images wait already. {words}", retry_after=wait, code="queue_full")


def _one_of(names: list[str]) -> str:
    return " or ".join(names) if len(names) < 3 else f"one of {', '.join(names)}"
