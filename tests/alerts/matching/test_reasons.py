"""Each match says why: words as they stand in the document, the best page, tags."""

from __future__ import annotations

import json

import pytest

from alerts.matching import Matcher, Reason, SavedSearch
from corpus.types import Document
from corpus.vocabulary import Vocabulary, load_vocabulary
from search_api.query.parameters import SearchQuery, YearRange
from tests.builders import make_document, make_tag


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def reason(document: Document, vocabulary: Vocabulary, text: str = "", **others: object) -> Reason:
    query = SearchQuery(text=text, **others)  # type: ignore[arg-type]
    (found,) = Matcher([SavedSearch(1, query, since=-1)], vocabulary=vocabulary).match([document])
    return found.reason


THREE_PAGES = make_document(
    "d1",
    title="Life at the quays",
    pages=(
        "A bridge stands.",
        "Bridges over rivers; bridges of wood on the River.",
        "The river, the river, the river.",
    ),
)


def test_words_stand_as_they_do_in_the_document(vocabulary: Vocabulary) -> None:
    assert {*reason(THREE_PAGES, vocabulary, "bridge river").words} == {"bridge", "Bridges", "rivers", "River"}
    assert reason(THREE_PAGES, vocabulary, '"bridges of wood"').words == ("bridges of wood",)
    assert reason(THREE_PAGES, vocabulary, "stan*").words == ("stands",)


def test_the_page_has_most_parts_of_the_search_on_it_rather_than_most_words(vocabulary: Vocabulary) -> None:
    assert reason(THREE_PAGES, vocabulary, "bridge river").page == 2
    assert reason(THREE_PAGES, vocabulary, "river").page == 3


def test_of_equal_pages_it_is_the_first(vocabulary: Vocabulary) -> None:
    alike = make_document("d1", title="Stalls", pages=("Nothing.", "A market.", "A market."))
    assert reason(alike, vocabulary, "market").page == 2


def test_back_matter_is_the_page_only_where_no_other_has_the_words(vocabulary: Vocabulary) -> None:
    cited = make_document("d1", title="Stalls", pages=("A market.", "Market market pension."), back_matter=(2,))
    assert reason(cited, vocabulary, "market").page == 1
    assert reason(cited, vocabulary, "pension").page == 2


def test_there_is_no_page_where_the_title_answers_alone(vocabulary: Vocabulary) -> None:
    found = reason(THREE_PAGES, vocabulary, "quays")
    assert (found.words, found.page) == (("quays",), None)


def test_words_that_are_asked_of_the_title_are_not_looked_for_on_pages(vocabulary: Vocabulary) -> None:
    titled = make_document("d1", title="The market", pages=("A market.", "An author."), authors=("Ana Quispe",))
    assert reason(titled, vocabulary, "title:market") == Reason(words=("market",))
    assert reason(titled, vocabulary, "author:quispe") == Reason(words=("Quispe",))


def test_excluded_words_are_no_reason(vocabulary: Vocabulary) -> None:
    assert reason(THREE_PAGES, vocabulary, "quays -pension").words == ("quays",)


def test_one_word_of_each_part_comes_first(vocabulary: Vocabulary) -> None:
    many = " ".join(["vendor vendors Vendors VENDOR"] * 9)
    document = make_document("d1", title="T", pages=(f"{many} fruit.",))
    assert reason(document, vocabulary, "vendor fruit").words[:2] == ("vendor", "fruit")


def test_tags_are_the_values_of_filters_that_the_document_has(vocabulary: Vocabulary) -> None:
    tagged = make_document(
        "d1",
        title="Market",
        published="2019-05",
        lang="en",
        tags=(make_tag("country", "PER"), make_tag("topic", "gender")),
    )
    found = reason(
        tagged, vocabulary, "market lang:en", countries=("COL", "PER"), regions=("419",), years=YearRange(2015, None)
    )
    assert found.tags == ("country:PER", "region:419", "year:2019", "lang:en")
    assert reason(tagged, vocabulary, countries=("PER",)) == Reason(tags=("country:PER",))
    assert reason(tagged, vocabulary, "country:PER OR topic:taxation year:2018..").tags == ("year:2019", "country:PER")


def test_a_concept_that_words_name_is_a_reason_where_the_document_is_tagged_with_it(vocabulary: Vocabulary) -> None:
    spanish = make_document(
        "d1",
        title="La calle",
        lang="es",
        pages=("Los ambulantes venden.",),
        tags=(make_tag("group", "street_vendors", places=((1, 1),)),),
    )
    found = reason(spanish, vocabulary, "street vendors")
    assert found.concepts == ("group:street_vendors",)
    assert (found.words, found.page) == (("ambulantes",), 1)


def test_a_search_of_everything_needs_no_reason(vocabulary: Vocabulary) -> None:
    assert reason(THREE_PAGES, vocabulary) == Reason()


def test_a_reason_goes_through_json_and_back() -> None:
    whole = Reason(
        words=("puestos", "市场"), page=3, concepts=("group:street_vendors",), tags=("country:PER", "year:2019")
    )
    for each in (whole, Reason(), Reason(page=1)):
        assert Reason.from_json(json.loads(json.dumps(each.to_json()))) == each
    assert Reason(page=1).to_json() == {"page": 1}
