"""What goes from the engine's process to its owner comes through whole."""

from __future__ import annotations

from app.recognition.engine import EngineName, FoundTable, Recognition
from app.services.engine_messages import Done, parse_answer
from app.services.frames import LENGTH, frame
from app.tables.geometry import Box
from app.tables.grid import Cell, Table


def test_repaired_cells_come_through() -> None:
    cell = Cell(0, 0, "5.10", box=Box(1, 2, 3, 4), raw_text="S.10", alternatives=("S.10", "5.1O"))
    done = Done(Recognition((FoundTable(Table(1, 1, (cell,)), 1),), 1, EngineName.LOCAL))

    assert parse_answer(frame(done)[LENGTH.size :]) == done
