"""What a text means."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.vocabulary import load_vocabulary
from search_api.query.parameters import YearRange
from search_api.query.parse import ParsedText, parse
from search_api.query.tree import (
    And,
    Boosted,
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


def read(text: str) -> ParsedText:
    return parse(text, vocabulary=load_vocabulary())


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        ("seaweed", Words("seaweed")),
        ("street vendors", And((Words("street"), Words("vendors")))),
        ("street (market vendors)", And((Words("street"), Words("market"), Words("vendors")))),
        ("a OR b", Or((Words("a"), Words("b")))),
        ("street a OR b", And((Words("street"), Or((Words("a"), Words("b")))))),
        ("vendors -lima", And((Words("vendors"), Not(Words("lima"))))),
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
        ("group:street_vendors", Values("group", ("street_vendors",))),
        ("lang:ES", Values("lang", ("es",))),
        ("year:2015", Years(YearRange(2015, 2015))),
        ("year:2010..2020", Years(YearRange(2010, 2020))),
        ("year:2010-2020", Years(YearRange(2010, 2020))),
        ("year:[2010 TO *]", Years(YearRange(2010, None))),
        ("year:>2010", Years(YearRange(2011, None))),
        ("vendors^3", Boosted(Words("vendors"), 3.0)),
        ("Peru - Lima", And((Words("Peru"), Words("Lima")))),
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
        ("cat~ food", "too short"),
        ("vendors OR", "nothing to join"),
        ("?!", "no word to search for"),
        ("title:* vendors", "without a value"),
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
    assert not [leaf for leaf in leaves(parsed.tree) if not isinstance(leaf, Words)]
    assert not any("field" in note for note in parsed.notes)


def test_up_to_four_words_must_all_be_there() -> None:
    assert isinstance(read("informal street vendors Lima").tree, And)
    assert not read("informal street vendors Lima").ranks_by_all_words


def test_a_longer_text_ranks_by_all_its_words_but_stop_words() -> None:
    parsed = read("what do the street vendors of Lima earn")
    assert parsed.ranks_by_all_words
    assert parsed.tree == Most((Words("street"), Words("vendors"), Words("Lima"), Words("earn")), minimum=1)


def test_a_word_said_twice_in_a_long_text_counts_one_and_a_half_times() -> None:
    parsed = read("seaweed and baskets and nets and ropes, boats and seaweed")
    assert isinstance(parsed.tree, Most)
    assert Boosted(Words("seaweed"), 1.5) in parsed.tree.parts


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
    tree = read('vendors -lima country:PER title:tax ("per day" OR year:2015)').tree
    assert text_only(tree) == And((Words("vendors"), Phrase("per day")))
    assert text_only(read("country:PER").tree) is None


def test_the_reading_is_said_in_words() -> None:
    assert read("street vendors -lima").in_words == "street and vendors, not lima"
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
