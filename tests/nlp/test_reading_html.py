"""HTML and plain text: main text, encodings, what a page says of itself, and what is not read."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import lxml.html
import pytest
from told import told

from corpus.tag_rules import Zone
from corpus.types import Outcome, Reading
from nlp.reading.html_zones import lines_by_tags, zones_of_lines
from nlp.reading.reader import read_file
from nlp.reading.requests import ReadingLimits, ReadRequest
from nlp.reading.sniffing import Kind, kind_of

LIMITS = ReadingLimits(seconds=20, pages=50, memory_mebibytes=1024, file_mebibytes=5)
PARAGRAPH = "Les vendeuses de rue de Dakar paient chaque jour une taxe pour l'espace où elles travaillent. " * 3
PAGE = """<!doctype html><html lang="fr"><head><meta charset="{charset}"><title>Le marché | Une revue</title>
<meta name="author" content="Awa Diop"><meta property="article:published_time" content="2019-05-03"></head><body>
<nav><a href="/">Accueil</a> <a href="/x">Toutes les rubriques du site</a></nav>
<main><article><h1>Le marché de Dakar</h1><p>{paragraph}</p><h2>Une taxe par jour</h2><p>{paragraph}</p>
<ul><li>Premier point de la liste</li><li>Second point de la liste</li></ul></article></main>
<footer>Mentions légales</footer></body></html>""".replace("{paragraph}", PARAGRAPH)


def read(content: bytes, folder: Path, *, content_type: str = "") -> Reading:
    path = folder / "file"
    path.write_bytes(content)
    return read_file(ReadRequest(hashlib.sha256(content).hexdigest(), path, content_type), limits=LIMITS)


def values(reading: Reading, name: str) -> list[str]:
    return [offer.value for offer in reading.evidence.get(name, ())]


def test_main_text_comes_in_headings_and_paragraphs(tmp_path: Path) -> None:
    reading = read(PAGE.format(charset="utf-8").encode(), tmp_path)
    lines = reading.pages[0].text.split("\n")
    assert reading.outcome is Outcome.READ
    assert reading.engine == "trafilatura"
    assert "Une taxe par jour" in lines
    assert "Premier point de la liste" in reading.pages[0].text
    assert "Mentions légales" not in reading.pages[0].text
    assert "Toutes les rubriques" not in reading.pages[0].text


def test_a_page_says_title_author_date_and_language(tmp_path: Path) -> None:
    reading = read(PAGE.format(charset="utf-8").encode(), tmp_path)
    assert values(reading, "title")[0] == "Le marché de Dakar"
    assert "Awa Diop" in values(reading, "author")
    assert values(reading, "date") == ["2019-05-03"]
    assert values(reading, "lang") == ["fr"]
    assert {str(offer.origin) for offers in reading.evidence.values() for offer in offers} == {"file:html"}


def article(*parts: str) -> bytes:
    """Return a page with these parts between two long paragraphs."""
    long = f"<p>{PARAGRAPH}</p>"
    return f"<html><body><main><article>{long}{''.join(parts)}{long}</article></main></body></html>".encode()


def test_paragraphs_beside_a_table_are_read(tmp_path: Path) -> None:
    table = "<table><tr><th>Ville</th><th>Part</th></tr><tr><td>Dakar</td><td>83 %</td></tr></table>"
    before, after = "<p>Voici les parts par ville, selon l'enquête.</p>", "<p>Ailleurs, rien n'est connu à ce jour.</p>"
    page = article("<div><div><h3>Les parts</h3>", before, f"<div>{table}</div>", after, "</div></div>")
    lines = read(page, tmp_path).pages[0].text.split("\n")
    wanted = ["Les parts", "Voici les parts par ville, selon l'enquête.", "Ville Part", "Dakar 83 %"]
    assert [" ".join(line.split()) for line in lines if line and line.strip() != PARAGRAPH.strip()] == [
        *wanted,
        "Ailleurs, rien n'est connu à ce jour.",
    ]


@pytest.mark.parametrize("markup", ["{}", "<strong>{}</strong>", "<img src='a.jpg'>{}", "<script>x</script>{}"])
def test_text_that_stands_between_paragraphs_without_being_one_is_read(tmp_path: Path, markup: str) -> None:
    loose = "Une phrase libre se tient ici, sans paragraphe à elle."
    numbered = [f"<p>Le marché numéro {number} : {PARAGRAPH}</p>" for number in range(6)]
    text = read(article("<div>", *numbered[:3], markup.format(loose), *numbered[3:], "</div>"), tmp_path).pages[0].text
    assert f"\n\n{loose}\n\n" in text


def test_text_behind_a_comment_is_read(tmp_path: Path) -> None:
    page = article("<p>Elle a <a href='/x'>dit</a><!-- annonce --> que la taxe a doublé cette année au marché.</p>")
    assert "Elle a dit que la taxe a doublé cette année au marché." in read(page, tmp_path).pages[0].text


def test_items_of_a_list_within_a_list_stand_once_on_lines_of_their_own(tmp_path: Path) -> None:
    page = article("<ul><li>Les villes<ul><li>Dakar et Thiès</li><li>Saint-Louis</li></ul></li><li>La taxe</li></ul>")
    text = read(page, tmp_path).pages[0].text
    assert "Les villes\nDakar et Thiès\nSaint-Louis\nLa taxe" in text
    assert text.count("Saint-Louis") == 1


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("utf-8", "utf-8", ""),
        ("cp1252", "iso-8859-1", ""),
        ("utf-8", "no-such-charset", ""),
        ("cp1252", "", "text/html; charset=windows-1252"),
        ("utf-16", "utf-8", "text/html"),
        ("utf-8-sig", "iso-8859-1", ""),
    ],
)
def test_accents_survive_every_encoding(tmp_path: Path, encoding: str, declared: str, content_type: str) -> None:
    reading = read(PAGE.format(charset=declared).encode(encoding), tmp_path, content_type=content_type)
    assert "où elles travaillent" in reading.pages[0].text


def test_a_page_without_articles_gives_its_plain_text(tmp_path: Path) -> None:
    reading = read(b"<html><body><div>Figure 3<br>Share of vendors</div><script>var x</script></body></html>", tmp_path)
    assert reading.outcome is Outcome.READ
    assert reading.pages[0].text.split() == ["Figure", "3", "Share", "of", "vendors"]


@pytest.mark.parametrize(
    "content",
    [
        b"<html></html>",
        b"<html><body><script>1</script></body></html>",
        b"<!doctype html>",
        b"<html><body>" + b"<div>" * 20_000,
        b"<html>" + bytes(range(256)) * 20,
    ],
)
def test_odd_pages_have_an_outcome(tmp_path: Path, content: bytes) -> None:
    assert read(content, tmp_path).outcome in (Outcome.EMPTY, Outcome.READ)


def test_plain_text_keeps_its_lines_and_form_feeds_part_pages(tmp_path: Path) -> None:
    reading = read("# Vendedores de Lima\n\n\n\nUna línea  \nOtra\fPágina dos".encode("cp1252"), tmp_path)
    assert [page.text for page in reading.pages] == ["# Vendedores de Lima\n\nUna línea\nOtra", "Página dos"]
    assert values(reading, "title") == ["Vendedores de Lima"]


def zipped(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (zipped("[Content_Types].xml", "word/document.xml"), "a Word document (DOCX)"),
        (zipped("xl/workbook.xml"), "an Excel workbook (XLSX)"),
        (zipped("anything"), "a ZIP archive"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a picture (PNG)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, "an old Microsoft Office file"),
        (b"\x00\x01\x02\x03" * 50, "of an unknown type"),
    ],
)
def test_other_kinds_are_named_and_not_read(tmp_path: Path, content: bytes, named: str) -> None:
    reading = read(content, tmp_path)
    assert reading.outcome is Outcome.UNSUPPORTED
    assert named in told(reading.reason)


@pytest.mark.parametrize(
    ("head", "declared", "kind"),
    [
        (b"%PDF-1.4\n", "text/html", Kind.PDF),
        (b"\r\n junk before %PDF-1.7", "", Kind.PDF),
        (b"<!DOCTYPE html><html>", "application/pdf", Kind.HTML),
        (b"<p>In a text, <html> may be spoken of", "text/plain", Kind.PLAIN),
        (b"just words", "text/html", Kind.HTML),
        (b"just words", "application/octet-stream", Kind.PLAIN),
        (b"<?xml version='1.0'?><rss>", "", Kind.OTHER),
    ],
)
def test_the_bytes_decide_what_a_file_is(head: bytes, declared: str, kind: Kind) -> None:
    assert kind_of(head, content_type=declared) is kind


def test_an_html_page_called_pdf_is_read_as_what_it_is(tmp_path: Path) -> None:
    reading = read(PAGE.format(charset="utf-8").encode(), tmp_path, content_type="application/pdf")
    assert reading.engine == "trafilatura"


def test_what_only_claims_to_be_a_pdf_is_broken(tmp_path: Path) -> None:
    assert read(b"\x00\x01\x02\x03" * 50, tmp_path, content_type="application/pdf").outcome is Outcome.BROKEN


def zone_of(reading: Reading, words: str) -> Zone:
    """Return the zone in which words stand."""
    page = reading.pages[0]
    start = page.text.index(words)
    return next(span.zone for span in page.zones or () if span.start <= start < span.end)


def test_a_table_keeps_its_rows_and_its_cells_apart_and_is_a_zone(tmp_path: Path) -> None:
    table = "<table><tr><th>Ville</th><th>Part</th></tr><tr><td>Dakar</td><td>83 %</td></tr></table>"
    reading = read(article(table), tmp_path)
    assert "Ville  Part\nDakar  83 %" in reading.pages[0].text
    assert zone_of(reading, "Dakar  83 %") is Zone.TABLE
    assert zone_of(reading, "Les vendeuses") is Zone.BODY


def test_tags_tell_what_is_a_menu_a_teaser_or_a_caption(tmp_path: Path) -> None:
    page = (
        "<html><body><nav><p>Accueil du site entier</p></nav><p>Le marché est fermé.</p>"
        "<figure><figcaption>Photo du marché de Dakar</figcaption></figure>"
        "<aside><p>À lire aussi : la taxe de Thiès</p></aside></body></html>"
    )
    text = (
        "Accueil du site entier\n\nLe marché est fermé.\n\nPhoto du marché de Dakar\n\nÀ lire aussi : la taxe de Thiès"
    )
    found = zones_of_lines(text, lines_by_tags(lxml.html.document_fromstring(page)))
    assert [(span.zone, text[span.start : span.end]) for span in found] == [
        (Zone.MENU, "Accueil du site entier"),
        (Zone.CAPTION, "Photo du marché de Dakar"),
        (Zone.TEASER, "À lire aussi : la taxe de Thiès"),
    ]


def test_a_table_that_holds_a_whole_article_is_not_taken_for_one_of_data(tmp_path: Path) -> None:
    long = PARAGRAPH * 3
    tree = lxml.html.document_fromstring(
        f"<table><tr><td>{long}</td><td>Menu</td></tr><tr><td>a</td><td>b</td></tr></table>"
    )
    assert Zone.TABLE not in lines_by_tags(tree).values()
