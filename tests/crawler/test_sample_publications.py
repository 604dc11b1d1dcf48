"""The sample publications: well-formed, complete in their variety, true to what they declare, and marked as samples."""

from __future__ import annotations

import io
import re
from collections import Counter

import pypdfium2
import pytest

from corpus.errors import BadInput
from corpus.types import LANGUAGES, Facet
from corpus.vocabulary import load_vocabulary
from demo import Publication, load_publications
from demo.blocks import Bullets, Heading, PageBreak, Paragraph, Role, Table, blocks_of, inline_markup
from demo.pages import html_of
from demo.pdf import make_pdf
from demo.publication import Making, PublicationFormat, SampleStanding, parse_publication

ALL = load_publications()
LISTED = tuple(each for each in ALL if each.standing is SampleStanding.LISTED)
PDFS = tuple(each for each in LISTED if each.format is PublicationFormat.PDF)

CORE_GROUPS = frozenset(
    (
        "domestic_workers",
        "home_based_workers",
        "homeworkers",
        "street_vendors",
        "market_traders",
        "waste_pickers",
        "construction_workers",
        "garment_workers",
        "transport_workers",
        "platform_workers",
        "porters",
        "smallholder_farmers",
        "fishers",
        "small_scale_miners",
        "care_workers",
        "cross_border_traders",
        "migrant_workers",
        "agricultural_labourers",
        "casual_day_labourers",
        "informal_workers",
    )
)

FRONT = """+++
slug = "a"
lang = "en"
title = "T"
published = 2020-01-01
abstract = "A."
{more}
+++
Text.
"""


def by_slug(publications: tuple[Publication, ...] = LISTED) -> list[object]:
    return [pytest.param(each, id=each.slug) for each in publications]


def pages_of(content: bytes) -> list[str]:
    """The text of each page of a PDF, white space folded."""
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def words_of(publication: Publication) -> str:
    return re.sub(r"<[^>]+>", " ", html_of(publication.body))


def test_there_are_at_least_thirty_six_in_four_languages() -> None:
    by_language = Counter(each.lang for each in LISTED)
    assert len(LISTED) >= 36
    assert set(by_language) == set(LANGUAGES)
    assert min(by_language.values()) >= 7


def test_every_core_group_has_a_publication_about_it() -> None:
    assert not CORE_GROUPS - {group for each in LISTED for group in each.expect.groups}


def test_they_speak_of_many_countries_and_topics_of_every_stage_of_development() -> None:
    countries = {each.expect.country for each in LISTED} - {""}
    assert len(countries) >= 20
    assert {"USA", "FRA"} <= countries, "developed"
    assert {"KGZ", "SRB"} <= countries, "transition"
    assert {"TGO", "NPL"} <= countries, "developing"
    assert len({topic for each in LISTED for topic in each.expect.topics}) >= 20


def test_what_a_publication_is_expected_to_be_about_are_concepts_of_the_vocabulary() -> None:
    vocabulary = load_vocabulary()
    for each in ALL:
        assert set(each.expect.groups) <= set(vocabulary.concepts(Facet.GROUP)), each.slug
        assert set(each.expect.topics) <= set(vocabulary.concepts(Facet.TOPIC)), each.slug
        assert {*each.expect.countries, *each.expect.not_countries} <= set(vocabulary.concepts(Facet.COUNTRY)), (
            each.slug
        )


def test_slugs_are_unique_also_among_copies() -> None:
    slugs = [each.slug for each in ALL] + [each.copy_slug for each in ALL if each.copy_slug]
    assert len(slugs) == len(set(slugs))


def test_translations_name_an_original_in_another_language() -> None:
    named = {each.slug: each for each in ALL}
    translations = [each for each in ALL if each.translation_of]
    assert len(translations) >= 3
    for each in translations:
        assert named[each.translation_of].lang != each.lang
        assert not named[each.translation_of].translation_of


@pytest.mark.parametrize("publication", by_slug())
def test_a_publication_is_of_the_length_that_its_format_asks_for(publication: Publication) -> None:
    count = len(words_of(publication).split())
    low, high = (600, 2000) if publication.format is PublicationFormat.PDF else (400, 900)
    assert low <= count <= high


@pytest.mark.parametrize("publication", by_slug(ALL))
def test_every_character_is_one_that_the_standard_fonts_can_show(publication: Publication) -> None:
    for text in (publication.full_title, publication.abstract, words_of(publication)):
        text.encode("cp1252")


@pytest.mark.parametrize("publication", by_slug())
def test_a_table_names_its_source(publication: Publication) -> None:
    for table, note in zip(publication.body, publication.body[1:], strict=False):
        if isinstance(table, Table):
            assert isinstance(note, Paragraph)
            assert note.role is Role.NOTE


@pytest.mark.parametrize("publication", by_slug(PDFS))
def test_a_pdf_has_its_phrases_on_the_pages_it_declares_and_is_marked_on_page_one(publication: Publication) -> None:
    pages = pages_of(make_pdf(publication))
    assert 2 <= len(pages) <= 6
    assert publication.mark in pages[0]
    for phrase in publication.expect.phrases:
        assert phrase.text in pages[phrase.page - 1]


@pytest.mark.parametrize(
    "publication", by_slug(tuple(each for each in LISTED if each.format is PublicationFormat.HTML))
)
def test_a_web_publication_contains_its_phrases(publication: Publication) -> None:
    text = " ".join(words_of(publication).split())
    for phrase in publication.expect.phrases:
        assert phrase.page == 1
        assert phrase.text in text


@pytest.mark.parametrize("publication", by_slug(PDFS[:4]))
def test_a_pdf_always_has_the_same_bytes_and_a_corrected_one_has_others(publication: Publication) -> None:
    first = make_pdf(publication)
    assert make_pdf(publication) == first
    assert make_pdf(publication, corrected=True) != first


@pytest.mark.parametrize("making", [Making.OPEN_PASSWORD, Making.PASSWORD, Making.SCAN])
def test_special_files_have_the_same_bytes_each_time(making: Making) -> None:
    publication = special(making)
    assert make_pdf(publication) == make_pdf(publication)


def test_a_pdf_carries_the_letters_of_four_languages() -> None:
    text = " ".join(page for publication in PDFS for page in pages_of(make_pdf(publication)))
    for word in (
        "récupératrice·eur·s",
        "organización",
        "catadoras e catadores",
        "recicladorxs",
        "señala",
        "dignité",
        "licitação",
    ):
        assert word in text


def test_pdf_properties_are_true_junk_or_missing() -> None:
    titles = {each.slug: pypdfium2.PdfDocument(make_pdf(each)).get_metadata_dict() for each in PDFS}
    assert titles["en-india-street-vendors-act"]["Title"].startswith("A pavement of one's own")
    assert titles["en-india-street-vendors-act"]["Subject"].startswith("Sample publication")
    assert titles["en-india-street-vendors-act"]["CreationDate"].startswith("D:20230502")
    assert titles["en-thailand-homeworkers-law"]["Title"] == "Microsoft Word - draft_final2.docx"
    assert titles["en-zambia-cross-border"]["Title"] == ""


def special(making: Making) -> Publication:
    (publication,) = (each for each in ALL if each.making is making and each.standing is SampleStanding.SPECIAL)
    return publication


def test_the_scanned_one_has_pages_without_text() -> None:
    assert set(pages_of(make_pdf(special(Making.SCAN)))) == {""}


def test_the_one_with_an_empty_password_opens_without_asking() -> None:
    content = make_pdf(special(Making.OPEN_PASSWORD))
    assert b"/Encrypt" in content
    assert "La costurera a domicilio recibe por escrito" in pages_of(content)[0]


def test_the_one_with_a_password_does_not_open_without_it() -> None:
    with pytest.raises(pypdfium2.PdfiumError, match="password"):
        pypdfium2.PdfDocument(make_pdf(special(Making.PASSWORD)))


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ('colour = "red"', "colour"),
        ('format = "docx"', "docx"),
        ('type = "novel"', "its type is unknown"),
        ('copy_slug = "b"\nformat = "html"', "only a PDF has a second address"),
        ('[expect]\ncountry = "PER"', "its primary country is not among its countries"),
    ],
)
def test_front_matter_that_cannot_be_used_is_refused_by_name(more: str, complaint: str) -> None:
    with pytest.raises(BadInput, match=rf"a\.md.*{complaint}"):
        parse_publication(FRONT.format(more=more), name="a.md")


def test_a_file_without_front_matter_is_refused() -> None:
    with pytest.raises(BadInput, match="no front matter"):
        parse_publication("Only text.", name="a.md")


def test_the_small_markdown_knows_its_blocks() -> None:
    text = (
        "## H\n\nOne\ntwo.\n\n- a\n  b\n- c\n\n> said\n\n^ Table 1\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n"
        "~ Source\n\n---\n\n### Small\n"
    )
    assert blocks_of(text) == (
        Heading("H", level=2),
        Paragraph("One two."),
        Bullets(("a b", "c")),
        Paragraph("said", role=Role.QUOTE),
        Paragraph("Table 1", role=Role.CAPTION),
        Table((("x", "y"), ("1", "2"))),
        Paragraph("Source", role=Role.NOTE),
        PageBreak(),
        Heading("Small", level=3),
    )


def test_marks_in_text_become_tags_and_everything_else_is_escaped() -> None:
    assert inline_markup("a **b** & *c* <d>", bold="b", italic="i") == "a <b>b</b> &amp; <i>c</i> &lt;d&gt;"


def test_a_table_with_uneven_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        blocks_of("| a | b |\n|---|---|\n| 1 |")
