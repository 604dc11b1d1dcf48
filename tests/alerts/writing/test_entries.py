"""A document of a digest from its record: its names in the reader's language, and no more of its text than its rights allow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from alerts.writing.content import DigestEntry
from alerts.writing.entries import make_entry
from alerts.writing.texts import plain_text
from corpus.rights import WHOLE, DeclaredRights, DeclaredSources, Ground, Show, policy_of, policy_of_messages
from corpus.settings import Settings
from corpus.types import Page
from corpus.vocabulary import load_vocabulary
from search_api.answers.filter_labels import FilterLabels
from search_api.answers.marks import Marker, marker_of
from search_api.query.concepts import concepts_of
from search_api.query.parse import parse
from tests.alerts.writing.samples import SITE
from tests.builders import make_document

FILLING = " ".join(f"filling{number:03}" for number in range(200))
PAGE = Page(3, f"Street vendors of Lima. {FILLING} hidden vendors {FILLING}")


def marker(text: str = "vendors Lima") -> Marker:
    vocabulary = load_vocabulary()
    return marker_of(parse(text, vocabulary=vocabulary).tree, finder=concepts_of(vocabulary))


def entry(document: Any = None, **others: Any) -> DigestEntry:
    values = {
        "page": PAGE,
        "words": ("vendors",),
        "tags": (),
        "address": f"{SITE}/documents/d1?page=3#page=3",
        "marker": marker(),
        "rights": WHOLE,
        "names": FilterLabels(load_vocabulary(), sources={}, lang="es"),
    }
    return make_entry(
        document or make_document(title="Vendors, markets", published="2019-05", page_count=9), **{**values, **others}
    )


def test_values_are_called_as_the_reader_calls_them() -> None:
    tags = (
        "group:street_vendors",
        "country:PER",
        "lang:pt",
        "type:report",
        "source:ilo",
        "publisher:ILO: Lima",
        "year:2019",
        "group:street_vendors",
    )
    names = FilterLabels(load_vocabulary(), sources={"ilo": "OIT"}, lang="es")
    assert entry(tags=tags, names=names).tags == (
        "Personas vendedoras ambulantes",
        "Perú",
        "Português",
        "Informe",
        "OIT",
        "ILO: Lima",
        "2019",
    )


def test_title_and_passage_are_marked_and_facts_come_from_the_record() -> None:
    made = entry()
    assert made.marked_title == (("Vendors", True), (", markets", False))
    assert ("Street vendors", True) in made.passage or ("vendors", True) in made.passage
    assert (made.year, made.page, made.lang) == ("2019", 3, "en")
    assert entry(make_document(title="Markets")).marked_title == ()


def test_of_a_document_with_passages_only_the_visible_half_of_its_page_is_sent() -> None:
    snippets = replace(WHOLE, show=Show.SNIPPET, ground=Ground.UNKNOWN)
    hidden = Page(1, f"{'a' * 10} " * 40 + "vendors of Lima were moved " + f"{'b' * 10} " * 90)
    assert "were moved" in plain_text(entry(page=hidden).passage)
    shown = plain_text(entry(page=hidden, rights=snippets).passage)
    assert "were moved" not in shown
    assert "vendors" in shown


def test_without_a_page_the_abstract_is_shown_cut_as_its_rights_say() -> None:
    document = make_document(abstract="Vendors of Lima. " + "more " * 400)
    assert entry(document, page=None).page is None
    assert plain_text(entry(document, page=None).passage).startswith("Vendors of Lima.")
    assert entry(make_document(), page=None).passage == ()


def test_a_web_page_has_no_page_number() -> None:
    document = make_document(content_type="text/html", page_count=1)
    assert entry(document, page=Page(1, "Vendors of Lima")).page is None


@pytest.mark.parametrize(
    ("follow", "public_url", "shown"),
    [
        ("auto", "http://localhost:8000", Show.SNIPPET),
        ("auto", "https://pushcart.example.org", Show.SNIPPET),
        ("always", "http://localhost:8000", Show.SNIPPET),
        ("never", "https://pushcart.example.org", Show.FULL),
    ],
)
def test_messages_follow_licences_also_where_pages_are_for_this_machine(
    tmp_path: Path, follow: str, public_url: str, shown: Show
) -> None:
    settings = Settings(data_dir=tmp_path, follow_licences=follow, public_url=public_url)
    declared = DeclaredSources(by_slug={"ilo": DeclaredRights(licence="All rights reserved")})
    document = make_document(source="ilo")
    assert policy_of_messages(settings, declared=lambda: declared).of(document).show is shown
    if public_url.startswith("http://localhost") and follow == "auto":
        assert policy_of(settings, declared=lambda: declared).of(document).show is Show.FULL
