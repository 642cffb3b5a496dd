"""Hostile and unlucky images, each with its named error, beside one good image that they must not harm."""

from __future__ import annotations

import httpx

from tests.support import bad_images
from tests.support.api import finished, submit
from tests.support.server import RunningServer

BAD = {
    "zero.png": (b"", "empty_image"),
    "words.png": (b"these are words, not pixels", "unsupported_format"),
    "truncated.jpg": (bad_images.truncated_jpeg(), "damaged_image"),
    "bomb.png": (bad_images.png_of(20000, 20000), "too_many_pixels"),
    "giant.pdf": (bad_images.giant_pdf(), "no_table_found"),
    "locked.pdf": (bad_images.encrypted_pdf(), "encrypted_document"),
    "circles.png": (bad_images.without_table(), "no_table_found"),
}


def test_each_bad_image_has_its_reason_and_harms_no_other(
    client: httpx.Client, server: RunningServer, table_image: bytes
) -> None:
    finished(client, submit(client, ("warm.png", table_image)))  # the engine's models are loaded now
    memory, worked = server.memory(), server.cpu_seconds()
    bad = [(name, content) for name, (content, _) in BAD.items()]

    accepted = submit(client, *bad, ("good.png", table_image))
    done = finished(client, accepted)

    assert server.cpu_seconds() - worked < 2 * len(BAD) + 5
    assert server.memory() - memory < 300_000_000
    reasons = {error["image"]: error["error_code"] for error in done["errors"]}
    assert reasons == {name: code for name, (_, code) in BAD.items()}
    assert all(error["error"].endswith(".") for error in done["errors"])
    assert (done["type"], done["status"]) == ("job_completed", "partially_completed")
    assert client.get(done["primary_download_url"]).content.startswith(b"PK")
