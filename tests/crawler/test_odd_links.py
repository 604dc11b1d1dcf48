"""Links are asked for and kept as their publishers wrote them; two that look alike are two."""

from __future__ import annotations

import pytest

from corpus.store import open_store
from tests.crawler.harvesting import harvested, sample_source
from tests.crawler.small_site import PDF, SmallSite

LINKS = (
    "/get.pdf?report12", "/get.pdf?report12=", "/d.pdf?id=1;v=2", "/q.pdf?z=1&a=2", "/q.pdf?a=2&z=1", "/f.pdf?f=a%f1o",
    "/f.pdf?f=a%e9o", "/%7euser/a.pdf", "/t.pdf?n=1&utm_source=feed", "/o'b(1).pdf",
)  # fmt: skip


def page(*hrefs: str) -> str:
    return (
        "<main>" + "".join(f'<p><a href="{href}">PDF {number}</a></p>' for number, href in enumerate(hrefs)) + "</main>"
    )


def kept(settings, slug: str = "a-publisher") -> dict[str, str]:
    """Return the document of each link that is kept, by what follows the host."""
    with open_store(settings) as store:
        outcomes = store.files.outcomes(source=slug)
        return {"/" + each.url.split("/", 3)[3]: each.document_id for each in outcomes}


def test_each_link_of_a_page_is_asked_for_and_kept_as_it_is_written(settings):
    answers = {link: PDF + link.encode() for link in LINKS} | {"/": page("/p"), "/p": page(*LINKS)}
    with SmallSite(answers) as site:
        source = sample_source(site.url + "/", more="[files]\nper_landing_page_max = 50")
        run = harvested(source, settings)
        assert (run.new, run.failed) == (len(LINKS), 0), run.failures
        assert sorted(site.asked) == sorted(["/", "/p", *LINKS])
        again = harvested(source, settings)
    assert (again.new, again.changed, again.unchanged) == (0, 0, len(LINKS))
    documents = kept(settings)
    assert sorted(documents) == sorted(LINKS)
    assert len(set(documents.values())) == len(LINKS)


def test_two_files_whose_names_differ_in_an_escape_that_is_no_utf_8_are_two_documents(settings):
    spanish, english = "/doc.asp?f=a%f1o.pdf", "/doc.asp?f=a%e9o.pdf"
    landing = (
        f'<main><h1>T</h1><a href="{spanish}" hreflang="es">PDF</a> <a href="{english}" hreflang="en">PDF</a></main>'
    )
    answers = {"/": page("/p"), "/p": landing, spanish: PDF + b"es", english: PDF + b"en"}
    with SmallSite(answers) as site:
        run = harvested(sample_source(site.url + "/"), settings)
    assert run.new == 2
    assert len(set(kept(settings).values())) == 2


@pytest.mark.parametrize(
    ("href", "target"),
    [("\\f\\hoima.pdf", "/f/hoima.pdf"), ("sp ace.pdf", "/p/sp%20ace.pdf"), ("a[1].pdf", "/p/a%5B1%5D.pdf")],
)
def test_a_link_leads_where_it_leads_in_a_browser(settings, href, target):
    with SmallSite({"/": page("/p/1"), "/p/1": page(href), target: PDF}) as site:
        run = harvested(sample_source(site.url + "/"), settings)
    assert (run.new, run.failed) == (1, 0), run.failures
    assert list(kept(settings)) == [target]


def test_two_landing_pages_that_differ_in_an_empty_value_are_read_each_for_itself(settings):
    answers = {
        "/": page("/p?one", "/p?one="),
        "/p?one": page("/1.pdf"),
        "/p?one=": page("/2.pdf"),
        "/1.pdf": PDF + b"1",
        "/2.pdf": PDF + b"2",
    }
    with SmallSite(answers) as site:
        source = sample_source(site.url + "/")
        assert harvested(source, settings).new == 2
        assert harvested(source, settings).unchanged == 2
    assert sorted(kept(settings)) == ["/1.pdf", "/2.pdf"]


def test_two_spellings_of_one_link_are_one_file_and_the_first_is_shown(settings):
    answers = {"/": page("/p"), "/p": page("/%7ea.pdf", "/~a.pdf"), "/%7ea.pdf": PDF, "/~a.pdf": PDF}
    with SmallSite(answers) as site:
        run = harvested(sample_source(site.url + "/"), settings)
    assert (run.offered, run.new) == (1, 1)
    assert list(kept(settings)) == ["/%7ea.pdf"]
