"""Grids from the white between words, for tables as people set them."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from app.recognition.local.evidence import GridHypothesis
from app.recognition.local.structure.unruled.gaps import from_gaps
from app.recognition.local.structure.unruled.stub import lines_beside_stub
from tests.support.typewriter import HIGH, Typed, texts, typed


def read(page: Typed) -> list[list[str]]:
    return texts(page, from_gaps(page.words, page.box, page.rulings))


def test_numbers_set_right_and_labels_set_left() -> None:
    page = typed("""
        Country                    2021      2022
        Austria                 1,200.5       9.1
        Belgium, Luxembourg           3     10.25
        Czechia                               7.0
    """)
    assert read(page) == [
        ["Country", "2021", "2022"],
        ["Austria", "1,200.5", "9.1"],
        ["Belgium, Luxembourg", "3", "10.25"],
        ["Czechia", "", "7.0"],
    ]


def test_one_box_over_two_columns_does_not_join_them() -> None:
    page = typed("""
        Region    Count (share)   Mean
        North     120 (4.1)       3.2
        South      33 (9.0)       1.7
        East       47 (12) 5.5
        West       90 (8.8)       4.0
    """)
    east = next(word for word in page.words if word.text.startswith("47"))
    assert east.text == "47 (12) 5.5"
    assert [row[1:] for row in read(page)][1:] == [
        ["120 (4.1)", "3.2"],
        ["33 (9.0)", "1.7"],
        ["47 (12) 5.5", ""],
        ["90 (8.8)", "4.0"],
    ]


def test_wrapped_labels_continue_their_row() -> None:
    page = typed("""
        Statement                     Agree   Disagree
        Antipsychotic treatment is      7.1       68.4
        the most effective way
        Treatment carries a high         45       12.0
        risk of dependency
        The benefits of treatment         1       99.0
        outweigh the risk of it
    """)
    assert [row[0] for row in read(page)] == [
        "Statement",
        "Antipsychotic treatment is the most effective way",
        "Treatment carries a high risk of dependency",
        "The benefits of treatment outweigh the risk of it",
    ]


def test_section_rows_stay_rows() -> None:
    page = typed("""
        Variable              Ratio    95 % CI
        Gender
          Male                1.000
          Female              0.426    0.152
        Type of surgery
          Low resection       1.000
          Other               3.140    0.919
    """)
    assert [row[0] for row in read(page)] == [
        "Variable", "Gender", "Male", "Female", "Type of surgery", "Low resection", "Other",
    ]  # fmt: skip


def test_a_name_back_at_the_edge_below_an_indented_one_begins_a_row() -> None:
    page = typed("""
        Sector               2019    2020    2021    2022    2023

        Agriculture
          Wheat and rye       426     152     211     320     118
          Fruit and trees     114     919     412     107     311
        Fish of the sea
          Salmon farms        314     919     502     611     702
        Manufacturing
          Wood and paper       12      48      33      17      25
    """)
    tight = [
        replace(word, box=replace(word.box, y0=0.7 * word.box.y0, y1=0.7 * word.box.y0 + HIGH))
        for word in page.words
    ]
    assert [row[0] for row in read(replace(page, words=tuple(tight)))] == [
        "Sector", "Agriculture", "Wheat and rye", "Fruit and trees", "Fish of the sea", "Salmon farms",
        "Manufacturing", "Wood and paper",
    ]  # fmt: skip


def test_a_header_group_spans_the_children_under_its_ruling() -> None:
    page = typed("""
                       Agency level        Individuals
                    ------------------  ------------------
        'Group
                     6 months  12 months   6 months  12 months
        ------------------------------------------------------
        Manual          1.38       1.15       0.46       0.40
        Web             0.53       0.25       0.19       0.09
    """)
    assert read(page)[0] == ["Group", "Agency level", "<", "Individuals", "<"]
    assert read(page)[1] == ["^", "6 months", "12 months", "6 months", "12 months"]


def test_a_label_at_the_middle_of_its_rows_spans_them() -> None:
    page = typed("""
        Data       Mechanism     0.1    0.2
        ------------------------------------
                   classic     102.4   42.6
        MNIST      analytic     23.4   20.6
                   ours          0.2    4.9
        ------------------------------------
                   classic      57.8  218.8
        Real-sim   analytic     36.1   39.6
                   ours          5.5    0.1
        ------------------------------------
    """)
    column = [row[0] for row in read(page)]
    assert column == ["Data", "MNIST", "^", "^", "Real-sim", "^", "^"]


def test_a_label_between_two_lines_spans_both() -> None:
    page = typed("""
        Measure       p        A        B
        ---------------------------------
                    0.2   0.0010   0.0055
        'Accuracy
                    0.5   0.0004   0.0021
        ---------------------------------
                    0.2   0.0014   0.0086
        'G-mean
                    0.5   0.0014   0.0051
    """)
    seen = read(page)
    assert [row[0] for row in seen] == ["Measure", "Accuracy", "^", "G-mean", "^"]
    assert seen[2][1:] == ["0.5", "0.0004", "0.0021"]


def test_wide_word_spaces_make_no_column_beside_vertical_rulings() -> None:
    page = typed("""
        Number  of  member  states |  21   |   8
        in  the  whole  analysis   |       |
        Number  of  states  where  |  11   |   3
        one  company  was  new     |       |
        Number  of  firms  in  all |  40   |  12
    """)
    grid = from_gaps(page.words, page.box, page.rulings)
    assert grid is not None
    assert grid.cols == 3


@pytest.mark.parametrize("page", ["", "Alone"])
def test_little_text_is_no_fault(page: str) -> None:
    typed_page = typed(page)
    grid = from_gaps(typed_page.words, typed_page.box, typed_page.rulings)
    assert (grid is None) == (page == "")


def test_what_another_source_sees_weighs_in() -> None:
    page = typed("""
        Name      Town
        Adams     Bern
        Baker     Rome
    """)
    two_rows = GridHypothesis((0, 35, 90), (0, 80, page.box.x1), source="eyes")
    seen = from_gaps(page.words, page.box, page.rulings, proposal=two_rows)
    assert seen is not None
    assert seen.source == "gaps+eyes"
    assert seen.cols == 2


@pytest.mark.parametrize(("rows", "cols"), [(200, 4), (12, 30), (200, 30)])
def test_long_and_wide_tables_are_whole_in_little_time(rows: int, cols: int) -> None:
    lines = ["Item  " + "".join(f"{f'C{col}':>9}" for col in range(1, cols))]
    lines += [
        f"I{row:<5}" + "".join(f"{row * col % 97 + col / 10:9.1f}" for col in range(1, cols))
        for row in range(1, rows)
    ]
    page = typed("\n".join(lines))
    began = time.process_time()
    grid = from_gaps(page.words, page.box, page.rulings)
    assert time.process_time() - began < 3
    assert grid is not None
    assert (grid.rows, grid.cols, grid.spans) == (rows, cols, ())


def test_a_column_of_lone_digits_and_an_empty_column() -> None:
    page = typed("""
        Site      Beds   Staff   Notes   Open
        North        7       1              3
        South        4       2              5
        East         9       1              8
    """)
    assert read(page)[1] == ["North", "7", "1", "", "3"]
    assert read(page)[0] == ["Site", "Beds", "Staff", "Notes", "Open"]


def test_a_column_name_between_two_lines_of_the_header_joins_them_not() -> None:
    page = typed("""
                       Rate      Cost
        'Method
                       (dev)     (total)
        Base           4.3       5.9
        Tuned          4.2       5.6
        Tuned again    4.0       5.2
    """)
    assert [line.words[0].text for line in lines_beside_stub(page.words, (0, 80, 140, 240), 0, 12)] == [
        "Rate",
        "(dev)",
        "Base",
        "Tuned",
        "Tuned again",
    ]


def test_a_name_between_the_two_levels_of_a_header_of_years_joins_them_not() -> None:
    page = typed("""
                 Harbour       Tariff
        Library
                    2015     2019     2004
        -----------------------------------
        Engine    300.15       93        5

        Meadow      7.20       24       71
    """)
    lines = lines_beside_stub(page.words, (0, 54, 108, 162, 216), 0, 12)
    assert [line.words[0].text for line in lines] == ["Harbour", "2015", "Engine", "Meadow"]


def test_the_last_line_of_a_list_in_columns_is_a_row_of_its_own() -> None:
    page = typed("""
        authblk     babel        cjk        dvips
        epsf        epsfig       euler      float
        fullpage    geometry     graphics   hyperref
        layout      linespread   lmodern    maltepaper
        navigator   pdfcomment   pgfplots   psfig
        pstricks    tabular      titlesec   tocbind
        ulem
    """)
    assert read(page)[-2:] == [["pstricks", "tabular", "titlesec", "tocbind"], ["ulem", "", "", ""]]


SHEET = typed("""
    Day         Customer        Qty
     2026-05-05 O'Neil and Sons  30
     2026-10-03 Acme             22
     2026-08-24 West Harbour      7
     2026-02-05 Miller           11
     2026-04-22 Acme              7
     2026-04-13 Miller            6
""")


def test_columns_a_space_apart_are_parted_where_their_names_stand_apart() -> None:
    assert read(SHEET)[:3] == [
        ["Day", "Customer", "Qty"],
        ["2026-05-05", "O'Neil and Sons", "30"],
        ["2026-10-03", "Acme", "22"],
    ]


def test_two_decimals_a_space_apart_in_each_row_are_two_columns() -> None:
    page = typed("""
        Sector         2019  2020
        Wheat         0,426 0,152
        Fish          0,314 0,919
        Salt          0,100 0,217
        Wood          0,512 0,448
    """)
    assert read(page)[1] == ["Wheat", "0,426", "0,152"]


def test_thousands_a_space_apart_are_one_number() -> None:
    page = typed("""
        Sector         2019
        Wheat         4 260
        Fish          3 140
        Salt          1 007
        Wood          5 124
    """)
    assert read(page)[1] == ["Wheat", "4 260"]


def test_words_below_each_other_in_one_column_stay_together() -> None:
    page = typed("""
        When                    Qty
        12 May 2024 at noon      30
        14 May 2024              22
        17 Jun 2024 at night      7
        21 Jul 2024              11
        30 Jul 2024 at noon       7
        31 Aug 2024               6
    """)
    assert [row[0] for row in read(page)][1:3] == ["12 May 2024 at noon", "14 May 2024"]
