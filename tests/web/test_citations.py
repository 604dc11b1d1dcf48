"""Citations that other programs read back."""

from __future__ import annotations

import bibtexparser
import pytest
import rispy

from corpus.types import Document
from search_api.api.document_bodies import DocumentBody
from tests.builders import make_document, offered
from web.citations import bibtex, citation_key, coins, highwire_tags, plain_citation, ris
from web.format import facts_of

PAPER = make_document(
    title="Ventes & marchés: 100 % d'{informel} _aujourd'hui_ #1 ~ \\x ^2 $3",
    authors=("Rosa Quispe", "Instituto Nacional de Estadística", "Chen, Martha"),
    publisher="WIEGO & Co",
    published="2019-05-03",
    type="working_paper",
    lang="fr",
    identifiers={"doi": "10.1000/a_b", "isbn": "978-92-2"},
    abstract="One line.\nER  - \nTY  - JOUR",
)


def test_bibtex_is_read_back_by_a_bibtex_parser() -> None:
    library = bibtexparser.parse_string(bibtex(PAPER))
    assert not library.failed_blocks
    (entry,) = library.entries
    assert entry.entry_type == "techreport"
    assert entry["year"] == "2019"
    assert entry["doi"] == "10.1000/a_b"
    assert entry["author"] == "Rosa Quispe and {Instituto Nacional de Estadística} and Chen, Martha"


@pytest.mark.parametrize("character", list("&%$#_"))
def test_what_tex_would_take_for_a_command_is_escaped(character: str) -> None:
    assert f"\\{character}" in bibtex(make_document(title=f"a {character} b"))


@pytest.mark.parametrize("title", ["a { b", "a } b", "\\", "{{", "}}}", "a\n@book{x,"])
def test_a_title_cannot_break_out_of_its_entry(title: str) -> None:
    library = bibtexparser.parse_string(bibtex(make_document(title=title)))
    assert not library.failed_blocks
    assert len(library.entries) == 1


def test_ris_is_read_back_as_one_record() -> None:
    (record,) = rispy.loads(ris(PAPER))
    assert record["type_of_reference"] == "RPRT"
    assert record["title"] == PAPER.title
    assert record["authors"] == list(PAPER.authors)
    assert record["year"] == "2019"
    assert record["doi"] == "10.1000/a_b"


def test_the_plain_citation_names_who_when_what_and_where() -> None:
    text = plain_citation(PAPER)
    assert text.startswith("Rosa Quispe; Instituto Nacional de Estadística; Chen, Martha (2019). Ventes & marchés")
    assert text.endswith("https://doi.org/10.1000/a_b")


def test_a_persons_own_file_is_cited_without_its_folder() -> None:
    document = make_document(url="file:///home/somebody/a.pdf", source="own")
    for cited in (plain_citation(document), bibtex(document), ris(document)):
        assert "somebody" not in cited


def test_a_document_of_which_little_is_known_is_cited_all_the_same() -> None:
    document = make_document(title="統計", url="file:///a.pdf")
    assert plain_citation(document).startswith("(n.d.). 統計")
    assert citation_key(document) == "d1"
    assert bibtexparser.parse_string(bibtex(document)).entries
    assert rispy.loads(ris(document))


def test_reference_managers_find_what_they_look_for() -> None:
    tags = highwire_tags(PAPER, address="https://here.example/documents/d1", original="https://example.org/d1.pdf")
    assert ("citation_title", PAPER.title) in tags
    assert [value for name, value in tags if name == "citation_author"] == list(PAPER.authors)
    assert ("citation_pdf_url", "https://example.org/d1.pdf") in tags
    assert "rft.genre=report" in coins(PAPER)
    assert "info%3Adoi%2F10.1000%2Fa_b" in coins(PAPER)


def dated(origin: str) -> Document:
    """Return a document whose date is from a place."""
    return make_document(published="2022-03-04", evidence={"date": (offered("2022-03-04", origin),)})


@pytest.mark.parametrize("lang", ["en", "es", "fr", "pt"])
def test_what_only_the_clock_of_the_file_tells_is_no_date_of_publication(lang: str) -> None:
    clocked, printed = dated("file:info"), dated("file:text")
    assert clocked.is_dated_by_file
    assert not printed.is_dated_by_file
    assert (
        len(facts_of(clocked, exact_date=True, lang=lang)[0])
        > len(facts_of(printed, exact_date=True, lang=lang)[0]) + 10
    )
    assert facts_of(clocked, exact_date=True, lang="en")[0] == "date unknown, file made 4 March 2022"


def test_nobody_cites_the_clock_of_a_file() -> None:
    clocked, printed = dated("file:xmp"), dated("landing:citation_date")
    address = "https://example.org/documents/d1"
    for cited in (
        bibtex,
        ris,
        coins,
        plain_citation,
        lambda each: str(highwire_tags(each, address=address, original="")),
    ):
        assert "2022" not in cited(clocked)
        assert "2022" in cited(printed)
    assert "(n.d.)" in plain_citation(clocked)


@pytest.mark.parametrize(("origin", "is_clock"), [("file:info", True), ("file:text", False)])
def test_the_api_says_when_a_date_is_the_file_s_own(origin: str, is_clock: bool) -> None:
    body = DocumentBody.of(dated(origin), tags=[], copies=[], same_work=[], reading=None, pages_indexed=None)
    assert body.published_is_file_date is is_clock
    assert body.published == "2022-03-04"
