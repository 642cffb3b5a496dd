"""What speaks for a row boundary between two text lines."""

from __future__ import annotations

from dataclasses import replace

from app.recognition.local.structure.unruled.gaps import from_gaps
from tests.support.typewriter import texts, typed


def test_the_space_beside_a_ruling_makes_no_other_narrow() -> None:
    page = typed("""
        Operation           Forward   Backward
        -----------------------------------------

        Attention           O(nnd)    O(nnd)
        Linear attention    O(ndd)    O(ndd)
        Convolution         O(knd)    O(knd)
        Recurrence          O(ndd)    O(ndd)
    """)
    high = (replace(w, box=replace(w.box, y0=w.box.y0 - 3, y1=w.box.y1 + 3)) for w in page.words)
    assert len(texts(page, from_gaps(tuple(high), page.box, page.rulings))) == 5
