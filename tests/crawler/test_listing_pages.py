"""Where a listing goes on: pagers with marks, words and numbers, and endpoints that answer JSON; saved real pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse
from told import told

from corpus.errors import BadSource
from corpus.runs import RunState
from crawler.items import LinkKind
from crawler.sources.load import parse_source
from crawler.sources.rules import ListingRules
from crawler.spiders.listing.parse import next_pages, read_listing, read_more
from tests.crawler.harvesting import harvested, sample_source
from tests.crawler.lists_site import ListsSite, Told, pdf, text_page

AT = "https://office.example/list"


def page(body: str, *, url: str = AT) -> HtmlResponse:
    return HtmlResponse(url=url, body=f"<html><body><main>{body}</main></body></html>".encode(), encoding="utf-8")


def next_of(body: str, *, url: str = AT) -> str:
    return "".join(next_pages(page(body, url=url), ListingRules())).removeprefix("https://office.example")


# The next page


@pytest.mark.parametrize(
    "text",
    [
        *("Next", "Next page", "Next ›", "next »", "Older posts", "Siguiente", "Página siguiente", "siguiente &gt;"),
        *(
            "Suivant",
            "Page suivante",
            "suivant ›",
            "Próxima",
            "Próxima página",
            "Seguinte",
            "Próximo »",
            "Entradas antiguas",
        ),
    ],
)
def test_a_link_that_says_next_in_one_of_four_languages_leads_on(text):
    assert (
        next_of(f"<a href='/r/1'>The next economy</a><a href='?page=0'>1</a><a href='?page=1'>{text}</a>")
        == "/list?page=1"
    )


@pytest.mark.parametrize(
    "label", ["aria-label='Go to next page'", "title='Ir a la página siguiente'", "aria-label='Page suivante'"]
)
def test_what_a_link_is_called_for_those_who_cannot_see_it_counts(label):
    assert next_of(f"<a href='?page=2' {label}><i class='icon'></i></a>") == "/list?page=2"


@pytest.mark.parametrize("arrow", ["›", "&gt;", "»", "→", "&gt;&gt;"])
def test_an_arrow_in_a_pager_leads_on(arrow):
    assert next_of(f"<ul class='pagination'><li><a href='?p=1'>‹</a><li><a href='?p=3'>{arrow}</a></ul>") == "/list?p=3"
    assert next_of(f"<p><a href='?p=1'>1</a> 2 <a href='?p=3'>{arrow}</a></p>") == "/list?p=3"


def test_an_arrow_elsewhere_leads_nowhere():
    assert next_of("<p class='crumbs'><a href='/'>Home</a><a href='/publications'>&gt;</a></p>") == ""


def test_where_two_arrows_stand_the_double_one_leads_to_the_last_page():
    assert next_of("<div class='pager'><a href='?p=9'>»</a><a href='?p=2'>›</a></div>") == "/list?p=2"


@pytest.mark.parametrize(
    "pager",
    [
        "<ul><li><a href='?p=1'>1</a><li class='active'><a href='?p=2'>2</a><li><a href='?p=3'>3</a></ul>",
        "<nav><a href='?p=1'>1</a> <span aria-current='page'>2</span> <a href='?p=3'>3</a></nav>",
        "<div><a href='?p=1'>1</a> <strong>2</strong> <a href='?p=3'>3</a> <a href='?p=4'>4</a></div>",
        "<div class=pagination><span><span class=current>Página 2</span></span><a href='?p=3'>Página 3</a></div>",
    ],
)
def test_a_numbered_pager_leads_to_the_number_after_the_current_one(pager):
    assert next_of(f"<h2><a href='/r/1'>Report</a></h2>{pager}", url=f"{AT}?p=2") == "/list?p=3"


@pytest.mark.parametrize(
    "body",
    [
        "<ul class='pagination'><li><a href='?p=1'>1</a><li><a href='?p=2'>2</a><li class='active'><span>3</span></ul>",
        "<div><a href='?y=2018'>2018</a> <strong>2019</strong> <a href='?y=2020'>2020</a></div>",
        "<p>Report 1 of <a href='/r/2'>2</a></p>",
        "<a href='#'>Next</a><a href='javascript:more()'>Next</a>",
        "<a href='/r/3'>Next generation of workers</a>",
    ],
)
def test_the_last_page_years_and_scripts_lead_nowhere(body):
    assert next_of(body) == ""


def test_marks_count_before_words_and_words_before_numbers():
    numbers = "<p><b>1</b> <a href='?p=2'>2</a> <a href='?p=3'>3</a></p>"
    assert next_of(f"{numbers}<a href='?w=2'>Next</a><a rel='next' href='?m=2'>2</a>") == "/list?m=2"
    assert next_of(f"{numbers}<a href='?w=2'>Next</a>") == "/list?w=2"


def test_the_links_of_a_pager_are_no_publications():
    pager = "<ul class='pagination'><li><a href='?p=2'>2</a><li><a href='?p=9'>9</a><li><a href='?p=2'>Next</a></ul>"
    found = read_listing(
        page(f"<h2><a href='/r/1'>A report</a></h2>{pager}<a href='?p=2'>Siguiente</a>"), ListingRules()
    )
    assert [link.url for link in found.links] == ["https://office.example/r/1"]


# Answers in JSON


def rules_of(table: str, *, listing: str = "") -> ListingRules:
    text = f'slug = "s"\nname = "S"\nprotocol = "listing"\nstart = ["{AT}"]\n[listing]\n{listing}\n[listing.load_more]\n{table}'
    rules = parse_source(text, path=Path("s.toml")).rules
    assert isinstance(rules, ListingRules)
    return rules


def more_of(answer: object, table: str, *, listing: str = ""):
    return read_more(json.dumps(answer).encode(), rules_of(table, listing=listing), url=AT)


HTML_KEYS = 'address = "https://office.example/more?page={page}"\nhtml = "data.markup"'
RECORD_KEYS = 'address = "https://office.example/more?page={page}"\nrecords = "items"\nlink = "url"\ntitle = "name"'


def test_html_in_an_answer_is_read_as_part_of_the_page():
    found = more_of(
        {"data": {"markup": "<h3><a href='/r/1'>Street vendors in Accra</a></h3><a href='/about'>About</a>"}},
        HTML_KEYS,
        listing='links = "h3"',
    )
    assert [link.url for link in found.links] == ["https://office.example/r/1"]
    assert found.links[0].evidence["title"][0].value == "Street vendors in Accra"
    assert found.records == 1


def test_an_answer_whose_links_do_not_fit_the_rules_is_trouble_and_an_empty_one_is_the_end():
    odd = more_of({"data": {"markup": "<p><a href='/r/1'>One</a></p>"}}, HTML_KEYS, listing='links = "h3"')
    assert told(odd.trouble) == "The answer has links, but none of them matches `links` in the source file."
    end = more_of({"data": {"markup": "<p>No more results.</p>"}}, HTML_KEYS, listing='links = "h3"')
    assert (told(end.trouble), end.links) == ("", ())


def test_the_commands_of_a_drupal_view_are_html_too():
    commands = [
        {"command": "settings", "settings": {}},
        {"command": "insert", "method": "append", "data": "<div><h3><a href='/r/1'>One</a></h3></div>"},
        {"command": "insert", "data": "<h3><a href='/r/2'>Two</a></h3>"},
    ]
    keys = """address = "https://office.example/views/ajax?page={page}"\nhtml = "[?command=='insert'].data" """
    assert [link.url[-4:] for link in more_of(commands, keys).links] == ["/r/1", "/r/2"]


def test_records_in_an_answer_have_addresses_and_titles():
    items = [
        {"url": "/r/1", "name": "Street &amp; <i>stall</i>"},
        {"url": "/f/2.pdf"},
        {"name": "no address"},
        {"url": "https://else.example/3"},
    ]
    found = more_of({"items": items}, RECORD_KEYS)
    assert [(link.url[-6:], link.kind) for link in found.links] == [
        ("le/r/1", LinkKind.LANDING),
        ("/2.pdf", LinkKind.FILE),
    ]
    assert found.links[0].evidence["title"][0].value == "Street & stall"
    assert told(found.skipped) == {"entry without a link": 1, "other site": 1}
    assert found.records == 4


def test_a_list_of_addresses_is_a_list_of_records():
    keys = 'address = "https://office.example/more?offset={offset}"\nlink = "@"'
    assert [link.url[-4:] for link in more_of(["/r/1", "/r/2"], keys).links] == ["/r/1", "/r/2"]


def test_a_cursor_of_the_answer_leads_on_and_its_absence_ends_the_listing():
    keys = 'address = "https://office.example/more?after={cursor}"\nrecords = "items"\nlink = "url"\ncursor = "next"'
    assert more_of({"items": [{"url": "/r/1"}], "next": "a b&c"}, keys).more == (
        "https://office.example/more?after=a%20b%26c",
    )
    for last in (None, "", False, {}):
        assert more_of({"items": [{"url": "/r/1"}], "next": last}, keys).more == ()


@pytest.mark.parametrize(
    ("body", "words"),
    [(b'{"items": [', "The answer is not JSON"), (b"[" * 100_000, "The answer is nested too deeply")],
)
def test_an_answer_that_is_broken_is_trouble(body, words):
    assert told(read_more(body, rules_of(RECORD_KEYS), url=AT).trouble).startswith(words)


def test_an_answer_without_what_was_expected_holds_nothing():
    for answer in ({}, [], {"items": None}, {"items": "x"}, {"data": 1}, {"data": {"markup": [None, 2]}}):
        for keys in (HTML_KEYS, RECORD_KEYS):
            found = more_of(answer, keys)
            assert (found.links, found.more, found.records, told(found.trouble)) == ((), (), 0, "")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('address = "https://office.example/more"\nhtml = "a"', "with {page}, {offset} or {cursor} in it, once"),
        ('address = "/more?page={page}"\nhtml = "a"', "must be a web address"),
        ('address = "https://office.example/more?c={cursor}"\nhtml = "a"', "no key `cursor` says"),
        ('address = "https://office.example/more?page={page}"', "Give either `html`, or `link`"),
        ('address = "https://office.example/more?page={page}"\nhtml = "a["', "is not a JMESPath expression"),
        ('adress = "https://office.example/more?page={page}"', "Did you mean `address`?|No key in"),
    ],
)
def test_a_mistake_in_the_table_is_refused_with_its_line(table, words):
    with pytest.raises(BadSource, match=rf"line \d+: .*({words})"):
        rules_of(table)


# Over HTTP


def reports(*numbers: int) -> dict[str, Told]:
    pages = {f"/r/{n}": text_page(f"Report {n}", main=f"<a href='/f/{n}.pdf'>Download</a>") for n in numbers}
    return pages | {f"/f/{n}.pdf": pdf(str(n)) for n in numbers}


def listing(*numbers: int) -> Told:
    return text_page("Publications", main="".join(f"<h3><a href='/r/{n}'>Report {n}</a></h3>" for n in numbers))


def answer(value: object) -> Told:
    return Told(json.dumps(value).encode(), content_type="application/json")


def run_of(site: ListsSite, settings, keys: str, *, start: str = "/list"):
    more = f"[listing.load_more]\n{keys.replace('SITE', site.url)}"
    return harvested(sample_source(f"{site.url}{start}", more=more), settings)


def test_a_listing_that_grows_by_html_in_json_is_read_to_the_empty_answer(settings):
    answers = {"/list": listing(1, 2), **reports(1, 2, 3, 4, 5)}
    answers |= {
        f"/more?page={n}": answer([{"command": "insert", "data": f"<h3><a href='/r/{n + 2}'>R</a></h3>"}])
        for n in (1, 2, 3)
    }
    answers["/more?page=4"] = answer([{"command": "insert", "data": ""}])
    with ListsSite(answers) as site:
        keys = """address = "SITE/more?page={page}"\nfirst_page = 1\nhtml = "[?command=='insert'].data" """
        run = run_of(site, settings, keys)
        assert "/more?page=4" in site.paths()
        assert "/more?page=5" not in site.paths()
    assert (run.state, run.new, run.listings, run.pages_failed) == (RunState.FINISHED, 5, 5, 0)


def test_a_listing_that_counts_entries_is_read_to_the_end(settings):
    answers = {"/list": listing(1, 2), **reports(1, 2, 3, 4, 5)}
    answers |= {
        "/api?from=2": answer({"items": [{"url": "/r/3"}, {"url": "/r/4"}]}),
        "/api?from=4": answer({"items": [{"url": "/r/5"}]}),
        "/api?from=6": answer({"items": []}),
    }
    with ListsSite(answers) as site:
        run = run_of(site, settings, 'address = "SITE/api?from={offset}"\nstep = 2\nrecords = "items"\nlink = "url"')
        assert "/api?from=8" not in site.paths()
    assert (run.state, run.new) == (RunState.FINISHED, 5)


def test_a_listing_with_cursors_may_begin_with_its_endpoint(settings):
    answers = {
        "/api": answer({"items": [{"url": "/r/1"}], "next": "x1"}),
        "/api?c=x1": answer({"items": [{"url": "/r/2"}], "next": "x2"}),
        "/api?c=x2": answer({"items": [{"url": "/r/3"}], "next": None}),
        **reports(1, 2, 3),
    }
    with ListsSite(answers) as site:
        keys = 'address = "SITE/api?c={cursor}"\nrecords = "items"\nlink = "url"\ncursor = "next"'
        run = run_of(site, settings, keys, start="/api")
    assert (run.state, run.new, run.listings, run.is_complete) == (RunState.FINISHED, 3, 3, True)


def test_an_endpoint_that_repeats_itself_ends(settings):
    same = answer({"items": [{"url": "/r/2"}]})
    answers = {"/list": listing(1), **{f"/api?p={n}": same for n in range(100)}, **reports(1, 2)}
    with ListsSite(answers) as site:
        run = run_of(site, settings, 'address = "SITE/api?p={page}"\nrecords = "items"\nlink = "url"')
    assert run.new == 2
    assert run.listings <= 5


def test_an_endpoint_that_breaks_makes_the_run_incomplete(settings):
    answers = {
        "/list": listing(1),
        "/api?p=2": Told(b'{"items": [{"url"', content_type="application/json"),
        **reports(1),
    }
    with ListsSite(answers) as site:
        run = run_of(site, settings, 'address = "SITE/api?p={page}"\nrecords = "items"\nlink = "url"')
    assert (run.new, run.pages_failed, run.is_complete) == (1, 1, False)


def test_pages_that_are_counted_from_0_are_read_by_their_numbers(settings):
    answers = {"/list": listing(1), "/list?page=1": listing(2), "/list?page=2": listing(3), **reports(1, 2, 3)}
    with ListsSite(answers) as site:
        more = f'[listing]\npage_address = "{site.url}/list?page={{page}}"\nfirst_page = 1'
        run = harvested(sample_source(f"{site.url}/list", more=more), settings)
    assert (run.state, run.new, run.pages_failed) == (RunState.FINISHED, 3, 0)


# Saved pages


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "url", "links", "leads", "files", "further"),
    [
        ("gov_1", "https://www.gov.uk/search/all", "", 2, 0, ""),
        # Two landing pages, not listings: what the main part links to, and the files of it.
        ("gov_2", "https://www.gov.uk/government/publications/a", "", 3, 0, ""),
        ("gov_3", "https://www.gov.uk/government/publications/b", ".attachment-details", 5, 5, ""),
        ("msf_1", "https://www.msf.org.uk/reports", "", 15, 15, ""),
        ("nice_1", "https://www.nice.org.uk/Search", "h3", 1, 0, "pa=2&ps=50&sp=on"),
        ("nice_2", "https://www.nice.org.uk/advice/mib171", "", 3, 0, ""),
        (
            "unicef_1",
            "https://data.unicef.org/resources/resource-type/publications/",
            "h3",
            1,
            0,
            "publications/page/2/",
        ),
        ("unicef_2", "https://data.unicef.org/resources/a/", "", 1, 1, ""),
        ("who_1", "https://apps.who.int/iris/discover", ".artifact-title", 1, 0, ""),
        ("who_2", "https://apps.who.int/iris/handle/10665/279983", "", 2, 2, ""),
        ("parliament_1", "https://search-material.parliament.uk/search", "", 1, 0, ""),
        ("parliament_2", "https://www.legislation.gov.uk/ukdsi/2019/9780111180389/contents", "", 1, 1, ""),
    ],
)
def test_a_saved_page_leads_to_its_publications_and_on(shared_data, name, url, links, leads, files, further):
    body = (shared_data / "harvest" / "listing-pages" / f"{name}.html").read_bytes()
    text = f'slug = "s"\nname = "S"\nprotocol = "listing"\nstart = ["{url}"]\n[listing]\nlinks = "{links}"'
    rules = parse_source(text, path=Path("s.toml")).rules
    assert isinstance(rules, ListingRules)
    found = read_listing(HtmlResponse(url=url, body=body), rules)
    print(f"{name}: {len(found.links)} leads, on to {found.more or 'nothing'}")
    assert len(found.links) == leads
    assert sum(link.kind is LinkKind.FILE for link in found.links) == files
    assert [address.endswith(further) for address in found.more] == ([True] if further else [])
