"""Why a document is no answer to a search, in words."""

from __future__ import annotations

import pytest

from alerts.matching import Explanation, LackKind, SavedSearch, in_words, why
from corpus.types import Document
from corpus.vocabulary import Vocabulary, load_vocabulary
from search_api.query.parameters import SearchQuery, YearRange
from tests.builders import make_document, make_tag


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


MARKET = make_document(
    "d1",
    title="Vendors of the market",
    pages=("They sell fruit.",),
    published="2019",
    tags=(make_tag("country", "PER"), make_tag("country", "GHA", about=False)),
    first_sequence=5,
)


def explained(
    vocabulary: Vocabulary, text: str = "", *, of: Document = MARKET, since: int = 0, **others: object
) -> Explanation:
    query = SearchQuery(text=text, **others)  # type: ignore[arg-type]
    return why(SavedSearch(1, query, since=since), of, vocabulary=vocabulary)


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        ("market river", LackKind.WORDS, "The document does not contain: river."),
        ("market waste pickers", LackKind.CONCEPT, "The document does not contain: waste pickers."),
        ('"market of the vendors"', LackKind.PHRASE, 'The document does not contain: exactly "market of the vendors".'),
        ("pens*", LackKind.BEGINNING, "The document does not contain: a word that begins with pens."),
        (
            "hawkirs~",
            LackKind.SPELLING,
            "The document does not contain: a word like hawkirs (up to one letter different).",
        ),
        ("taxes OR bylaws", LackKind.ALTERNATIVES, "The document does not contain: (taxes or bylaws)."),
        ("market -fruit", LackKind.EXCLUDED, "The document contains words that the search excludes: fruit."),
        ("market -(taxes OR fruit)", LackKind.EXCLUDED, "The document contains words that the search excludes: fruit."),
        ("title:fruit", LackKind.WORDS, "The document does not contain: fruit in title."),
        ("country:COL", LackKind.FILTER, "The document is not about Colombia (country)."),
        (
            "fruit pension licence queue bylaws eviction",
            LackKind.TOO_FEW,
            "The document has 1 of the 6 words of the search; 3 are needed.",
        ),
    ],
)
def test_the_part_that_fails_is_named(vocabulary: Vocabulary, text: str, kind: LackKind, sentence: str) -> None:
    found = explained(vocabulary, text)
    assert [lack.kind for lack in found.lacks] == [kind]
    assert in_words(found, vocabulary=vocabulary) == (sentence,)


def test_filters_that_fail_are_named_with_their_values(vocabulary: Vocabulary) -> None:
    found = explained(
        vocabulary, countries=("COL", "GHA"), langs=("es",), types=("law", "book"), years=YearRange(2020, None)
    )
    assert in_words(found, vocabulary=vocabulary) == (
        "The document is not about Colombia or Ghana (country).",
        "The document has another language than Español.",
        "The document has another type than Law or Book.",
        "The document was published in 2019; the search asks for 2020 or later.",
    )


def test_a_filter_on_what_is_mentioned_says_so(vocabulary: Vocabulary) -> None:
    assert explained(vocabulary, countries=("GHA",), about=False).matches
    found = explained(vocabulary, countries=("COL",), about=False)
    assert in_words(found, vocabulary=vocabulary) == ("The document does not mention Colombia (country).",)


def test_everything_that_fails_is_named(vocabulary: Vocabulary) -> None:
    found = explained(vocabulary, "river market -fruit", countries=("COL",))
    assert [lack.kind for lack in found.lacks] == [LackKind.WORDS, LackKind.EXCLUDED, LackKind.FILTER]


def test_a_document_without_a_date_is_in_no_years(vocabulary: Vocabulary) -> None:
    undated = make_document("d1", title="Market", first_sequence=1)
    found = explained(vocabulary, "market year:2010..2020", of=undated)
    assert in_words(found, vocabulary=vocabulary) == (
        "The publication date of the document is unknown; the search asks for 2010 to 2020.",
    )


def test_a_document_that_was_there_before_is_not_new(vocabulary: Vocabulary) -> None:
    assert explained(vocabulary, "market", since=4).matches
    found = explained(vocabulary, "market", since=5)
    assert in_words(found, vocabulary=vocabulary) == ("The document was already here when the alert began.",)
    later = why(SavedSearch(1, SearchQuery(text="market"), since=5), MARKET, vocabulary=vocabulary, event=6)
    assert later.matches


def test_a_document_that_nobody_could_read_is_said_to_be_so(vocabulary: Vocabulary) -> None:
    unread = make_document("d1", title="Market", pages=(), first_sequence=1)
    assert in_words(explained(vocabulary, "taxes", of=unread), vocabulary=vocabulary) == (
        "The document does not contain: taxes.",
        "No text of the document could be read so far.",
    )
    assert in_words(explained(vocabulary, "market", of=unread), vocabulary=vocabulary) == ()


def test_a_search_that_cannot_be_read_says_why(vocabulary: Vocabulary) -> None:
    found = explained(vocabulary, groups=("no_such_group",))
    (said,) = in_words(found, vocabulary=vocabulary)
    assert said.startswith("The search can no longer be read: ")
    assert "no_such_group" in said


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("es", "El documento no trata de Colombia (país)."),
        ("fr", "Le document ne porte pas sur Colombie (pays)."),
        ("pt", "O documento não é sobre Colômbia (país)."),
    ],
)
def test_it_is_said_in_the_readers_language(vocabulary: Vocabulary, lang: str, said: str) -> None:
    assert in_words(explained(vocabulary, countries=("COL",)), vocabulary=vocabulary, lang=lang) == (said,)
