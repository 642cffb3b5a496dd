"""How the cells of a table look in the image: bold, and on what ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.recognition.local.evidence import Span
from app.recognition.local.fill import FilledCell
from app.recognition.local.looks.bold import bold_cells
from app.recognition.local.looks.fills import fills
from app.recognition.local.preparing.prepare import Prepared
from app.tables.grid import Look

_PHOTOGRAPHED = {"evened", "flattened"}
"""Steps of preparation that photographs need."""


def looks(sheet: Prepared, cells: Sequence[FilledCell], height: float) -> Mapping[Span, Look]:
    """What is seen of each cell that is bold or filled. ``height``: of a character, in pixels."""
    bold = bold_cells(sheet.pixels, cells, height)
    shaded = not _PHOTOGRAPHED.isdisjoint(sheet.steps)
    filled = {} if "inverted" in sheet.steps else fills(sheet.coloured, cells, shaded=shaded)
    return {place: Look(place in bold, filled.get(place)) for place in {*bold, *filled}}
