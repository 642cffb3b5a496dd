"""Which parts of a typed page are tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.recognition.evidence import Ruling
from app.recognition.local.regions.find import find_regions
from app.recognition.local.regions.region import Region
from app.tables.geometry import Box
from tests.support.typewriter import HIGH, typed

PROSE = """
    Nobody had expected that the second quarter would turn out so well after
    the slow start of the year, and the company had prepared for much worse.
"""


def found(*parts: str) -> list[Region]:
    page = typed("\n".join(part.strip("\n") for part in parts))
    return find_regions(page.words, page.rulings, HIGH)


def words(region: Region) -> list[str]:
    return [word.text for word in region.words]


def test_rows_stand_as_far_apart_as_their_own_letters_ask() -> None:
    page = typed("Case   river\nTopic  water\nScene  money\n")
    assert [len(region.words) for region in find_regions(page.words, (), HIGH / 4)] == [6]


def test_two_columns_of_words_between_rulings_are_no_prose() -> None:
    table = """
    -----------------------------------------------
    Top active feature        Feature of the bank
    Semantic concept          Location in nature
    -----------------------------------------------
    Top active feature        Feature of the door
    Semantic concept          Location in a house
    -----------------------------------------------
    """
    assert [len(region.words) for region in found(PROSE, table)] == [8]


def test_a_narrow_table_between_two_wide_ones_is_its_own() -> None:
    wide = """
    Method     Clean      Final      All
    ----------------------------------------
    linear     0.91       2.00       4.93
    cubic      0.95       2.04       4.78
    """
    narrow = """
            -------------------
            Silver     0.89
            -------------------
            Copper     0.96
            Nickel     1.24
            -------------------
    """
    closed = "    ----------------------------------------" + wide
    assert [len(region.words) for region in found(wide, "\n\n", narrow, "\n\n", closed)] == [12, 6, 12]


def test_columns_of_text_are_read_each_for_itself() -> None:
    page = """
    The first column tells what happened in      North         12        18
    the north of the country and on its many     South          7         9
    islands, where the harvest had been very     East          21        34
    good in spite of the rain of the summer.
                                                 The other one has a table on its top and
                                                 goes on below it with what is known from
                                                 the south, where it was too dry for corn.
    """
    assert [words(region) for region in found(page)] == [
        ["North", "12", "18", "South", "7", "9", "East", "21", "34"]
    ]


def test_title_and_notes_of_several_lines() -> None:
    page = """
    Tableau 3: Emploi par secteur, par âge et par région du pays, en
    milliers de personnes, moyennes annuelles
    -----------------------------------------------------------
    Secteur            2019         2020         2021
    -----------------------------------------------------------
    Agriculture         12           14           13
    Industrie           58           51           55
    -----------------------------------------------------------
    (:) Non disponible.
    Note:  Les personnes qui ont plusieurs emplois sont comptées
           une fois.
    Source: Office national de la statistique, enquête annuelle sur
    les forces de travail.
    """
    (region,) = found(page)
    assert len(region.words) == 12
    assert region.title == (
        "Tableau 3: Emploi par secteur, par âge et par région du pays, en"
        " milliers de personnes, moyennes annuelles"
    )
    assert region.notes == (
        "(:) Non disponible.",
        "Note: Les personnes qui ont plusieurs emplois sont comptées une fois.",
        "Source: Office national de la statistique, enquête annuelle sur les forces de travail.",
    )


def test_caption_of_a_figure_is_no_title() -> None:
    page = """
    Figure 2: Employment by sector
    -----------------------------------------------------------
    Sector             2019         2020         2021
    -----------------------------------------------------------
    Agriculture         12           14           13
    -----------------------------------------------------------
    """
    assert [region.title for region in found(page)] == [""]


def test_chart_and_text_in_frames_are_no_tables() -> None:
    chart = """
    ------------------------------------------------------------
    |  Relevance                                               |
    |                 29                                       |
    |        10                                     1          |
    |                                                          |
    |  Excellent          Satisfactory                         |
    |  Partly good        Unrated                              |
    ------------------------------------------------------------
    """
    box = """
    ------------------------------------------------------------------------------
    | Box 4: what was agreed upon                                                |
    | Nobody had expected that the second quarter would turn out so well after   |
    | the slow start of the year, and the company had prepared for much worse.   |
    ------------------------------------------------------------------------------
    """
    assert found(chart) == []
    assert found(PROSE, box) == []


def test_names_of_several_lines_belong_to_their_rows() -> None:
    page = """
    -----------------------------------------------------------
    Opinion                                  yes       no
    -----------------------------------------------------------
    It helps against most                     71       29
    of the sicknesses that
    are known today
    It is dangerous for                       45       55
    the old and for those
    who are weak, and it
    should not be sold
    """
    (region,) = found(page)
    assert len(region.words) == 14


def test_paragraphs_in_cells_are_rows() -> None:
    page = """
    Term             Meaning
    Carrier          Anyone who, under a contract of carriage, undertakes to perform
                     the carriage by rail, road, air, sea or by a mixture of these
                     modes, or who has it performed by another person of his choice
    Consignee        The person who is entitled to take delivery of all of the goods
                     when they arrive at the place of delivery that was agreed upon
    Freight          What is paid to the carrier for moving the goods from one place
                     to another, with insurance where this was agreed
    """
    (region,) = found(page)
    assert len(region.words) == 12


@pytest.mark.parametrize(
    "page",
    [
        """
        1    Introduction ............................   3
        2    What is known ...........................   7
        2.1  In the north ............................   9
        3    What was found ..........................  21
        References ...................................  30
        """,
        """
        [1]  A. Meyer and B. Schulze. On the growth of towns in the north.
             Journal of Towns, 12(3), 2001.
        [2]  C. Brown. How people live. Press of the University, 1999.
        [3]  D. White, E. Black and F. Green. Towns without rivers. Annals
             of Geography, 7, 2010.
        """,
        """
        v = a t + b                                           (1)
        s = v t + c                                           (2)
        """,
        """
        Nobody had expected that the second      and that the winter was going to be
        quarter would turn out so well after     even harder than all of the others.
        the slow start of the year; they had     It was then that the first of them
        been told that nothing would come.       left the valley to look for work.
        """,
        """
        -  the north grows
        -  the south does not
        1)  there is rain
        2)  there is none
        """,
    ],
    ids=["contents", "references", "equations", "columns", "list"],
)
def test_what_only_looks_like_rows_is_no_table(page: str) -> None:
    assert found(page) == []


REGIONS = ["Region", "2019", "2020", "North", "12", "14", "South", "7", "9", "East", "21", "34"]
CITIES = ["City", "People", "Bern", "134", "Basel", "178", "Chur", "40", "Sion", "35"]


def test_unruled_tables_beside_each_other_with_a_title_each() -> None:
    page = """
    Table 1: Regions              Table 2: Cities
    Region     2019   2020        City         People
    North        12     14        Bern            134
    South         7      9        Basel           178
    East         21     34        Chur             40
                                  Sion             35
    """
    left, right = found(page)
    assert (words(left), left.title) == (REGIONS, "Table 1: Regions")
    assert (words(right), right.title) == (CITIES, "Table 2: Cities")


def test_unruled_tables_beside_each_other_with_rows_of_their_own() -> None:
    page = """
    Region     2019   2020
    North        12     14        City         People
    South         7      9        Bern            134
    East         21     34        Basel           178
                                  Chur             40
                                  Sion             35
    """
    assert [words(region) for region in found(page)] == [REGIONS, CITIES]


def test_unruled_table_beside_a_ruled_one() -> None:
    ruled = typed(
        """
        ---------------------
        | Region   |  2019  |
        ---------------------
        | North    |    12  |
        | South    |     7  |
        ---------------------
        """
    )
    cities = typed(
        """
        City         People
        Bern            134
        Basel           178
        Chur             40
        Sion             35
        """
    )
    beside = [replace(w, box=Box(w.box.x0 + 180, w.box.y0, w.box.x1 + 180, w.box.y1)) for w in cities.words]
    regions = find_regions((*ruled.words, *beside), ruled.rulings, HIGH)
    assert sorted(map(words, regions)) == [CITIES, ["Region", "2019", "North", "12", "South", "7"]]


def test_a_wide_gap_between_columns_does_not_part_a_table() -> None:
    page = """
    Region                              2019     2020
    North                                 12       14
    South                                  7        9
    """
    assert len(found(page)) == 1


def test_a_name_of_two_lines_with_its_value_beside_the_last_parts_no_ruled_table() -> None:
    page = """
    -------------------------------------------------------------------
    Denmark                                             61         86
    -------------------------------------------------------------------
    Norway                                              65         25
    -------------------------------------------------------------------
    Nobody had expected that the second quarter would
    turn out so well                                               76
    -------------------------------------------------------------------
    Finland                                             27         14
    -------------------------------------------------------------------
    """
    (region,) = found(page)
    assert len(region.words) == 12


def test_a_header_of_many_lines_does_not_part_columns_of_numbers() -> None:
    page = """
                                                 Area      Rank
    Town      Code                               value     of the
              (old)                              added     town
                                                 at        by area
    Bern        51                               134          5
    Basel       23                               178          3
    """
    (region,) = found(page)
    assert {"Bern", "51", "134", "5"} < set(words(region))


def test_header_lines_over_single_columns_belong_to_the_table() -> None:
    page = """
                            Number of
    Town         Area         people      Rank
    Bern           51           134          5
    Basel          23           178          3
    """
    (region,) = found(page)
    assert "Number of" in words(region)


def test_a_header_whose_names_have_several_lines_each_belongs_to_the_rows_below_their_rules() -> None:
    page = """
    Group         Area       Number
                 of the        of          Rank
                  town       people
                              (n)
    ----------------------------------------------
    Bern           51          134          5
    ----------------------------------------------
    Basel          23                       3
    ----------------------------------------------
    """
    (region,) = found(PROSE, page)
    assert words(region)[:4] == ["Group", "Area", "Number", "of the"]


def test_heading_below_a_table_is_no_row() -> None:
    page = """
    Town         Area       People      Rank
    Bern           51          134         5
    Basel          23          178         3

    2.6 Members report
    """
    (region,) = found(page)
    assert words(region)[-4:] == ["Basel", "23", "178", "3"]


def test_a_name_of_two_lines_with_its_value_between_them_parts_no_stack() -> None:
    page = """
    ------------------------------------------------------------------------
    Income                                                  42           52
    ------------------------------------------------------------------------
    Operating income between all states and other persons
    '                                                        9
    that are known to be regional members
    ------------------------------------------------------------------------
    Wood                                                    59           51
    Coal                                                     3           17
    ------------------------------------------------------------------------
    """
    (region,) = found(page)
    assert len(region.words) == 12


def test_heading_right_above_a_table_is_its_title() -> None:
    page = """
    Nobody had expected that the second quarter would turn out so well after
    the slow start of the year, and the company had prepared for much worse.

    Employment by sector
    -----------------------------------------------------------
    Sector             2019         2020         2021
    -----------------------------------------------------------
    Agriculture         12           14           13
    -----------------------------------------------------------
    """
    assert [region.title for region in found(page)] == ["Employment by sector"]
    assert [region.title for region in found(page.replace("Employment by sector", "as one can see."))] == [""]


def test_a_wide_table_between_two_narrow_ones_of_equal_width_is_its_own() -> None:
    def narrow(*names: str) -> str:
        rows = "".join(f"            {name}      0.89\n" for name in names)
        return f"            ------------------\n{rows}            ------------------\n"

    wide = """
    ----------------------------------------
    Method     Clean      Final      All
    linear     0.91       2.00       4.93
    ----------------------------------------
    """
    page = (narrow("Silver", "Copper"), wide, narrow("Nickel", "Indium"))
    assert [len(region.words) for region in found(*page)] == [4, 8, 4]


def test_column_names_between_rulings_do_not_continue_the_title_above() -> None:
    page = """
         Table 5: What was chosen for them
    -------------------------------------------
    Parameter chosen  First stage  Second stage
    -------------------------------------------
                   Optimization
    -------------------------------------------
    Rate of learning  0.1          0.01
    Size of a batch   2048         64
    -------------------------------------------
    """
    (region,) = found(page)
    assert words(region)[:3] == ["Parameter chosen", "First stage", "Second stage"]


def test_stretched_line_below_a_table_begins_a_paragraph() -> None:
    page = """
    -------------------------------------------------------
    Attack     What    When    Why    Known    By
    -------------------------------------------------------
    replay     says    noon    any    heard    us
    eclipse    hides   dusk    all    never    he
    -------------------------------------------------------
    Nothing    like    this    was    known    to    anyone
    of the few people in the town, who had done this often.
    """
    (region,) = found(page)
    assert words(region)[-1] == "he"


def test_table_that_reaches_to_the_gutter_takes_no_text_from_the_next_column() -> None:
    page = """
    The first column tells what happened in       The other column has nothing but text that
                                                  goes on beside the table, line for line of
    -----------------------------------------
    Seq    00    01    02    05    07    08  09   the same height and without any space that
    ORB    11    14    17    18    15    16  12   would tell more than those between columns
    DSO    16    10    17    18    14    11  12   tell of a table, which is not so very much
    -----------------------------------------
    islands, where the harvest had been very
    good in spite of the rain of the summer.
    """
    (region,) = found(page)
    assert len(region.words) == 24


def test_head_whose_vertical_rulings_were_not_seen() -> None:
    page = """
    ---------------------------------------------
                 Cora             Citeseer
    'Method
               ----------------------------------
                 NMI      ARI     NMI      ARI
    ---------------------------------------------
    K-means    | 0.321    0.230 | 0.305    0.279
    VGAE       | 0.436    0.346 | 0.156    0.093
    ---------------------------------------------
    """
    (region,) = found(page)
    assert len(region.words) == 17


def test_sums_ruled_off_below_their_numbers_take_the_names_far_left_of_them() -> None:
    statement = """
                                    Note       2023        2022
    Revenue                            3     48,210      44,907
    Cost of sales                           (31,455)    (29,872)
                                            --------------------
    Gross profit                             16,755      15,035
    Costs                              5     (9,410)     (8,866)
                                            --------------------
    Operating profit                          7,345       6,169
    Finance costs                            (1,022)       (987)
                                            --------------------
    Profit                                    6,323       5,182
    """
    assert [len(region.words) for region in found(statement)] == [26]


@pytest.mark.parametrize(("names", "space"), [("Licence   Holder           Issued", 8), ("Holder    ", 18)])
def test_column_names_right_below_a_paragraph_do_not_end_it(names: str, space: int) -> None:
    """``space``: pixels between them; lines of the paragraph stand 8 apart."""
    rows = f"""
    {names}                      Status
    Kelso     Trust              26/07/2021      active
    Oban      Farm               06/11/2021      lapsed
    Nairn     Ltd                21/09/2021      active
    """
    text, below = typed(PROSE), typed(rows)
    down = max(word.box.y1 for word in text.words) + space - min(word.box.y0 for word in below.words)
    moved = [replace(w, box=Box(w.box.x0, w.box.y0 + down, w.box.x1, w.box.y1 + down)) for w in below.words]
    (region,) = find_regions([*text.words, *moved], (), HIGH)
    assert words(region) == [word.text for word in below.words]


def test_a_gutter_hardly_wider_than_a_space_parts_columns() -> None:
    page = """
                                              ----------------------------
    The first column tells what happened in   Region       2019      2020
                                              ----------------------------
    the north of the country and on its many  North          12        18
    islands, where the harvest had been very  South           7         9
    good in spite of the rain of the summer,  East           21        34
                                              ----------------------------
    and so the people of the coast had begun  The other one has a table on its top and
    to store the grain for the coming winter  goes on below it with what is known from
    and to mend the roofs of all their barns  the south, where it was too dry for corn
    before the first of the storms came from  and for most other plants that had grown
    the sea and took what had not been tied.  there for as long as anyone could recall
    """
    (region,) = found(page)
    assert len(region.words) == 12


def test_a_paragraph_beside_its_label_between_rulings_belongs_to_the_stack() -> None:
    page = """
    ----------------------------------------------------------------------------
    Step    What is done
    ----------------------------------------------------------------------------
    1a      distances between all of the towns are taken from the map of 1901
    ----------------------------------------------------------------------------
    1b      towns are put together into groups until no two of the groups are
            nearer to each other than the mean of all distances within them
            which takes longest where many small towns lie in a valley, where
            roads are few and where the way around a mountain is far longer
            than the way over it would have been for anyone who could fly
    ----------------------------------------------------------------------------
    2       the names of the groups are taken from their largest towns
    ----------------------------------------------------------------------------
    """
    (region,) = found(PROSE, "\n\n", page, "\n\n", PROSE)
    assert len(region.words) == 12


def test_names_of_sections_between_the_column_names_and_the_first_row() -> None:
    sheet = """
                                              2022        2021
    Assets
    Current assets
    Cash                                     1,204         998
    Inventory                                  882         901
                                            --------------------
                                             2,086       1,899
    Plant                                    7,120       7,650
                                            --------------------
    Total assets                             9,206       9,549
                                            --------------------
    """
    assert [len(region.words) for region in found(sheet)] == [18]


def test_a_section_name_does_not_lead_into_the_table_above() -> None:
    stacked = """
    Town       North      South
    Kelso         12         18
    Oban           7          9

    Summer
    ----------------------------
    Town       North      South
    ----------------------------
    Nairn         34         38
    Ayr           21         29
    ----------------------------
    """
    assert [len(region.words) for region in found(stacked)] == [9, 9]


def test_long_texts_that_begin_at_the_same_place_behind_a_narrow_gap_are_no_prose() -> None:
    glossary = typed("""
    Term    Meaning
    Anchor  a small fee charged on entry to a port
    Birch   any person named in the older register
    Cedar   the first stage of the long procedure
    Delta   a document that proves some ownership
    """)
    assert [len(region.words) for region in find_regions(glossary.words, (), HIGH)] == [10]


def test_a_stroke_across_some_rules_of_a_table_does_not_part_it() -> None:
    rows = "\n".join(f"    -----------------------\n    No{i}     1{i}     2{i}     3{i}" for i in range(8))
    page = typed(rows + "\n    -----------------------")
    levels = sorted(ruling.at for ruling in page.rulings)
    stroke = Ruling(levels[4] - 4, levels[6] + 4, page.words[1].box.x0 - 9, horizontal=False)
    regions = find_regions(page.words, [*page.rulings, stroke], HIGH)
    assert [len(region.words) for region in regions] == [32]


def test_a_paragraph_as_wide_as_the_rulings_parts_two_tables_of_one_width() -> None:
    def ruled(*rows: str) -> str:
        rule = "    " + "-" * 72
        return "\n".join([rule, rows[0], rule, *rows[1:], rule])

    cities = ruled(*(f"    {name:20}{a:20}{b:10}" for name, a, b in TOWNS))
    between = """
    Nobody had expected that the second quarter would turn out so very well
    after the slow start of the year.
    """
    loose = "\n".join(f"    Row{i}           {i}7         {i}3" for i in range(8))
    regions = found(cities, between, "\n", loose, "\n", cities)
    assert [len(region.words) for region in regions] == [12, 24, 12]


TOWNS = [("Town", "North", "South"), ("Kelso", "12", "18"), ("Oban", "7", "9"), ("Ayr", "21", "34")]


def test_paragraphs_between_rulings_right_behind_their_labels_belong_to_the_stack() -> None:
    page = """
    ----------------------------------------------------------------------------
    Step  What is done
    ----------------------------------------------------------------------------
    1a    distances between all of the towns
          from the map
          and all others
          from the atlas
    ----------------------------------------------------------------------------
    1b    towns are put together into groups until no two of the groups are such
          that they are nearer to each other than the mean of all distances is
          which takes longest where many small towns lie in a valley, and where
          roads are few and where the way around a mountain is far longer than
          the way over it would have been for anyone who could have flown home
    ----------------------------------------------------------------------------
    """
    (region,) = found(PROSE, "\n\n", page, "\n\n", PROSE)
    assert len(region.words) == 13
