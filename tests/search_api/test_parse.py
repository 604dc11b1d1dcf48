"""What a text means."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.types import Facet
from corpus.vocabulary import load_vocabulary
from search_api.analysis import instruments_in
from search_api.query.parameters import YearRange
from search_api.query.parse import ParsedText, parse
from search_api.query.translations import SWITCH
from search_api.query.tree import (
    And,
    Boosted,
    Concepts,
    Everything,
    Fuzzy,
    Most,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Values,
    Words,
    Years,
    leaves,
    text_only,
)

STREET_VENDORS = ((Facet.GROUP, "street_vendors"),)
MARKET_TRADERS = ((Facet.GROUP, "market_traders"),)
PERU = ((Facet.COUNTRY, "PER"),)


def read(text: str, *, off: tuple[str, ...] = (), **others: Any) -> ParsedText:
    """Return what a text means; translations, which most words have, have tests of their own."""
    return parse(text, vocabulary=load_vocabulary(), off=(*off, SWITCH), **others)


def all_of(*parts: Node) -> Node:
    """Return words between which nothing stands, all of which an answer has."""
    return Most(parts, len(parts))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        ("pebbles", Words("pebbles")),
        ("hawkers", Concepts("hawkers", STREET_VENDORS)),
        ("hawkers AND Perú", And((Concepts("hawkers", STREET_VENDORS), Concepts("Perú", PERU)))),
        ("hawkers^3", Boosted(Concepts("hawkers", STREET_VENDORS), 3.0)),
        ("pebbles -hawkers", And((Words("pebbles"), Not(Words("hawkers"))))),
        ("pebbles rent", all_of(Words("pebbles"), Words("rent"))),
        ("pebbles (rent kettles)", all_of(Words("pebbles"), Words("rent"), Words("kettles"))),
        ("street vendors", Concepts("street vendors", STREET_VENDORS)),
        ("vendeurs de rue", Concepts("vendeurs de rue", STREET_VENDORS)),
        ("rent Perú", all_of(Words("rent"), Concepts("Perú", PERU))),
        ("pebbles (market vendors)", all_of(Words("pebbles"), Concepts("market vendors", MARKET_TRADERS))),
        ("a OR b", Or((Words("a"), Words("b")))),
        ("pebbles a OR b", And((Words("pebbles"), Or((Words("a"), Words("b")))))),
        ("pebbles || kettles", Or((Words("pebbles"), Words("kettles")))),
        ("pebbles && kettles", And((Words("pebbles"), Words("kettles")))),
        ("hawkers || Perú", Or((Concepts("hawkers", STREET_VENDORS), Concepts("Perú", PERU)))),
        ("pebbles -lima", And((Words("pebbles"), Not(Words("lima"))))),
        ("+pebbles rent", And((Words("rent"), Phrase("pebbles")))),
        ("NOT lima", Not(Words("lima"))),
        ('"street vendors"', Phrase("street vendors")),
        ("«street vendors»", Phrase("street vendors")),
        ("“street vendors”~2", Phrase("street vendors", slop=2)),
        ('"street vend"*', Phrase("street vend", open_end=True)),
        ("recicl*", Prefix("recicl")),
        ("hawkers~", Fuzzy("hawkers")),
        ("vendors~2", Fuzzy("vendors", distance=2)),
        ("title:pensions", Words("pensions", field="title")),
        ("Author:Chen", Words("Chen", field="author")),
        ("country:per,col", Values("country", ("PER", "COL"))),
        ('country:"South Africa"', Values("country", ("ZAF",))),
        ("country:pe", Values("country", ("PER",))),
        ("country:DRC", Values("country", ("COD",))),
        ("country:UK", Values("country", ("GBR",))),
        ("region:latin america", Values("region", ("419",))),
        ("Country:south korea pebbles", And((Words("pebbles"), Values("country", ("KOR",))))),
        ("country:peru lima", And((Words("lima"), Values("country", ("PER",))))),
        ("(country:Guinea Bissau)", Values("country", ("GNB",))),
        ("country:Côte d'Ivoire", Values("country", ("CIV",))),
        ("group:street_vendors", Values("group", ("street_vendors",))),
        ("lang:ES", Values("lang", ("es",))),
        ("year:2015", Years(YearRange(2015, 2015))),
        ("year:2010..2020", Years(YearRange(2010, 2020))),
        ("year:2010-2020", Years(YearRange(2010, 2020))),
        ("year:[2010 TO *]", Years(YearRange(2010, None))),
        ("year:>2010", Years(YearRange(2011, None))),
        ("pebbles^3", Boosted(Words("pebbles"), 3.0)),
        ("pebbles 2015..2020", And((Words("pebbles"), Years(YearRange(2015, 2020))))),
        ("2015.. pebbles", And((Words("pebbles"), Years(YearRange(2015, None))))),
        ("pebbles ..2012", And((Words("pebbles"), Years(YearRange(None, 2012))))),
        ("cap. 1..4 pebbles", all_of(Words("cap."), Words("1..4"), Words("pebbles"))),
        ("Cusco - Lima", all_of(Words("Cusco"), Words("Lima"))),
        ("and/or", Words("and/or")),
    ],
)
def test_texts_and_their_trees(text: str, tree: Node) -> None:
    assert read(text).tree == tree


def test_a_doi_keeps_its_slash() -> None:
    assert read("doi:10.1000/ABC").tree == Values("doi", ("10.1000/abc",))
    assert read('doi:"https://doi.org/10.1000/ABC"').tree == Values("doi", ("10.1000/abc",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('street "vendors', "never closed"),
        ("(street vendors", "bracket is never closed"),
        ("vendedor:lima", "no field called vendedor"),
        ("country:Peruu vendors", "near: Peru"),
        ("year:long vendors", "not a year"),
        ("a* vendors", "begins too many words"),
        ("v*ndors", "Only a star at the end"),
        ("*vendors", "Only a star at the end"),
        ("cat~ food", "too short"),
        ("vendors OR", "nothing to join"),
        ("?!", "search has no words"),
        ("title:* vendors", "needs a value"),
        ("price:[1 TO 5]", "price"),
    ],
)
def test_what_is_not_understood_is_said_and_still_answered(text: str, said: str) -> None:
    parsed = read(text)
    assert said in " ".join(parsed.notes)


@pytest.mark.parametrize(
    "text", ["Informality: a review", "http://example.org/a?b=c", "Peru – Lima", "and/or", "A.B. & C"]
)
def test_signs_of_prose_are_no_commands(text: str) -> None:
    parsed = read(text)
    assert not [leaf for leaf in leaves(parsed.tree) if not isinstance(leaf, Words | Concepts)]
    assert not any("field" in note for note in parsed.notes)


def test_up_to_four_words_must_all_be_there() -> None:
    parsed = read("pebbles rent kettles Lima")
    assert parsed.tree == all_of(*map(Words, ("pebbles", "rent", "kettles", "Lima")))
    assert not parsed.ranks_by_all_words


def test_a_concept_counts_as_one_word_however_many_it_has() -> None:
    parsed = read("recicladores de oficio rent pebbles Lima")
    waste_pickers = Concepts("recicladores de oficio", ((Facet.GROUP, "waste_pickers"),))
    assert parsed.tree == all_of(waste_pickers, Words("rent"), Words("pebbles"), Words("Lima"))
    assert not parsed.ranks_by_all_words


def test_a_group_a_country_and_years_are_understood() -> None:
    parsed = read("vendedores ambulantes en Perú 2015..2020")
    assert parsed.tree == And(
        (
            all_of(Concepts("vendedores ambulantes", STREET_VENDORS), Concepts("Perú", PERU)),
            Years(YearRange(2015, 2020)),
        )
    )
    assert [each.concepts for each in parsed.concepts] == [STREET_VENDORS, PERU]


def test_a_concept_that_is_switched_off_is_words_and_is_still_named() -> None:
    parsed = read("street vendors Perú", off=("group:street_vendors",))
    assert parsed.tree == all_of(Words("street"), Words("vendors"), Concepts("Perú", PERU))
    assert [each.concepts for each in parsed.concepts] == [STREET_VENDORS, PERU]


def test_strict_searches_for_what_is_written() -> None:
    parsed = read("street vendors Perú", strict=True)
    assert parsed.tree == all_of(Phrase("street"), Phrase("vendors"), Phrase("Perú"))
    assert not parsed.concepts
    assert read("vendors", strict=True).tree == Phrase("vendors")
    assert read("title:vendors", strict=True).tree == Phrase("vendors", field="title")
    assert read("pebbles -vendors", strict=True).tree == And((Phrase("pebbles"), Not(Phrase("vendors"))))


@pytest.mark.parametrize(
    "text",
    ["Convention 177", "convention no. 177", "Convention No 177", "Convenio núm. 177", "Convenio nº 177",
     "convention n° 177", "Convenção nº 177", "Convenção 177"],
)  # fmt: skip
def test_an_instrument_by_its_number_is_one_unit(text: str) -> None:
    tree = read(f"{text} pebbles").tree
    assert isinstance(tree, Most)
    assert tree.minimum == len(tree.parts) == 2
    assert isinstance(tree.parts[0], Words)
    assert instruments_in(tree.parts[0].text) == ("c177",)


def test_a_longer_text_ranks_by_all_its_words_but_stop_words() -> None:
    parsed = read("what do the pebbles of Lima earn, rent and kettles melted")
    assert parsed.ranks_by_all_words
    words = ("pebbles", "Lima", "earn", "rent", "kettles", "melted")
    assert isinstance(parsed.tree, Most)
    assert [part.text.strip(",") for part in parsed.tree.parts if isinstance(part, Words)] == list(words)
    assert parsed.tree.minimum == 3


def test_a_word_said_twice_in_a_long_text_counts_one_and_a_half_times() -> None:
    parsed = read("pebbles and rent in Lima and pebbles in Cusco and kettles in Juliaca")
    assert isinstance(parsed.tree, Most)
    assert Boosted(Words("pebbles"), 1.5) in parsed.tree.parts


def test_exclusions_and_fields_of_a_long_text_still_hold() -> None:
    parsed = read('what do street vendors of Lima earn -tax country:PER "per day"')
    assert isinstance(parsed.tree, And)
    most, *others = parsed.tree.parts
    assert isinstance(most, Most)
    assert set(others) == {Not(Words("tax")), Values("country", ("PER",)), Phrase("per day")}


def test_a_long_text_in_capitals_has_no_operators() -> None:
    parsed = read("WOMEN AND MEN IN THE INFORMAL ECONOMY: A STATISTICAL PICTURE")
    assert isinstance(parsed.tree, Most)
    assert isinstance(read("ILO AND WIEGO").tree, And)


def test_what_a_page_can_answer() -> None:
    tree = read('pebbles -lima country:PER title:tax ("per day" OR year:2015)').tree
    assert text_only(tree) == And((Words("pebbles"), Phrase("per day")))
    assert text_only(read("country:PER").tree) is None


def test_the_reading_is_said_in_words() -> None:
    assert read("pebbles rent -lima").in_words == "pebbles and rent, not lima"
    assert read("street vendors -lima").in_words == "street vendors, not lima"
    assert read("a OR b year:2018..").in_words == "published 2018.. and (a or b)"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=120))
def test_no_text_is_too_strange(text: str) -> None:
    parsed = read(text)
    assert isinstance(parsed.in_words, str)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=' ab"()+-~*^:.[]{}|&!/\\ANDORT\n', max_size=60))
def test_no_heap_of_signs_is_too_strange(text: str) -> None:
    assert list(leaves(read(text).tree)) is not None


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["vendor", "tax", '"per day"', "lim*"]), min_size=1, max_size=3), st.booleans())
def test_excluding_is_the_same_with_minus_and_not(parts: list[str], grouped: bool) -> None:
    inner = f"({' '.join(parts)})" if grouped or len(parts) > 1 else parts[0]
    assert read(f"market -{inner}").tree == read(f"market NOT {inner}").tree
