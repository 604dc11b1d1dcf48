"""What capitals, repeated words and a word alone mean in a search and in a text."""

from __future__ import annotations

import pytest

from corpus.types import Facet
from corpus.vocabulary import load_vocabulary
from search_api.analysis import words
from search_api.query.parse import parse
from search_api.query.plan import MatchAny, Raised
from search_api.query.planning import DOCUMENTS, plan_of
from search_api.query.tree import Boosted, Concepts, Most, Or, Phrase, Words


def tree(text: str, **options: bool):
    return parse(text, vocabulary=load_vocabulary(), **options).tree


@pytest.mark.parametrize("text", ["pepenadores", "catadores", "hawkers", "Ragpickers", "zungueiras"])
def test_one_word_alone_names_its_concept(text):
    assert isinstance(tree(text), Concepts)


def test_one_word_alone_is_exact_when_everything_is():
    assert tree("vendors", strict=True) == Phrase("vendors")


def test_a_search_typed_in_capitals_means_what_it_means_in_small_letters():
    assert tree("STREET VENDORS IN PERU") == tree("street vendors in peru")
    assert tree("USE OF DIGITAL COMPUTERS AND BAND PASS FILTERS") == tree(
        "use of digital computers and band pass filters"
    )


def test_operators_of_a_short_search_in_capitals_are_operators():
    assert isinstance(tree("STREET OR VENDORS"), Or)


@pytest.mark.parametrize("text", ["OECD", "WHO OECD", "who OECD reports"])
def test_acronyms_stay_acronyms(text):
    found = tree(text)
    assert Words("OECD") in (found.parts if isinstance(found, Most) else (found,))


def test_a_headline_in_capitals_has_no_acronyms_and_the_sentence_below_has():
    assert words("THE FUTURE OF WORK AND JOBS\nThe WHO said it.", "en") == ["future", "work", "job", "who", "say"]


@pytest.mark.parametrize("text", ["use of cash", "uses", "usar", "usando"])
def test_a_word_is_no_country_because_of_its_form(text):
    assert parse(text, vocabulary=load_vocabulary()).concepts == ()


@pytest.mark.parametrize("text", ["USA", "usa", "U.S.A.", "eua"])
def test_a_country_is_found_by_its_acronym(text):
    assert tree(text) == Concepts(text, ((Facet.COUNTRY, "USA"),))


def test_a_word_that_is_said_twice_is_one_part_whatever_stands_behind_it():
    found = tree("insects carry filaria, found in primates; filaria in flies")
    assert isinstance(found, Most)
    said = [part for part in found.parts if isinstance(part, Boosted)]
    assert [part.factor for part in said] == [1.5]
    assert len(found.parts) == 6


def test_what_a_stemmer_joins_counts_for_a_document_that_is_found_by_another_word():
    plan = plan_of(tree("lung microscopy"), shape=DOCUMENTS)
    assert isinstance(plan, Raised)
    assert isinstance(plan.part, MatchAny)
    assert not any(isinstance(part, Raised) for part in plan.part.parts)
