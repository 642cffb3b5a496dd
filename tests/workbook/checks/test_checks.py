"""Sums and other relations between cells: found where they hold, told where one digit breaks them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal

import pytest

from app.tables.grid import Cell, Table
from app.workbook.checks.amounts import cell_at
from app.workbook.checks.find import find_checks
from app.workbook.checks.relation import Kind
from app.workbook.checks.repairs import Finding
from app.workbook.checks.told import notes
from app.workbook.values import type_tables

Rows = list[list[str]]


def table_of(rows: Sequence[Sequence[str]], header_rows: int = 1) -> Table:
    cells = [Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
    return Table.from_cells(cells, header_rows=header_rows)


def found(rows: Sequence[Sequence[str]], header_rows: int = 1) -> list[Finding]:
    table = table_of(rows, header_rows)
    return find_checks(table, type_tables([table])[0])


def broken(rows: Sequence[Sequence[str]], header_rows: int = 1) -> list[Finding]:
    return [finding for finding in found(rows, header_rows) if finding.relation.remedies]


SALES = [
    ["Region", "2021", "2022", "2023"],
    ["North", "1,204", "1,318", "1,422"],
    ["South", "987", "1,001", "1,150"],
    ["East", "2,310", "2,405", "2,377"],
    ["West", "645", "702", "811"],
    ["Total", "5,146", "5,426", "5,760"],
]


def test_a_total_row_that_adds_up_is_told_and_nothing_is_under_suspicion() -> None:
    findings = found(SALES)
    sums = [finding.relation for finding in findings if finding.relation.kind is Kind.SUM]
    assert {relation.result for relation in sums} == {(5, 1), (5, 2), (5, 3)}
    assert all(relation.holds for relation in sums)


@pytest.mark.parametrize(("row", "col", "wrong"), [(2, 1, "967"), (5, 3, "5,768"), (3, 2, "2,485")])
def test_one_wrong_digit_is_found_in_its_column(row: int, col: int, wrong: str) -> None:
    rows = [list(line) for line in SALES]
    rows[row][col] = wrong
    (finding,) = broken(rows)
    cells = {finding.relation.result, *finding.relation.terms}
    assert (row, col) in cells
    assert {place[1] for place in cells} == {col}


def test_where_a_row_and_a_column_both_fail_the_cell_and_its_repair_are_named() -> None:
    rows = [
        ["", "A", "B", "C", "Total"],
        ["x", "120", "340", "515", "975"],
        ["y", "233", "871", "404", "1508"],
        ["z", "654", "112", "398", "1164"],
        ["Total", "1007", "1323", "1317", "3647"],
    ]
    rows[2][2] = "811"
    findings = broken(rows)
    assert {finding.repair.position for finding in findings if finding.repair} == {(2, 2)}
    assert {finding.repair.text for finding in findings if finding.repair} == {"871"}
    told = notes(cell_at(table_of(rows)), findings)
    assert list(told) == [(2, 2)]
    assert "871 instead of 811. Nothing was changed." in told[2, 2]


def test_subtotals_and_a_grand_total_are_told_apart() -> None:
    rows = [
        ["Item", "Amount"],
        ["Apples", "1,250.50"],
        ["Pears", "830.25"],
        ["Subtotal fruit", "2,080.75"],
        ["Leek", "412.00"],
        ["Kale", "98.40"],
        ["Chard", "77.15"],
        ["Subtotal vegetables", "587.55"],
        ["Total", "2,668.30"],
    ]
    sums = {f.relation.result: f.relation.terms for f in found(rows) if f.relation.kind is Kind.SUM}
    assert sums[3, 1] == ((1, 1), (2, 1))
    assert sums[7, 1] == ((4, 1), (5, 1), (6, 1))
    assert sums[8, 1] == ((3, 1), (7, 1))


def test_a_total_above_its_parts_and_a_total_column_at_the_left() -> None:
    above = [SALES[0], ["All regions", "5,146", "5,426", "5,760"], *SALES[1:5]]
    assert {f.relation.result for f in found(above)} == {(1, 1), (1, 2), (1, 3)}
    left = [
        ["", "Total", "Men", "Women"],
        ["a", "351", "120", "231"],
        ["b", "977", "466", "511"],
        ["c", "86", "31", "55"],
    ]
    assert {f.relation.result for f in found(left) if f.relation.kind is Kind.SUM} == {(1, 1), (2, 1), (3, 1)}


def test_numbers_rounded_one_by_one_raise_no_alarm() -> None:
    rows = [["", "Share"], ["a", "33.3"], ["b", "33.3"], ["c", "33.3"], ["Total", "100.0"]]
    assert not broken(rows)


def test_a_quantity_times_a_price_and_the_vat_of_it() -> None:
    rng = random.Random(5)
    rows = [["Item", "Qty", "Price", "Amount"]]
    for i in range(8):
        quantity, price = rng.randint(2, 40), rng.randint(150, 9900) / 100
        rows.append([f"Item {i}", str(quantity), f"{price:.2f}", f"{quantity * price:.2f}"])
    assert {f.relation.kind for f in found(rows)} == {Kind.PRODUCT}
    before = rows[4][3]
    rows[4][3] = before.replace(before[0], "9" if before[0] != "9" else "1", 1)
    (finding,) = broken(rows)
    assert finding.relation.result == (4, 3)
    assert finding.repair is not None
    assert finding.repair.text == before


def test_a_running_balance_names_the_line_that_breaks_it() -> None:
    rows = [["Date", "In", "Out", "Balance"], ["1 May", "", "", "1,000.00"]]
    balance = Decimal(1000)
    moves = [("250.00", ""), ("", "99.50"), ("", "410.25"), ("1,200.00", ""), ("", "75.10"), ("330.00", "")]
    for plus, minus in moves:
        balance += Decimal(plus.replace(",", "") or 0) - Decimal(minus.replace(",", "") or 0)
        rows.append(["May", plus, minus, f"{balance:,.2f}"])
    assert all(f.relation.holds for f in found(rows))
    rows[4][2] = "410.75"
    assert (4, 2) in {place for f in broken(rows) for place in f.relation.terms}


def test_an_index_that_skips_is_told() -> None:
    rows = [["No", "Name"], *([str(i), f"name {chr(96 + i)}"] for i in range(1, 11))]
    rows[6][0] = "8"
    (finding,) = broken(rows)
    assert finding.repair is not None
    assert (finding.repair.position, finding.repair.text) == ((6, 0), "6")


def test_random_numbers_and_means_raise_no_alarm() -> None:
    rng = random.Random(11)
    alarms = 0
    for _ in range(60):
        count, cols = rng.randint(4, 12), rng.randint(2, 5)
        values = [[rng.randint(10, 5000) for _ in range(cols)] for _ in range(count)]
        rows = [["Name", *(f"c{i}" for i in range(cols))]]
        rows += [[f"n{i}", *map(str, line)] for i, line in enumerate(values)]
        rows.append(["Average", *(str(round(sum(column) / count)) for column in zip(*values, strict=True))])
        alarms += bool(broken(rows))
    assert alarms <= 1


def test_of_several_repairs_the_one_that_text_recognition_held_possible_is_suggested() -> None:
    rows = [list(line) for line in SALES]
    rows[2][1] = "967"
    cells = [
        Cell(r, c, text, alternatives=("987",) if (r, c) == (2, 1) else ())
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    ]
    table = Table.from_cells(cells, header_rows=1)
    findings = find_checks(table, type_tables([table])[0])
    assert [f.repair.position for f in findings if f.repair] == [(2, 1)]


def test_sums_that_are_all_exact_leave_no_room_for_rounding() -> None:
    """Seven exact sums of twelve numbers are no chance; so the eighth, off by one, is wrong."""
    rng = random.Random(3)
    values = [[rng.randint(100, 999) for _ in range(8)] for _ in range(12)]
    rows = [["Region", *"ABCDEFGH"], *([f"r{i}", *map(str, line)] for i, line in enumerate(values))]
    rows.append(["Total", *(str(sum(column)) for column in zip(*values, strict=True))])
    rows[2][3] = str(values[1][2] + 1)
    (finding,) = broken(rows)
    assert (2, 3) in finding.relation.terms
    assert not broken([line[2:5] for line in rows]), "two exact sums are a chance"


@pytest.mark.parametrize("label", ["Total", "Z"])
def test_a_lone_column_whose_last_line_one_digit_makes_the_sum_is_told(label: str) -> None:
    rows = [["Name", "Sum"], *([f"n{i}", str(40_000 + 7919 * i)] for i in range(6)), [label, "358785"]]
    assert [f.relation.result for f in found(rows) if f.relation.holds] == [(7, 1)]
    rows[3][1] = "55438"
    (finding,) = broken(rows)
    assert (3, 1) in finding.relation.terms


def test_a_plain_zero_among_decimals_widens_no_tolerance() -> None:
    rows = [
        ["", "n", "%"],
        ["a", "109", "0.9"],
        ["b", "123", "1.1"],
        ["c", "36", "0"],
        ["Total", "268", "0.9"],
    ]
    assert {f.relation.result for f in found(rows)} == {(4, 1)}


def test_one_number_with_a_leading_zero_does_not_hide_its_column() -> None:
    rows = [["", "n"], ["a", "4016"], ["b", "4140"], ["c", "0811"], ["d", "1302"], ["Total", "18269"]]
    (finding,) = broken(rows)
    assert finding.relation.result == (5, 1)
