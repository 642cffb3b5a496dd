"""A JSON body cut anywhere gives the same skeleton and the same bytes."""

from __future__ import annotations

import base64
import json
import tempfile
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.api.uploads.json_body import JsonBody
from app.api.uploads.json_strings import LONG
from app.api.uploads.sinks import FileSink
from app.errors import TooLarge


def read(body: bytes, cuts: list[int], folder: Path) -> JsonBody:
    numbers = count()
    parser = JsonBody(lambda: FileSink(folder / str(next(numbers)), 10**9), max_images=20)
    for start, end in pairwise([0, *sorted(cut % (len(body) + 1) for cut in cuts), len(body)]):
        parser.feed(body[start:end])
    parser.close()
    return parser


def escaped(text: str, style: str) -> str:
    if style == "slashes":
        return text.replace("/", "\\/")
    if style == "unicode":
        return text.replace("+", "\\u002B").replace("=", "\\u003d").replace("/", "\\u002f")
    return text


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.sampled_from([0, 1, 2, 3, 1000, LONG, LONG + 1, 3 * LONG]), min_size=1, max_size=4),
    name=st.text(max_size=40),
    style=st.sampled_from(["plain", "slashes", "unicode"]),
    cuts=st.lists(st.integers(0, 10**6), max_size=12),
    seed=st.integers(0, 9),
)
def test_any_cut_and_spelling_gives_the_same_bytes(
    sizes: list[int], name: str, style: str, cuts: list[int], seed: int
) -> None:
    contents = [bytes((seed + step * 97) % 256 for step in range(size)) for size in sizes]
    images = [{"filename": name, "image": base64.b64encode(content).decode()} for content in contents]
    body = escaped(json.dumps({"note": 'a \\ and a "', "images": images}), style).encode()

    with tempfile.TemporaryDirectory() as folder:
        found = read(body, cuts, Path(folder)).images
        assert [image.file.path.read_bytes() for image in found] == contents
        assert all(image.filename == name and image.error is None for image in found)


def test_long_text_that_is_no_image_is_refused(tmp_path: Path) -> None:
    body = json.dumps({"images": [], "session_id": "x" * 2 * LONG}).encode()

    parser = read(body, [], tmp_path)

    assert not parser.images
    assert len(parser.fields["session_id"]) < 100, "a mark, which no check of ids lets pass"


def test_much_besides_the_images_is_refused(tmp_path: Path) -> None:
    body = json.dumps({"images": [], "x": ["y" * 1000] * 3000}).encode()

    with pytest.raises(TooLarge):
        read(body, list(range(0, len(body), 65536)), tmp_path)


def test_mark_of_another_string_cannot_be_forged(tmp_path: Path) -> None:
    body = json.dumps({"images": [{"image": "0" * 32 + "-0"}, {"image": "A" * 4 * LONG}]}).encode()

    [forged, real] = read(body, [], tmp_path).images

    assert forged.file.size == 25, "the text itself, decoded"
    assert real.file.size == 3 * LONG
