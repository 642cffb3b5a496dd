"""Everything that is known about the cells of a table before they are given out."""

from __future__ import annotations

from app.recognition.local.trust.columns import kinds, surroundings, table_shape
from app.recognition.local.trust.hypotheses import agreement, table_agreement
from app.recognition.local.trust.judged import Features, Judged
from app.recognition.local.trust.placing import neighbours, placing
from app.recognition.local.trust.reading import reading, table_reading, usual_height


def features(judged: Judged) -> list[Features]:
    """For each cell; none for an empty one. A feature that is not named is unknown."""
    table = table_agreement(judged) | table_shape(judged) | table_reading(judged)
    agreed, height = agreement(judged), usual_height(judged.region.words)
    around = zip(
        judged.cells,
        neighbours(judged),
        kinds(judged),
        surroundings(judged),
        strict=True,
    )
    return [
        table
        | reading(cell, height)
        | placing(cell, judged)
        | agreed.get(cell.place, {})
        | beside
        | kind
        | surrounding
        if cell.words
        else {}
        for cell, beside, kind, surrounding in around
    ]
