"""Text from outside: in one form, whatever it was, wherever it came in."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from builders import make_document, make_fetched, make_source, offered, sha256_of
from hypothesis import given
from hypothesis import strategies as st

from corpus.reasons import Failure
from corpus.runs import RunFailure
from corpus.settings import Settings
from corpus.store import open_store
from corpus.tag_rules import Rule, RuleKind
from corpus.text import clean, clean_address, clean_json, clean_line, is_clean
from corpus.types import Outcome, Page, Reading, TagEvidence
from corpus.urls import canonical_url

ANYTHING = st.text(st.characters(codec=None), max_size=40)  # lone surrogates too
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | ANYTHING,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANYTHING, inner, max_size=4),
    max_leaves=12,
)


@given(ANYTHING)
def test_clean_text_can_be_stored_shown_and_put_into_xml(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()  # no lone surrogate
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(each) in ("Cc", "Cs") and each not in "\n\t" for each in cleaned)
    assert not set(cleaned) & {"\ufffe", "\uffff"}


@given(ANYTHING)
def test_cleaning_again_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert is_clean(clean(text))
    assert is_clean(text) == (clean(text) == text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(JSON)
def test_cleaned_json_can_be_written_as_utf_8(value: Any) -> None:
    json.dumps(clean_json(value), ensure_ascii=False).encode()


@given(ANYTHING)
def test_an_address_never_raises_for_its_characters(text: str) -> None:
    clean_address(text).encode()
    canonical_url(f"https://example.org/{clean_address(text).replace('[', '').replace(']', '')}").encode()


def test_what_means_something_stays() -> None:
    assert clean("a\tb\r\nc\rd\u2028e\x0bf") == "a\tb\nc\nd\ne\nf"
    assert clean("می\u200cخواهم") == "می\u200cخواهم"  # Persian writes with it
    assert clean("\ud83d\ude00 e\u0301") == "😀 é"
    assert clean("\ud800 lone \x00 and \u202e turned") == " lone  and  turned"


def test_json_that_is_nested_without_end_is_cut() -> None:
    value: Any = "\ud800"
    for _ in range(5_000):
        value = [value]
    json.dumps(clean_json(value))


@given(ANYTHING)
def test_every_value_is_clean_when_it_is_made(text: str) -> None:
    fetched = make_fetched(landing_url=text, record=text, etag=text, evidence={"title": (offered(text, text),)})
    document = make_document(
        title=f"A {text}", abstract=text, authors=(text, "B"), identifiers={"doi": text}, pages=(text,), lang="en"
    )
    reading = Reading(sha256_of("x"), Outcome.BROKEN, reason=Failure.told(text), engine=text)
    source = make_source(name=text, licence=text)
    spot = TagEvidence(1, sentence=text, words=text, rule=Rule(RuleKind.TERM, text))
    for shown in map(
        repr, (fetched, document, reading, source, spot, RunFailure(text, Failure.told(text), text), Page(1, text))
    ):
        shown.encode()
    for each in (fetched.landing_url, *document.authors, document.abstract, document.pages[0].text, spot.sentence):
        assert is_clean(each)


def test_the_store_takes_what_no_value_cleaned(settings: Settings) -> None:
    hostile = "\ud800 \x00 title"
    with open_store(settings) as store:
        fetched = make_fetched(evidence={"title": (offered("A title", "sidecar"),)})
        object.__setattr__(fetched.evidence["title"][0], "value", hostile)
        object.__setattr__(fetched, "landing_url", hostile)
        store.files.save(fetched)
        kept = store.files.get(fetched.source, fetched.url)
    assert kept is not None
    assert kept.evidence["title"][0].value == kept.landing_url == "  title"
