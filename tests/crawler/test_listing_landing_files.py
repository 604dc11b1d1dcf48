"""From a landing page to its files, in four languages: all of the publication, and nothing that only lies beside it."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse
from told import told

from corpus.runs import RunState
from crawler.pages.landing_metadata import landing_evidence
from crawler.pages.links import language_in
from crawler.pages.publication_files import choose_files
from crawler.sources.model import FileRules
from tests.crawler.harvesting import harvested, sample_source
from tests.crawler.lists_site import ListsSite, Told, pdf, text_page

AT = "https://office.example/reports/12"


def page(main: str, *, head: str = "") -> HtmlResponse:
    html = f"<html><head>{head}</head><body><main><h1>Waste pickers</h1>{main}</main></body></html>"
    return HtmlResponse(url=AT, body=html.encode(), encoding="utf-8")


def chosen(main: str, *, head: str = "", **rules) -> list[str]:
    found = choose_files(page(main, head=head), FileRules(**rules))
    return [lead.url.removeprefix("https://office.example") for lead in found.links]


def skipped(main: str) -> dict[str, int]:
    return told(choose_files(page(main), FileRules()).skipped)


# Addresses without an ending

UUID = "0f6f2c2e-1111-4222-8333-444455556666"


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("/download/123", "Download"),
        ("/en/downloads/waste-pickers-2020", "Download the report (2 MB)"),
        ("/descargar/123", "Descargar informe"),
        ("/descargas.php?id=3", "Informe completo"),
        ("/telecharger.php?id=3", "Télécharger le rapport"),
        ("/fichiers/88", "Texte intégral"),
        ("/baixar/9", "Baixar o relatório"),
        ("/arquivos/9", "Relatório completo"),
        ("/?attachment_id=42", "Full report"),
        ("/index.php?file=r12", "Read the report"),
        ("/file/77", "Read the full report"),
        ("/cgi/viewcontent.cgi?article=1021&context=wp", "Download"),
        (f"/bitstreams/{UUID}/download", "report_final (3 MB)"),
        (f"/server/api/core/bitstreams/{UUID}/content", "View"),
    ],
)
def test_a_button_that_downloads_is_known_by_its_address_and_its_words(address, text):
    assert chosen(f"<a class='btn' href='{address}'>{text}</a>") == [address]


@pytest.mark.parametrize("attributes", ["type='application/pdf'", "type='application/x-pdf'"])
def test_a_media_type_makes_any_address_a_file(attributes):
    assert chosen(f"<a href='/x/9' {attributes}>Report</a>") == ["/x/9"]


def test_the_attribute_download_counts_as_the_word():
    assert chosen("<a download href='/files/9'>Waste and work</a>") == ["/files/9"]


@pytest.mark.parametrize(
    "link",
    [
        "<a href='/downloads'>Downloads</a>",
        "<a href='/download/login'>Log in to download</a>",
        "<a href='/media/news-12'>Strike of 2012</a>",
        "<a href='/documents/12'>About the documents</a>",
        "<a href='/download/12'>Download data (XLSX)</a>",
        f"<a href='/bitstreams/{UUID}/download'>license.txt</a>",
        "<a href='/how-to-download-2'>Download</a>",
        "<a href='/download/cover-12.jpg'>Download</a>",
        "<a href='#' data-href='/f/1.pdf' onclick='go()'>Download</a>",
        "<a href='javascript:download(12)'>Download</a>",
    ],
)
def test_what_only_speaks_of_downloads_is_no_file(link):
    assert chosen(link) == []


# Which files


def test_the_full_report_comes_before_its_summary_and_annexes_and_all_are_taken():
    main = """<a href='/f/ex-sum.pdf'>Executive summary</a><a href='/f/annex1.pdf'>Annex 1</a><a href='/f/full.pdf'>Full report</a>
      <a href='/f/full_es.pdf'>Informe (español)</a><a href='/f/resumen.pdf'>Resumen ejecutivo</a>
      <a href='/f/full_fr.pdf'>Rapport – Français</a>"""
    everything = ["/f/full.pdf", "/f/full_es.pdf", "/f/full_fr.pdf", "/f/ex-sum.pdf", "/f/annex1.pdf", "/f/resumen.pdf"]
    assert chosen(main) == everything
    assert chosen(main, per_landing_page_max=2) == everything[:2]


@pytest.mark.parametrize(
    "heading",
    [
        *("Related publications", "See also", "You may also like", "More from this author", "Latest reports"),
        *("Publicaciones relacionadas", "También te puede interesar", "Otras publicaciones", "Documentos relacionados"),
        *("Publications similaires", "À lire aussi", "Voir aussi", "Autres publications", "Documents associés"),
        *("Publicações relacionadas", "Veja também", "Outros relatórios", "Você também pode gostar"),
    ],
)
def test_what_stands_under_a_heading_of_related_publications_is_left(heading):
    main = f"""<a href='/f/full.pdf'>Full report</a><h2>{heading}</h2>
      <div><h3>Street vendors</h3><a href='/f/other.pdf'>Download</a></div><ul><li><a href='/f/third.pdf'>PDF</a></ul>"""
    assert chosen(main) == ["/f/full.pdf"]
    assert skipped(main) == {"related publication": 2}


def test_what_stands_under_a_later_heading_is_not_related():
    main = "<h2>Related publications</h2><p>None.</p><h2>Download</h2><a href='/f/full.pdf'>Report</a>"
    assert chosen(main) == ["/f/full.pdf"]


@pytest.mark.parametrize("name", ["related-items", "contenidos-relacionados", "you-may-also-like", "similar-reports"])
def test_boxes_of_related_publications_are_left(name):
    assert chosen(f"<a href='/f/full.pdf'>PDF</a><div class='{name}'><a href='/f/other.pdf'>PDF</a></div>") == [
        "/f/full.pdf"
    ]


def test_pictures_covers_and_annual_reports_of_the_house_are_left_in_four_languages():
    main = """<a href='/f/full.pdf'>Report</a><a href='/f/portada.pdf'>Portada</a><a href='/f/couverture.pdf'>Couverture</a>
      <a href='/f/capa-2.pdf'>Capa</a><a href='/f/c.png'>Cover</a><a href='/f/rapport-annuel.pdf'>Rapport annuel 2020</a>
      <a href='/f/memoria-anual-2020.pdf'>Memoria anual</a><a href='/f/x.pdf'>Relatório anual 2021</a>"""
    assert chosen(main) == ["/f/full.pdf"]
    assert skipped(main) == {"cover, form or notice": 3, "annual report of the publisher": 3}


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("English", "en"),
        ("Spanish (PDF, 2 MB)", "es"),
        ("Descargar en español", "es"),
        ("Télécharger la version française", "fr"),
        ("Versão em português", "pt"),
        ("FR", "fr"),
        ("PDF [ES]", "es"),
        ("Download in French", "fr"),
        ("The future of street vending: Spanish", "es"),
        ("Informe sobre el trabajo informal (español)", "es"),
        ("العربية", "ar"),
        ("Spanish labour law", ""),
        ("Les Français au travail", ""),
        ("Trabajo en casa", ""),
        ("English and French", ""),
        ("Download", ""),
        ("", ""),
    ],
)
def test_a_link_names_the_language_of_its_file(text, lang):
    assert language_in(text) == lang


# Evidence of further repositories


def said(head: str) -> dict[str, list[tuple[str, str]]]:
    found = landing_evidence(page("", head=head))
    return {
        name: [(item.value, str(item.origin).removeprefix("landing:")) for item in items]
        for name, items in found.items()
    }


def test_eprints_bepress_prism_and_dcterms_are_read():
    eprints = said(
        """<meta name="eprints.title" content="Waste"><meta name="eprints.creators_name" content="Quispe, Rosa">
        <meta name="eprints.date" content="2019"><meta name="eprints.id_number" content="WP 12">
        <meta name="eprints.type" content="monograph">"""
    )
    assert eprints["title"][0] == ("Waste", "eprints.title")
    assert eprints["author"] == [("Quispe, Rosa", "eprints.creators_name")]
    assert eprints["type"] == [("monograph", "eprints.type")]
    assert "doi" not in eprints
    bepress = said(
        '<meta name="bepress_citation_title" content="Waste"><meta name="bepress_citation_date" content="2019">'
    )
    assert (bepress["title"][0], bepress["date"]) == (("Waste", "citation_title"), [("2019", "citation_date")])
    prism = said('<meta name="prism.doi" content="10.1234/x"><meta name="prism.publicationDate" content="2019-05">')
    assert (prism["doi"], prism["date"]) == ([("10.1234/x", "prism.doi")], [("2019-05", "prism.publicationdate")])
    dcterms = said('<meta name="DCTERMS.issued" content="2018-02-03"><meta property="dcterms:creator" content="A. B.">')
    assert (dcterms["date"], dcterms["author"]) == ([("2018-02-03", "dc.issued")], [("A. B.", "dc.creator")])


def test_eprints_and_bepress_declare_their_files():
    assert chosen("", head="<meta name='bepress_citation_pdf_url' content='/cgi/viewcontent.cgi?article=1'>") == [
        "/cgi/viewcontent.cgi?article=1"
    ]
    documents = "<meta name='eprints.document_url' content='/12/1/a.pdf'><meta name='eprints.document_url' content='/12/2/a.jpg'>"
    assert chosen("", head=documents) == ["/12/1/a.pdf"]


# Over HTTP


def test_a_landing_page_brings_all_its_files_in_their_languages_and_no_others(settings):
    main = f"""<p><a href='/f/summary.pdf'>Executive summary</a> <a href='/download/12'>Download the report</a>
      <a href='/bitstreams/{UUID}/download'>Descargar en español</a> <a href='/f/cover.pdf'>Cover</a></p>
      <h2>Related publications</h2><p><a href='/f/other.pdf'>Download</a></p>"""
    answers = {
        "/list": text_page("Publications", main="<h3><a href='/r/12'>Waste pickers in Lima</a></h3>"),
        "/r/12": text_page("Waste pickers in Lima", main=main),
        "/f/summary.pdf": pdf("summary"),
        "/download/12": Told(pdf("full").body, content_type="application/octet-stream"),
        f"/bitstreams/{UUID}/download": pdf("es"),
        "/f/cover.pdf": pdf("cover"),
        "/f/other.pdf": pdf("other"),
    }
    with ListsSite(answers) as site:
        run = harvested(sample_source(f"{site.url}/list"), settings)
        asked = site.paths()
    assert (run.state, run.new, run.failed) == (RunState.FINISHED, 3, 0)
    assert told(run.skipped_by) == {"cover, form or notice": 1, "related publication": 1}
    assert not {"/f/cover.pdf", "/f/other.pdf"} & set(asked)
