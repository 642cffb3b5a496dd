"""The JSON body of a batch says all that the API's description promises."""

from __future__ import annotations

import json
from pathlib import Path

from app.api.openapi import BATCH_BODY
from app.api.uploads.json_body import JsonBody
from app.api.uploads.sinks import FileSink

SAMPLES = {"string": "x", "boolean": True}


def test_every_described_option_is_read(tmp_path: Path) -> None:
    described = dict(BATCH_BODY["content"]["application/json"]["schema"]["properties"])
    del described["images"]
    options = {name: SAMPLES[option["type"]] for name, option in described.items()}
    body = JsonBody(lambda: FileSink(tmp_path / "image", 100), 1)

    body.feed(json.dumps({"images": [{"image": "YWJj"}], **options}).encode())
    body.close()

    assert body.fields == {name: str(value) for name, value in options.items()}
