"""Every kind of check on a drawn table: silent where it holds, told where one digit breaks it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from app.tables.grid import Cell, Table
from app.workbook.checks.amounts import Position, cell_at
from app.workbook.checks.find import find_checks
from app.workbook.checks.relation import Kind
from app.workbook.checks.repairs import Finding
from app.workbook.checks.told import notes
from app.workbook.values import type_tables
from tests.support.drawing import table


@dataclass(frozen=True)
class Drawn:
    """A correct table and the misreading of one of its cells."""

    name: str
    table: Table
    kind: Kind
    holding: set[Position]
    """Results of the kind's relations that are found."""
    place: Position
    wrong: str


DRAWN = [
    Drawn(
        "several total rows",
        table(
            "Staff      | 2022  | 2023",
            "Berlin     | 1,204 | 1,318",
            "Munich     | 987   | 1,001",
            "Total west | 2,191 | 2,319",
            "Leipzig    | 645   | 702",
            "Dresden    | 310   | 405",
            "Total east | 955   | 1,107",
            "Total      | 3,146 | 3,426",
            header_rows=1,
        ),
        Kind.SUM,
        {(3, 1), (3, 2), (6, 1), (6, 2), (7, 1), (7, 2)},
        (5, 2),
        "485",
    ),
    Drawn(
        "a hierarchy by numbers",
        table(
            "Chapter          | Cost",
            "1 Ground works   | 84,200",
            "1.1 Excavation   | 51,750",
            "1.2 Drains       | 32,450",
            "2 Walls          | 128,340",
            "2.1 Bricks       | 71,115",
            "2.2 Mortar       | 22,905",
            "2.3 Scaffolding  | 34,320",
            "Total            | 212,540",
            header_rows=1,
        ),
        Kind.SUM,
        {(1, 1), (4, 1), (8, 1)},
        (6, 1),
        "22,605",
    ),
    Drawn(
        "subtotals by column",
        table(
            "Club | Men   | Women | Adults | Boys | Girls | Youth | All",
            "Ajax | 2210 | 1751 | 3961  | 884 | 647    | 1531 | 5492",
            "Bern | 1143 | 1220 | 2363  | 713 | 938    | 1651 | 4014",
            "Cork | 3016 | 2041 | 5057  | 456 | 394    | 850   | 5907",
            header_rows=1,
        ),
        Kind.SUM,
        {(row, col) for row in (1, 2, 3) for col in (3, 6, 7)},
        (2, 4),
        "773",
    ),
    Drawn(
        "of which, which do not add up",
        table(
            "Population         | 2022   | 2023",
            "City               | 48,310 | 48,975",
            "of which under 18  | 9,120  | 9,204",
            "of which over 65   | 11,870 | 12,033",
            "Villages           | 21,644 | 21,530",
            "of which under 18  | 5,003  | 4,986",
            "Total              | 69,954 | 70,505",
            header_rows=1,
        ),
        Kind.PART,
        {(row, col) for row in (2, 3, 5) for col in (1, 2)},
        (3, 2),
        "92,033",
    ),
    Drawn(
        "of which, which add up",
        table(
            "Umsatz       | 2022      | 2023",
            "Inland       | 48.310,50 | 48.975,00",
            "davon Bücher | 36.190,20 | 36.771,10",
            "davon Spiele | 12.120,30 | 12.203,90",
            "Ausland      | 21.644,00 | 21.530,80",
            "Summe        | 69.954,50 | 70.505,80",
            header_rows=1,
        ),
        Kind.SUM,
        {(1, 1), (1, 2), (5, 1), (5, 2)},
        (2, 2),
        "36.711,10",
    ),
    Drawn(
        "the difference of rows",
        table(
            "Account  | 2021   | 2022   | 2023",
            "Sales    | 91,204 | 93,318 | 97,750",
            "Costs    | 64,330 | 66,905 | 68,112",
            "Taxes    | 6,071  | 5,982  | 7,013",
            "Earnings | 20,803 | 20,431 | 22,625",
            header_rows=1,
        ),
        Kind.SUM,
        {(1, 1), (1, 2), (1, 3)},
        (4, 2),
        "20,481",
    ),
    Drawn(
        "the difference of columns",
        table(
            "Shop | Plan  | Day | Actual | Open",
            "A    | 8,120 | 4.5 | 7,644  | 476",
            "B    | 5,310 | 6.0 | 4,987  | 323",
            "C    | 9,075 | 1.5 | 8,810  | 265",
            "D    | 6,666 | 2.5 | 5,501  | 1,165",
            "E    | 2,951 | 3.0 | 2,340  | 611",
            header_rows=1,
        ),
        Kind.DIFFERENCE,
        {(row, 4) for row in (1, 2, 3, 4, 5)},
        (3, 4),
        "285",
    ),
    Drawn(
        "the average",
        table(
            "Class   | Maths | Physics",
            "7a      | 71.2  | 66.4",
            "7b      | 68.9  | 70.1",
            "7c      | 74.5  | 69.8",
            "Average | 71.5  | 68.8",
            header_rows=1,
        ),
        Kind.MEAN,
        {(4, 1), (4, 2)},
        (4, 2),
        "63.8",
    ),
    Drawn(
        "quantity times price",
        table(
            "Item  | Qty | Price  | Amount",
            "Bolts | 120 | 0.85   | 102.00",
            "Saws  | 14  | 23.90  | 334.60",
            "Vices | 9   | 118.50 | 1,066.50",
            "Files | 33  | 7.25   | 239.25",
            header_rows=1,
        ),
        Kind.PRODUCT,
        {(row, 3) for row in (1, 2, 3, 4)},
        (2, 2),
        "28.90",
    ),
    Drawn(
        "shares of the total beside the amounts",
        table(
            "Fuel  | TWh   | %     | Plants",
            "Coal  | 141.7 | 33.8  | 17",
            "Gas   | 88.2  | 21.0  | 52",
            "Wind  | 120.4 | 28.7  | 91",
            "Solar | 69.3  | 16.5  | 64",
            "Total | 419.6 | 100.0 | 224",
            header_rows=1,
        ),
        Kind.PORTION,
        {(row, 2) for row in (1, 2, 3, 4, 5)},
        (3, 2),
        "23.7",
    ),
    Drawn(
        "shares of a whole that is not shown",
        table(
            "Party | Votes   | Share",
            "Red   | 310,250 | 41.19 %",
            "Blue  | 228,904 | 30.39 %",
            "Green | 120,711 | 16.03 %",
            "Other | 93,377  | 12.40 %",
            header_rows=1,
        ),
        Kind.PORTION,
        {(row, 2) for row in (1, 2, 3, 4)},
        (2, 2),
        "38.39 %",
    ),
    Drawn(
        "columns that add up to 100",
        table(
            "Answer  | Men  | Women | Youth",
            "Yes     | 48.2 | 51.7  | 60.3",
            "No      | 31.5 | 27.4  | 22.9",
            "Perhaps | 12.1 | 14.8  | 9.6",
            "None    | 8.2  | 6.1   | 7.2",
            header_rows=1,
        ),
        Kind.HUNDRED,
        {(4, 1), (4, 2), (4, 3)},
        (2, 2),
        "37.4",
    ),
    Drawn(
        "rows that add up to 100",
        table(
            "Region | Farms | Woods | Towns | Water",
            "North  | 44.1  | 38.0  | 12.6  | 5.3",
            "South  | 51.9  | 22.7  | 21.5  | 3.9",
            "East   | 37.8  | 47.3  | 8.8   | 6.1",
            header_rows=1,
        ),
        Kind.HUNDRED,
        {(1, 4), (2, 4), (3, 4)},
        (2, 3),
        "27.5",
    ),
    Drawn(
        "a running balance",
        table(
            "Day | Text   | In     | Out    | Balance",
            "1   | Start  |        |        | 1,000.00",
            "2   | Wages  | 250.00 |        | 1,250.00",
            "3   | Rent   |        | 99.50  | 1,150.50",
            "4   | Food   |        | 410.25 | 740.25",
            "5   | Refund | 120.00 |        | 860.25",
            "6   | Power  |        | 75.10  | 785.15",
            header_rows=1,
        ),
        Kind.BALANCE,
        {(row, 4) for row in range(2, 7)},
        (4, 3),
        "410.75",
    ),
    Drawn(
        "an index that counts on",
        table(*["No. | Name", *(f"{i} | Name {chr(64 + i)}" for i in range(1, 9))], header_rows=1),
        Kind.SEQUENCE,
        set(),
        (5, 0),
        "6",
    ),
    Drawn(
        "dates in order",
        table(
            "Date       | Event",
            "2023-01-14 | Kick-off",
            "2023-02-03 | Draft",
            "2023-02-27 | Review",
            "2023-03-19 | Release",
            "2023-04-02 | Fixes",
            "2023-05-11 | End",
            header_rows=1,
        ),
        Kind.DATES,
        set(),
        (3, 0),
        "2028-02-27",
    ),
]
CASES = pytest.mark.parametrize("drawn", DRAWN, ids=lambda drawn: drawn.name)


def checked(table: Table) -> list[Finding]:
    return find_checks(table, type_tables([table])[0])


def misread(table: Table, place: Position, text: str) -> Table:
    cells = (replace(c, text=text) if (c.row, c.col) == place else c for c in table.cells)
    return replace(table, cells=tuple(cells))


@CASES
def test_what_holds_is_found_and_nothing_is_under_suspicion(drawn: Drawn) -> None:
    findings = checked(drawn.table)
    assert not [finding for finding in findings if finding.relation.remedies]
    assert {f.relation.result for f in findings if f.relation.kind is drawn.kind} == drawn.holding


@CASES
def test_one_misread_digit_is_told_at_its_cells(drawn: Drawn) -> None:
    table = misread(drawn.table, drawn.place, drawn.wrong)
    broken = [finding for finding in checked(table) if finding.relation.remedies]
    told = [f for f in broken if drawn.place in (f.relation.result, *f.relation.terms)]
    assert drawn.kind in {finding.relation.kind for finding in told}
    assert notes(cell_at(table), told)


@CASES
def test_the_reading_that_text_recognition_held_possible_mends_it(drawn: Drawn) -> None:
    right = cell_at(drawn.table)[drawn.place].text
    table = misread(drawn.table, drawn.place, drawn.wrong)
    cells = (
        replace(c, alternatives=("?", right)) if (c.row, c.col) == drawn.place else c for c in table.cells
    )
    table = replace(table, cells=tuple(cells))
    repairs = {(f.repair.position, f.repair.text) for f in checked(table) if f.repair}
    assert (drawn.place, right) in repairs
    assert f"with {right} instead of {drawn.wrong}. Nothing was changed." in "".join(
        notes(cell_at(table), checked(table)).values()
    )


INDENTED = [
    ["Assets", "2022", "2023"],
    ["Fixed assets", "512,300", "538,115"],
    ["  Land", "201,450", "201,450"],
    ["  Machines", "310,850", "336,665"],
    ["Current assets", "248,905", "231,720"],
    ["  Stock", "120,400", "98,330"],
    ["  Cash", "128,505", "133,390"],
    ["Balance sheet", "761,205", "769,835"],
]


@pytest.mark.parametrize("seen", [True, False], ids=["by the image", "by spaces"])
def test_parts_that_a_hierarchy_shows_by_indentation_are_summed(seen: bool) -> None:
    """One column alone, so that nothing but the hierarchy tells what the wrong total adds up."""

    def drawn(wrong: str) -> Table:
        rows = [line[:2] for line in INDENTED]
        rows[6][1] = wrong
        cells = (
            Cell(r, c, text.strip() if seen else text, indent=int(seen and text.startswith(" ")))
            for r, row in enumerate(rows)
            for c, text in enumerate(row)
        )
        return Table.from_cells(cells, header_rows=1)

    sums = {f.relation.result: f.relation.terms for f in checked(drawn("128,505"))}
    assert sums == {
        (1, 1): ((3, 1), (2, 1)),
        (4, 1): ((6, 1), (5, 1)),
        (7, 1): ((1, 1), (4, 1)),
    }
    broken = [f.relation for f in checked(drawn("128,905")) if f.relation.remedies]
    assert [relation.result for relation in broken] == [(4, 1)]
    assert [f.relation.result for f in checked(drawn("128,905")) if f.relation.holds] == [(7, 1), (1, 1)]


def test_a_share_misread_with_a_leading_zero_is_still_a_share() -> None:
    """It is text in the sheet, and still the one that its column misses."""
    rows = [["Task", "Count", "Share"], ["A", "610,192", "09.2%"], ["B", "280,545", "27.2%"]]
    rows += [["C", "140,113", "13.6%"], ["Total", "1,030,850", "100.0%"]]
    cells = [Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
    repairs = [f.repair for f in checked(Table.from_cells(cells, header_rows=1)) if f.relation.remedies]
    assert {(repair.position, repair.text) for repair in repairs if repair} == {((1, 2), "59.2%")}


def test_a_named_total_adds_up_any_number_of_rows() -> None:
    body = [[f"Item {row}", str(row * row), str(7 * row)] for row in range(1, 1001)]
    sums = ["Total", *(str(sum(int(row[col]) for row in body)) for col in (1, 2))]
    body[500][1] = "251601"
    cells = [
        Cell(r, c, text) for r, row in enumerate([["", "A", "B"], *body, sums]) for c, text in enumerate(row)
    ]
    found = {f.relation.result: f for f in checked(Table.from_cells(cells, header_rows=1))}
    assert found[1001, 2].relation.holds
    assert (501, 1) in found[1001, 1].suspects


def test_numbers_with_leading_zeros_are_names_and_add_up_to_nothing() -> None:
    ids = ["ID", "007", "008", "009", "010", "011", "012", "013"]
    drawn = [[row[0], id_] for row, id_ in zip(INDENTED, ids, strict=True)]
    cells = [
        Cell(r, c, text.strip(), indent=int(text.startswith(" ")))
        for r, row in enumerate(drawn)
        for c, text in enumerate(row)
    ]
    assert not checked(Table.from_cells(cells, header_rows=1))


def test_an_only_child_is_no_further_part_of_the_total_behind_it() -> None:
    rows = [
        ("Assets", "2023", "2022", 0),
        ("Current assets", "1,200", "1,100", 0),
        ("Cash", "200", "100", 1),
        ("Receivables", "1,000", "1,000", 1),
        ("Fixed assets", "800", "900", 0),
        ("Land", "800", "900", 1),
        ("Total", "2,000", "2,000", 0),
    ]
    cells = [
        Cell(r, c, text, indent=0 if c else row[3])
        for r, row in enumerate(rows)
        for c, text in enumerate(row[:3])
    ]
    findings = checked(Table.from_cells(cells, header_rows=1))
    assert {(f.relation.result, f.relation.holds) for f in findings} == {
        ((row, col), True) for row in (1, 6) for col in (1, 2)
    }


def test_children_that_do_not_add_up_are_left_out_of_their_parents_total() -> None:
    rows = [list(line) for line in INDENTED]
    del rows[6], rows[3]
    cells = [Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
    findings = checked(Table.from_cells(cells, header_rows=1))
    assert {(f.relation.result, f.relation.holds) for f in findings} == {((5, 1), True), ((5, 2), True)}
