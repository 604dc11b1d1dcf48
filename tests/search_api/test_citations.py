"""Citations that other programs read back."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import bibtexparser
import pytest
import rispy

from corpus.metadata.authors import is_whole_name
from corpus.metadata.organisations import is_organisation
from corpus.types import Document, Evidence
from search_api.answers.citations.bibtex import bibtex
from search_api.answers.citations.csl import csl_item
from search_api.answers.citations.formats import CitationFormat, cite
from search_api.answers.citations.names import name_of
from search_api.answers.citations.pages import AUTHORS_MAX, coins, highwire_tags
from search_api.answers.citations.plain import plain_citation
from search_api.answers.citations.reference import ReferenceKind, reference_of
from search_api.answers.citations.ris import ris
from search_api.answers.citations.series import Series, series_of
from search_api.answers.citations.styles import STYLES, formatted
from tests.builders import make_document, offered
from tests.search_api.citation_cases import JOURNALS, ORGANISATIONS, PERSONS, same_author_year_and_word

PAPER = make_document(
    title="Ventes & marchés: 100 % d'{informel} _aujourd'hui_ #1 ~ \\x ^2 $3",
    authors=("Rosa Quispe", "Instituto Nacional de Estadística", "Chen, Martha"),
    publisher="WIEGO & Co",
    published="2019-05-03",
    type="working_paper",
    lang="fr",
    identifiers={"doi": "10.1000/a_b", "isbn": "978-92-2", "series": "WIEGO Working Paper No. 45"},
    abstract="One line.\nER  - \nTY  - JOUR",
)
READ_ON = date(2026, 11, 30)
CASES = Path(__file__).resolve().parents[3] / "shared" / "data" / "cases"


def bibtex_of(document: Document, **others: Any) -> Any:
    """Return the one entry that bibtexparser reads back."""
    library = bibtexparser.parse_string(bibtex(reference_of(document, **others)))
    assert not library.failed_blocks
    (entry,) = library.entries
    return entry


def ris_of(document: Document, **others: Any) -> dict[str, Any]:
    """Return the one record that rispy reads back."""
    (record,) = rispy.loads(ris(reference_of(document, **others)))
    return dict(record)


def csl_of(document: Document, **others: Any) -> dict[str, Any]:
    """Return the item, as JSON brings it back."""
    return dict(json.loads(json.dumps(csl_item(reference_of(document, **others)))))


def called(kind: str) -> dict[str, tuple[Evidence, ...]]:
    """Return the evidence of a record that calls the document so."""
    return {"type": (offered(kind, "record:oai_dc"),)}


def cited(kind: str) -> list[dict[str, Any]]:
    """Return the cases of a kind; skips the test where they are not there."""
    path = CASES / kind / "cases.jsonl"
    if not path.exists():
        pytest.skip(f"the cases of {kind} are in ../shared/data, which is not here")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_bibtex_is_read_back_by_a_bibtex_parser() -> None:
    entry = bibtex_of(PAPER)
    assert entry.entry_type == "techreport"
    assert entry["year"] == "2019"
    assert entry["doi"] == "10.1000/a_b"
    assert entry["author"] == "Quispe, Rosa and {Instituto Nacional de Estadística} and Chen, Martha"
    assert (entry["series"], entry["number"]) == ("WIEGO Working Paper", "45")


@pytest.mark.parametrize("character", list("&%$#_"))
def test_what_tex_would_take_for_a_command_is_escaped(character: str) -> None:
    assert f"\\{character}" in bibtex(reference_of(make_document(title=f"a {character} b")))


@pytest.mark.parametrize("title", ["a { b", "a } b", "\\", "{{", "}}}", "a\n@book{x,"])
def test_a_title_cannot_break_out_of_its_entry(title: str) -> None:
    assert bibtex_of(make_document(title=title)).key.endswith("d1")


def test_ris_is_read_back_as_one_record() -> None:
    record = ris_of(PAPER)
    assert record["type_of_reference"] == "RPRT"
    assert record["title"] == PAPER.title
    assert record["authors"] == ["Quispe, Rosa", "Instituto Nacional de Estadística", "Chen, Martha"]
    assert record["year"] == "2019"
    assert record["doi"] == "10.1000/a_b"
    assert (record["secondary_title"], record["issn"]) == ("WIEGO Working Paper", "45")
    assert record["notes"] == ["ISBN 978-92-2"]


def test_the_plain_citation_names_who_when_what_and_where() -> None:
    text = plain_citation(reference_of(PAPER, accessed=READ_ON))
    assert text.startswith("Quispe, Rosa; Instituto Nacional de Estadística; Chen, Martha (2019). Ventes & marchés")
    assert text.endswith("WIEGO Working Paper, 45. https://doi.org/10.1000/a_b")


def test_the_day_of_access_stands_where_there_is_no_doi() -> None:
    reference = reference_of(make_document(), accessed=READ_ON)
    assert plain_citation(reference).endswith("https://example.org/d1.pdf (accessed 2026-11-30)")
    assert bibtex_of(make_document(), accessed=READ_ON)["urldate"] == "2026-11-30"
    assert ris_of(make_document(), accessed=READ_ON)["access_date"] == "2026/11/30"
    assert csl_of(make_document(), accessed=READ_ON)["accessed"] == {"date-parts": [[2026, 11, 30]]}


def test_a_persons_own_file_is_cited_without_its_folder() -> None:
    reference = reference_of(make_document(url="file:///home/somebody/a.pdf", source="own"), accessed=READ_ON)
    for text in (plain_citation(reference), bibtex(reference), ris(reference), str(csl_item(reference))):
        assert "somebody" not in text
        assert "2026" not in text


def test_a_document_of_which_little_is_known_is_cited_all_the_same() -> None:
    document = make_document(title="統計", url="file:///a.pdf", source="own")
    assert plain_citation(reference_of(document)) == "(n.d.). 統計."
    assert bibtex_of(document).key == "d1"
    assert ris_of(document)["title"] == "統計"
    assert csl_of(document) == {
        "id": "d1",
        "type": "document",
        "title": "統計",
        "language": "en",
        "number-of-pages": "1",
    }


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        ({"type": "working_paper"}, ("techreport", "RPRT", "report")),
        ({"type": "policy_brief"}, ("techreport", "RPRT", "report")),
        ({"type": "statistics"}, ("techreport", "RPRT", "report")),
        ({"type": "thesis"}, ("phdthesis", "THES", "thesis")),
        ({"type": "book"}, ("book", "BOOK", "book")),
        ({"type": "book", "evidence": called("bookPart")}, ("incollection", "CHAP", "chapter")),
        ({"type": "book", "evidence": called("Capítulo de libro")}, ("incollection", "CHAP", "chapter")),
        ({"type": "law"}, ("legislation", "GOVDOC", "legislation")),
        ({"type": "web_page", "content_type": "text/html"}, ("online", "ELEC", "webpage")),
        ({"type": "article", "identifiers": {"series": "Estudios, 4"}}, ("article", "JOUR", "article-journal")),
        ({"type": "article", "content_type": "text/html"}, ("online", "ELEC", "webpage")),
        ({"publisher": "WIEGO"}, ("techreport", "RPRT", "report")),
        ({"identifiers": {"isbn": "9789221317838"}}, ("book", "BOOK", "book")),
        ({"content_type": "text/html"}, ("online", "ELEC", "webpage")),
        ({}, ("misc", "RPRT", "document")),
    ],
)  # fmt: skip
def test_the_type_follows_from_the_document(values: dict[str, Any], kinds: tuple[str, str, str]) -> None:
    document = make_document(**values)
    assert (bibtex_of(document).entry_type, ris_of(document)["type_of_reference"], csl_of(document)["type"]) == kinds


def test_a_chapter_names_its_book() -> None:
    document = make_document(
        type="book",
        evidence={"type": (offered("book chapter", "record:oai_dc"),)},
        identifiers={"series": "Markets of the South", "isbn": "9789221317838"},
    )
    assert bibtex_of(document)["booktitle"] == "Markets of the South"
    assert ris_of(document)["secondary_title"] == csl_of(document)["container-title"] == "Markets of the South"


def test_what_a_report_is_called_is_in_its_language() -> None:
    document = make_document(type="working_paper", lang="es")
    assert bibtex_of(document)["type"] == ris_of(document)["type_of_work"] == csl_of(document)["genre"]
    assert csl_of(document)["genre"] == "Documento de trabajo"


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_an_organisation_is_one_whole_in_every_format(name: str) -> None:
    document = make_document(authors=(name,))
    assert is_organisation(name)
    assert not is_whole_name(name)
    assert bibtex_of(document)["author"] == f"{{{name}}}"
    assert ris_of(document)["authors"] == [name.replace(",", "\u201a")]
    assert csl_of(document)["author"] == [{"literal": name}]


@pytest.mark.parametrize(("name", "lang", "inverted"), PERSONS)
def test_a_person_has_family_and_given_name(name: str, lang: str, inverted: str) -> None:
    assert name_of(name, lang=lang).inverted == inverted
    assert ris_of(make_document(authors=(name,), lang=lang))["authors"] == [inverted]


def test_bibtex_has_the_suffix_of_a_name_in_the_middle() -> None:
    assert bibtex_of(make_document(authors=("Martin Luther King Jr.",)))["author"] == "King, Jr., Martin Luther"


@pytest.mark.parametrize(("line", "name", "volume", "number", "pages"), JOURNALS)
def test_a_line_of_a_journal_is_parted(line: str, name: str, volume: str, number: str, pages: str) -> None:
    assert series_of(line) == Series(name, volume, number, pages)
    document = make_document(
        type="article", publisher="Editorial Andina", identifiers={"series": line, "issn": "0303-1853"}
    )
    entry, record = bibtex_of(document), ris_of(document)
    assert (entry.get("journal").value if entry.get("journal") else "") == name
    assert record.get("secondary_title", "") == csl_of(document).get("container-title", "") == name
    assert (record.get("volume", ""), record.get("number", "")) == (volume, number)
    assert entry["publisher"] == "Editorial Andina"


def test_documents_alike_have_keys_of_their_own() -> None:
    keys = set()
    for seed in range(50):
        for each, author, year, title in same_author_year_and_word(20, seed=seed):
            document = make_document(each, authors=(author,), published=year, title=title)
            key = bibtex_of(document).key
            assert re.fullmatch(r"[a-z]+\d{4}market-d[0-9a-f]{16}", key)
            assert key == ris_of(document)["id"] == csl_of(document)["id"]
            keys.add(key)
    assert len(keys) == 1000


def test_the_page_of_a_document_has_a_key_of_its_own() -> None:
    assert reference_of(PAPER, page=41).key == f"{reference_of(PAPER).key}-p41"


def test_a_page_is_cited_with_a_link_that_opens_there() -> None:
    link = "https://example.org/d1.pdf#page=41"
    reference = reference_of(PAPER, page=41, accessed=READ_ON)
    assert plain_citation(reference).endswith(f"p. 41. {link} (accessed 2026-11-30)")
    assert bibtex_of(PAPER, page=41)["pages"] == "41"
    record = ris_of(PAPER, page=41)
    assert (record["start_page"], record["end_page"], record["urls"]) == ("41", "41", [link])
    assert (csl_of(PAPER, page=41)["page"], csl_of(PAPER, page=41)["URL"]) == ("41", link)
    assert bibtex_of(PAPER, page=41)["url"] == link
    assert bibtex_of(PAPER, page=41)["doi"] == "10.1000/a_b"


@pytest.mark.parametrize(
    "values", [{"url": "file:///a.pdf", "source": "own"}, {"content_type": "text/html"}, {"is_sample": True}]
)
def test_a_page_that_no_viewer_opens_is_linked_here(values: dict[str, Any]) -> None:
    reference = reference_of(make_document(**values), page=2, public_url="https://here.example")
    assert reference.url == "https://here.example/documents/d1?page=2#page=2"
    assert reference_of(make_document(**values), page=2).url == ""


@pytest.mark.parametrize(
    ("values", "given", "link"),
    [
        ({"url": "https://example.org/d1.pdf"}, None, "https://example.org/d1.pdf"),
        ({"url": "file:///a.pdf", "source": "own"}, None, None),
        ({"url": "file:///a.pdf", "source": "own"}, "https://x.example/o", "https://x.example/o"),
        ({"url": "https://example.org/d1.pdf"}, "", None),
        ({"url": "https://example.org/d1", "content_type": "text/html"}, None, None),
        ({"url": "https://samples.example/d1.pdf", "is_sample": True}, None, None),
    ],
)
def test_ris_names_the_pdf_that_zotero_attaches(values: dict[str, Any], given: str | None, link: str | None) -> None:
    cited = cite(make_document(**values), CitationFormat.RIS, file=given)
    assert rispy.loads(cited.text)[0].get("file_attachments1") == link


@pytest.mark.parametrize(
    ("name", "publisher", "is_whole"),
    [
        ("Pushcart Samples, Climate Desk", "Pushcart Samples", True),
        ("Pushcart Samples", "Pushcart samples", True),
        ("Torres, Ana", "Torres", False),
        ("Torres, Ana", "Torres Editores", False),
        ("Ana Torres", "", False),
        ("García Márquez, Ana", "Editorial García Márquez", False),
    ],
)
def test_what_is_called_after_its_publisher_is_an_organisation(name: str, publisher: str, is_whole: bool) -> None:
    found = name_of(name, publisher=publisher)
    assert bool(found.literal) is is_whole
    assert ris_of(make_document(authors=(name,), publisher=publisher))["authors"] == [
        name.replace(",", "\u201a") if is_whole else found.inverted
    ]


def test_reference_managers_find_what_they_look_for() -> None:
    reference = reference_of(PAPER)
    tags = highwire_tags(reference, address="https://here.example/documents/d1", pdf="https://example.org/d1.pdf")
    assert ("citation_title", PAPER.title) in tags
    assert [value for name, value in tags if name == "citation_author"] == [name.inverted for name in reference.authors]
    assert ("citation_pdf_url", "https://example.org/d1.pdf") in tags
    assert ("citation_technical_report_number", "45") in tags
    assert "rft.genre=report" in coins(reference)
    assert "info%3Adoi%2F10.1000%2Fa_b" in coins(reference)


@pytest.mark.parametrize(
    ("values", "format_", "genre", "title", "host", "institution"),
    [
        ({"type": "report"}, "book", "report", "rft.btitle", "rft.series", "citation_technical_report_institution"),
        ({"type": "book"}, "book", "book", "rft.btitle", "rft.series", "citation_publisher"),
        ({"type": "article"}, "journal", "article", "rft.atitle", "rft.jtitle", "citation_publisher"),
        ({"type": "thesis"}, "dissertation", "dissertation", "rft.title", "", "citation_dissertation_institution"),
        ({"type": "law"}, "book", "document", "rft.title", "", "citation_publisher"),
        ({"type": "web_page", "content_type": "text/html"}, "dc", "", "rft.title", "", "citation_publisher"),
    ],
)
def test_every_kind_of_document_is_told_in_keys_that_zotero_reads(values, format_, genre, title, host, institution):
    others = {"series": "A Series"} if host else {}
    document = make_document(
        title="A title",
        publisher="WIEGO",
        published="2019-05",
        lang="es",
        authors=("Rosa Quispe", "Instituto Nacional de Estadística"),
        identifiers={"doi": "10.1000/a", "isbn": "9789221234567", "issn": "1234-5678", **others},
        **values,
    )
    reference = reference_of(document)
    found = parse_qsl(coins(reference))
    told = dict(found)
    assert told["rft_val_fmt"] == f"info:ofi/fmt:kev:mtx:{format_}"
    assert told.get("rft.genre", "") == genre
    assert told[title] == "A title"
    assert told.get(host, "A Series") == "A Series"
    assert (told["rft.au"], told["rft.aucorp"]) == ("Quispe, Rosa", "Instituto Nacional de Estadística")
    assert (told["rft.date"], told["rft.isbn"], told["rft.issn"]) == ("2019-05", "9789221234567", "1234-5678")
    assert [value for name, value in found if name == "rft_id"] == ["info:doi/10.1000/a", document.url]
    tags = dict(highwire_tags(reference, address="https://here.example/documents/d1", pdf=""))
    assert tags[institution] == "WIEGO"
    assert {
        f"citation_{name}" for name in ("title", "author", "publication_date", "doi", "isbn", "issn", "language")
    } <= set(tags)
    assert "citation_abstract_html_url" in tags


def test_a_report_without_a_publisher_is_one_of_its_organisation_and_no_article() -> None:
    reference = reference_of(make_document(type="report", authors=("Ministry of Labour",)))
    tags = highwire_tags(reference, address="https://here.example/documents/d1", pdf="")
    assert ("citation_technical_report_institution", "Ministry of Labour") in tags


def test_a_context_object_has_the_first_authors_only() -> None:
    reference = reference_of(make_document(authors=tuple(f"Ana Torres{chr(97 + n)}" for n in range(26))))
    assert coins(reference).count("rft.au=") == AUTHORS_MAX


def test_nobody_cites_the_clock_of_a_file() -> None:
    for origin, is_cited in (("file:xmp", False), ("landing:citation_date", True)):
        reference = reference_of(
            make_document(published="2022-03-04", evidence={"date": (offered("2022-03-04", origin),)})
        )
        tags = highwire_tags(reference, address="https://example.org/documents/d1", pdf="")
        for text in (bibtex(reference), ris(reference), coins(reference), plain_citation(reference), str(tags)):
            assert ("2022" in text) is is_cited
        assert ("(n.d.)" in plain_citation(reference)) is not is_cited


@pytest.mark.shared
def test_the_cases_of_bibtex_bodies_are_mended() -> None:
    for case in cited("bibtex-bodies"):
        assert bibtex_of(make_document(authors=(case["input"],)))["author"] == case["expected"].removesuffix(
            " in braces"
        )


@pytest.mark.shared
def test_the_cases_of_ris_names_are_mended() -> None:
    for case in cited("ris-names"):
        name = case["input"].split('"')[1]
        line = case["expected"].partition(", so that")[0]
        assert line in ris(reference_of(make_document(authors=(name,)))).splitlines()


@pytest.mark.shared
def test_the_cases_of_journal_are_mended() -> None:
    for case in cited("journal"):
        series, journal = case["input"].split('"')[1], case["expected"].partition(" = ")[2]
        document = make_document(type="article", publisher="Editorial Andina", identifiers={"series": series})
        assert bibtex_of(document)["journal"] == journal


@pytest.mark.shared
def test_the_cases_of_same_key_are_mended() -> None:
    for case in cited("same-key"):
        titles = case["input"].split('"')[1::2]
        documents = [
            make_document(f"d{at}", authors=("Ana Torres",), published="2019", title=title)
            for at, title in enumerate(titles)
        ]
        assert len({bibtex_of(each).key for each in documents}) == len(titles)


def test_a_working_paper_stays_one_when_it_has_an_isbn() -> None:
    assert reference_of(PAPER).kind is ReferenceKind.REPORT


@pytest.mark.parametrize(
    ("style", "entry", "in_text"),
    [
        (
            "apa",
            "Quispe, R., & Human Rights Watch. (2019). The market (Working Paper No. 45; WIEGO Working Paper). WIEGO. "
            "https://example.org/d1.pdf#page=41",
            "(Quispe & Human Rights Watch, 2019, p. 41)",
        ),
        (
            "chicago",
            "Quispe, Rosa, and Human Rights Watch. 2019. The Market. Working Paper No. 45. WIEGO Working Paper. WIEGO. "
            "https://example.org/d1.pdf#page=41.",
            "(Quispe and Human Rights Watch 2019, 41)",
        ),
    ],
)
def test_a_page_is_cited_in_a_style(style: str, entry: str, in_text: str) -> None:
    pytest.importorskip("citeproc", reason="the extra `styles` is not installed")
    document = make_document(
        title="The market",
        authors=("Rosa Quispe", "Human Rights Watch"),
        publisher="WIEGO",
        published="2019",
        type="working_paper",
        identifiers={"series": "WIEGO Working Paper, 45"},
    )
    cited = formatted(reference_of(document, page=41, accessed=READ_ON), style)
    assert (cited.entry, cited.in_text) == (entry, in_text)


@pytest.mark.parametrize("style", list(STYLES))
def test_every_style_names_a_title_once_where_there_is_no_author(style: str) -> None:
    pytest.importorskip("citeproc", reason="the extra `styles` is not installed")
    entry = formatted(reference_of(make_document(title="Markets", lang="es", publisher="WIEGO")), style).entry
    assert entry.casefold().count("markets") == 1
    assert entry.count("WIEGO") == 1


@pytest.mark.parametrize(
    ("style", "entry", "in_text"),
    [
        ("chicago", "Berg, J. W. van der. 2019.", "(van der Berg 2019)"),
        ("apa", "van der Berg, J. W. (2019).", "(van der Berg, 2019)"),
        ("harvard", "van der Berg, J.W. (2019)", "(van der Berg, 2019)"),
        ("abnt", "VAN DER BERG, J. W.", "(van der Berg, 2019)"),
        ("ieee", "[1]J. W. van der Berg,", "[1]"),
    ],
)
def test_particles_of_a_name_stand_where_a_style_wants_them(style: str, entry: str, in_text: str) -> None:
    pytest.importorskip("citeproc", reason="the extra `styles` is not installed")
    document = make_document(title="Markets", authors=("J. W. van der Berg",), published="2019", publisher="WIEGO")
    cited = formatted(reference_of(document), style)
    assert cited.entry.startswith(entry)
    assert cited.in_text.casefold() == in_text.casefold()


def test_quotation_marks_within_others_are_single_ones() -> None:
    pytest.importorskip("citeproc", reason="the extra `styles` is not installed")
    document = make_document(title="“Waste” in cities", type="thesis", authors=("Ana Torres",), published="2019")
    assert "“‘Waste’ in Cities.”" in formatted(reference_of(document), "chicago").entry
    assert "“Waste” in cities" in formatted(reference_of(document), "apa").entry


def test_small_words_of_other_languages_stay_small_in_a_title_in_capitals() -> None:
    pytest.importorskip("citeproc", reason="the extra `styles` is not installed")
    document = make_document(title="De Soto and travail à domicile de rue", lang="en", authors=("Ana Torres",))
    assert "De Soto and Travail à Domicile de Rue" in formatted(reference_of(document), "chicago").entry


def test_a_journal_that_stands_in_for_the_author_stands_once() -> None:
    pytest.importorskip("citeproc", reason="the extra `styles` is not installed")
    document = make_document(title="Markets", type="article", identifiers={"series": "Feminist Economics"}, lang="fr")
    entry = formatted(reference_of(document), "harvard").entry
    assert entry.count("Feminist Economics") == 1
    assert "[Preprint]" not in entry


def test_a_number_of_two_parts_is_one_number() -> None:
    pytest.importorskip("citeproc", reason="the extra `styles` is not installed")
    document = make_document(title="A law", type="law", identifiers={"series": "Boletín, 21/22"}, published="2020")
    assert "No. 21/22" in formatted(reference_of(document), "apa").entry


def test_biber_reads_what_bibtex_has(tmp_path: Path) -> None:
    if not shutil.which("biber"):
        pytest.skip("biber is not installed (Debian: apt-get install biber)")
    entries = [bibtex(reference_of(each, accessed=READ_ON)) for each in (PAPER, make_document("d2", title="a } { b"))]
    (tmp_path / "all.bib").write_text("\n".join(entries), encoding="utf-8")
    command = ["biber", "--tool", "--output-file", "out.bib", "all.bib"]
    log = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert "ERROR" not in log
    assert (tmp_path / "out.bib").read_text(encoding="utf-8").count("@") == 2


def test_pandoc_makes_of_bibtex_what_csl_json_says() -> None:
    if not shutil.which("pandoc"):
        pytest.skip("pandoc is not installed (Debian: apt-get install pandoc)")
    command = ["pandoc", "-f", "bibtex", "-t", "csljson"]
    text = bibtex(reference_of(PAPER, accessed=READ_ON))
    (item,) = json.loads(subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout)
    ours = csl_of(PAPER, accessed=READ_ON)
    same = (
        "id",
        "type",
        "author",
        "collection-title",
        "number",
        "genre",
        "publisher",
        "DOI",
        "ISBN",
        "URL",
        "accessed",
    )
    assert {name: item.get(name) for name in same} == {name: ours.get(name) for name in same}


@pytest.mark.parametrize("style", list(STYLES))
def test_what_is_also_a_word_of_the_title_or_the_address_stays(style: str) -> None:
    pytest.importorskip("citeproc", reason="the extra `styles` is not installed")
    document = make_document(
        title="What does wiego do?", publisher="wiego", url="https://example.org/wiego.pdf", lang="es"
    )
    entry = formatted(reference_of(document), style).entry
    assert "What does wiego do?" in entry
    assert "do?." not in entry
    assert "https://example.org/wiego.pdf" in entry
