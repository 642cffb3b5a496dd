"""Repairs look like the number that they mend."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.workbook.checks.writing import repaired


@pytest.mark.parametrize(
    ("raw", "value", "written"),
    [
        ("1,250.50", "1280.50", "1,280.50"),
        ("1.250,50", "1280.50", "1.280,50"),
        ("38.39 %", "0.3039", "30.39 %"),
        ("100.0", "95.0", "95.0"),
        ("1,022", "22", "22"),
        ("1.45", "0.05", "0.05"),
        ("0.45", "0.05", "0.05"),
        ("€ 512", "812", "€ 812"),
        ("(48)", "-43", "(43)"),
        ("48", "-43", "-43"),
        ("48", "148", "148"),
    ],
)
def test_a_value_is_written_as_the_raw_text_is(raw: str, value: str, written: str) -> None:
    assert repaired(raw, Decimal(value)) == written
