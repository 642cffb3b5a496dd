"""Everything that is known about the cells of a table before they are given out."""

from __future__ import annotations

from app.recognition.local.trust.columns import kinds, surroundings, table_shape
from app.recognition.local.trust.glyphs import glyphs
from app.recognition.local.trust.hypotheses import agreement, table_agreement
from app.recognition.local.trust.judged import Features, Judged
from app.recognition.local.trust.placing import neighbours, placing
from app.recognition.local.trust.reading import reading, table_reading, usual_height
from app.recognition.local.trust.regularity import regularity
from app.recognition.local.trust.wording import wording


def features(judged: Judged) -> list[Features]:
    """For each cell; none for an empty one. A feature that is not named is unknown."""
    table = table_agreement(judged) | table_shape(judged) | table_reading(judged)
    agreed, height = agreement(judged), usual_height(judged.region.words)
    of_all = (placing, neighbours, kinds, surroundings, regularity, wording, glyphs)
    each = [part(judged) for part in of_all]
    found: list[Features] = []
    for cell, *parts in zip(judged.cells, *each, strict=True):
        own: Features = {}
        if cell.words:
            for part in (table, reading(cell, height), agreed.get(cell.place, {}), *parts):
                own.update(part)
        found.append(own)
    return found
