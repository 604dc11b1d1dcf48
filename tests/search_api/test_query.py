"""A search and its parameters."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import BadQuery
from corpus.vocabulary import load_vocabulary
from search_api.query.parameters import SearchQuery, Sort, YearRange


def read(*parameters: tuple[str, str], **others: Any) -> SearchQuery:
    return SearchQuery.from_parameters(parameters, vocabulary=load_vocabulary(), characters_max=100, **others)


def test_parameters_of_every_kind() -> None:
    query = read(
        ("q", " street vendors "), ("country", "per"), ("country", "COL"), ("region", "WB:ssa"), ("lang", "ES"),
        ("year", "2010..2020"), ("about", "false"), ("off", "group:street_vendors"), ("strict", "true"),
        ("near", "0"), ("sort", "newest"), ("limit", "5"), ("type", "report"),
    )  # fmt: skip
    assert query == SearchQuery(
        text="street vendors",
        countries=("PER", "COL"),
        regions=("wb:SSA",),
        langs=("es",),
        years=YearRange(2010, 2020),
        about=False,
        off=("group:street_vendors",),
        strict=True,
        near=0,
        sort=Sort.NEWEST,
        limit=5,
        types=("report",),
    )


def test_values_given_twice_count_once_and_empty_ones_not_at_all() -> None:
    assert read(("country", "PER"), ("country", "PER"), ("q", ""), ("year", " ")) == SearchQuery(countries=("PER",))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("country", "Peruu", "PER (Peru)"),
        ("country", "Columbia", "COL (Colombia)"),
        ("region", "Afrika", "002 (Africa)"),
        ("group", "street_vendor", "street_vendors"),
        ("contry", "PER", "country"),
        ("lang", "spanish", "two letters"),
        ("year", "2020..2010", "earlier year first"),
        ("year", "..", "earlier year first"),
        ("type", "pdf", "working_paper"),
        ("about", "maybe", "true or false"),
        ("strict", "maybe", "true or false"),
        ("near", "101", "0 to 100"),
        ("near", "few", "0 to 100"),
        ("off", "street_vendors", "group:street_vendors"),
        ("sort", "best", "relevance"),
        ("limit", "0", "1 to 100"),
        ("limit", "101", "1 to 100"),
        ("limit", "-1", "1 to 100"),
        ("limit", "١", "1 to 100"),
        ("cursor", "a b", "without cursor"),
        ("source", "samples", "sample"),
        ("q", "x" * 101, "100 are allowed"),
    ],
)
def test_what_is_not_allowed_is_named_with_what_is(name: str, value: str, says: str) -> None:
    with pytest.raises(BadQuery) as caught:
        read((name, value), sources={"sample", "own"})
    assert caught.value.parameter == name
    assert says in str(caught.value)


def test_a_single_parameter_given_twice_is_refused() -> None:
    with pytest.raises(BadQuery, match="twice"):
        read(("year", "2010"), ("year", "2011"))


@pytest.mark.parametrize("text", ["2015", "2010..2020", "2018..", "..2012"])
def test_years_are_written_as_they_are_read(text: str) -> None:
    assert str(YearRange.parse(text)) == text


@given(
    st.builds(
        SearchQuery,
        text=st.text(alphabet='ab "-é', max_size=20).map(str.strip),
        countries=st.lists(st.sampled_from(["PER", "COL", "MEX"]), unique=True).map(tuple),
        langs=st.lists(st.sampled_from(["en", "es", "und"]), unique=True).map(tuple),
        years=st.sampled_from([None, YearRange(2000, None), YearRange(None, 1999), YearRange(1990, 2000)]),
        about=st.booleans(),
        strict=st.booleans(),
        near=st.integers(0, 100),
        off=st.lists(st.sampled_from(["group:street_vendors", "country:PER"]), unique=True).map(tuple),
        sort=st.sampled_from(Sort),
        limit=st.integers(1, 100),
    )
)
def test_a_search_written_and_read_is_the_same(query: SearchQuery) -> None:
    assert read(*query.to_parameters()) == query


def test_taking_away_and_adding_values() -> None:
    query = SearchQuery(text="a", countries=("PER", "COL"), years=YearRange(2000, None), cursor="x")
    assert query.without("country", "PER").countries == ("COL",)
    assert query.without("country").countries == ()
    assert query.without("year").years is None
    assert query.without("country").cursor == ""
    assert query.with_value("country", "MEX").countries == ("PER", "COL", "MEX")
