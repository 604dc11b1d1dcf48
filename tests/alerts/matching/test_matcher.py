"""Saved searches come and go, and match what is new for them."""

from __future__ import annotations

import dataclasses

import pytest

from alerts.matching import Matcher, SavedSearch
from corpus.vocabulary import Vocabulary, load_vocabulary
from search_api.query.parameters import SearchQuery, YearRange
from tests.builders import make_document, make_tag


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def saved(number: int, text: str, *, since: int = 0, **others: object) -> SavedSearch:
    return SavedSearch(number, SearchQuery(text=text, **others), since=since)  # type: ignore[arg-type]


MARKET = make_document("d1", title="Vendors of the market", pages=("They sell fruit.",), first_sequence=5)
PENSION = make_document("d2", title="A pension for all", pages=("Who pays?",), first_sequence=9)


def test_a_search_matches_only_documents_after_its_sequence_number(vocabulary: Vocabulary) -> None:
    matcher = Matcher([saved(1, "", since=4), saved(2, "", since=5), saved(3, "", since=9)], vocabulary=vocabulary)
    assert matcher.pairs([PENSION, MARKET]) == [(1, "d2"), (2, "d2"), (1, "d1")]


def test_the_event_of_a_document_is_what_the_caller_says_it_is(vocabulary: Vocabulary) -> None:
    matcher = Matcher([saved(1, "market OR pension", since=9)], vocabulary=vocabulary)
    found = matcher.match([MARKET, PENSION], event_of=lambda document: 12 if document.id == "d1" else 9)
    assert [(each.search, each.document, each.sequence) for each in found] == [(1, "d1", 12)]


def test_more_documents_than_a_mask_has_bits_are_matched_in_turn(vocabulary: Vocabulary) -> None:
    documents = [make_document(f"d{number}", title=f"Number {number}", first_sequence=1) for number in range(150)]
    matcher = Matcher([saved(7, "number 149"), saved(8, "title:number")], vocabulary=vocabulary)
    found = matcher.pairs(documents)
    assert len(found) == 151
    assert (7, "d149") in found


def test_no_documents_and_no_searches_match_nothing(vocabulary: Vocabulary) -> None:
    assert Matcher(vocabulary=vocabulary).pairs([MARKET]) == []
    assert Matcher([saved(1, "market"), saved(2, '"the market"')], vocabulary=vocabulary).pairs([]) == []


def test_searches_that_are_added_match_as_if_they_had_been_there_at_first(vocabulary: Vocabulary) -> None:
    texts = (
        "market",
        '"of the market"',
        "pens*",
        "vendors -fruit",
        "pension OR market",
        "markt~",
        "a b c d e market fruit",
    )
    whole = Matcher([saved(number, text) for number, text in enumerate(texts)], vocabulary=vocabulary)
    grown = Matcher([saved(number, text) for number, text in enumerate(texts[:2])], vocabulary=vocabulary)
    for number, text in enumerate(texts[2:], start=2):
        grown.add([saved(number, text)])
    assert grown.pairs([MARKET, PENSION]) == whole.pairs([MARKET, PENSION])
    assert len(grown) == len(texts)


def test_searches_that_are_removed_match_nothing_and_leave_the_others(vocabulary: Vocabulary) -> None:
    texts = ("market", '"of the market"', "vend*", "pension", "vendors -fruit", "fruit", '"sell fruit"')
    matcher = Matcher([saved(number, text) for number, text in enumerate(texts)], vocabulary=vocabulary)
    matcher.remove({0, 1, 4, 99})
    assert matcher.pairs([MARKET]) == [(2, "d1"), (5, "d1"), (6, "d1")]
    matcher.remove({2, 3, 5, 6})
    assert (len(matcher), matcher.pairs([MARKET])) == (0, [])


def test_a_search_that_is_added_again_takes_the_place_of_the_old_one(vocabulary: Vocabulary) -> None:
    matcher = Matcher([saved(1, "market")], vocabulary=vocabulary)
    matcher.add([saved(1, "pension")])
    assert matcher.pairs([MARKET, PENSION]) == [(1, "d2")]


def test_a_search_that_cannot_be_read_any_more_is_reported_and_the_others_match(vocabulary: Vocabulary) -> None:
    gone = saved(1, "market", groups=("no_such_group",))
    dear = saved(2, " OR ".join(f"w{number}*" for number in range(30)))
    matcher = Matcher([gone, dear, saved(3, "market")], vocabulary=vocabulary)
    assert matcher.unreadable.keys() == {1, 2}
    assert matcher.unreadable[1].parameter == "group"
    assert "no_such_group" in str(matcher.unreadable[1])
    assert matcher.pairs([MARKET]) == [(3, "d1")]


def test_a_troubled_search_that_is_mended_or_removed_is_no_longer_reported(vocabulary: Vocabulary) -> None:
    broken = saved(1, "market", topics=("no_such_topic",))
    matcher = Matcher([broken, dataclasses.replace(broken, id=2)], vocabulary=vocabulary)
    matcher.add([saved(1, "market")])
    matcher.remove([2])
    assert matcher.unreadable == {}
    assert matcher.pairs([MARKET]) == [(1, "d1")]


def test_filters_and_years_narrow_a_search(vocabulary: Vocabulary) -> None:
    tagged = make_document(
        "d1",
        title="Market",
        published="2019",
        tags=(make_tag("country", "PER"), make_tag("country", "GHA", about=False)),
        first_sequence=1,
    )
    searches = [
        saved(1, "", countries=("PER", "COL")),
        saved(2, "", countries=("GHA",)),
        saved(3, "", countries=("GHA",), about=False),
        saved(4, "market", regions=("419",), years=YearRange(2018, None)),
        saved(5, "market", years=YearRange(None, 2018)),
        saved(6, "", langs=("en",), countries=("PER",)),
    ]
    found = Matcher(searches, vocabulary=vocabulary).pairs([tagged])
    assert [search for search, _ in found] == [1, 3, 4, 6]


def test_a_document_without_pages_matches_by_its_title(vocabulary: Vocabulary) -> None:
    unread = make_document("d1", title="Street vendors", pages=(), first_sequence=1)
    assert Matcher([saved(1, "vendors"), saved(2, "fruit")], vocabulary=vocabulary).pairs([unread]) == [(1, "d1")]
