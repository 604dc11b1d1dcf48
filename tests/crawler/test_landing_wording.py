"""What pages and feeds say, however they write it: given cases of each kind, and others of the same kind made here."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from corpus.metadata.dates import parse_date
from corpus.metadata.identifiers import plain_doi
from crawler.pages.html_parts import plain_text
from crawler.pages.landing_metadata import landing_evidence
from crawler.sources.rules import FeedRules
from crawler.spiders.feed.parse import read_feed
from nlp.metadata import Chosen, choose_metadata
from nlp.reading.first_pages import guessed_evidence
from tests.builders import offered


def chosen(head: str, body: str = "<main><p>x</p></main>", *, lang: str = "en") -> Chosen:
    """Return what a landing page makes of a document."""
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    response = HtmlResponse(url="https://lab.example/r/12", body=page.encode(), encoding="utf-8")
    return choose_metadata(
        landing_evidence(response),
        url="https://lab.example/f/r12.pdf",
        content_type="application/pdf",
        lang=lang,
        first_pages=(),
        latest="2026-11-23",
    )


def meta(name: str, value: str) -> str:
    return f'<meta name="{name}" content="{html.escape(value)}">'


def given(shared: Path, kind: str) -> Iterator[dict[str, str]]:
    for line in (shared / "cases" / kind / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def date_of_first_page(line: str) -> str:
    """Return the date of a PDF with a line on its first page whose properties name another day."""
    guessed = dict(guessed_evidence([], [f"Street vendors and the law\n\n{line}\n\nA report."]))
    offers = {**guessed, "date": (offered("2000-01-01", "file:info"), *guessed.get("date", ()))}
    said = choose_metadata(
        offers, url="a.pdf", content_type="application/pdf", lang="en", first_pages=(), latest="2026-11-23"
    )
    return said.published


# The given cases


@pytest.mark.shared
def test_given_wordings_of_dates_are_read(shared_data: Path) -> None:
    for case in given(shared_data, "date-wording"):
        assert parse_date(case["input"]) in re.findall(r"\d{4}[\d-]*", case["expected"]), case["input"]


@pytest.mark.shared
def test_given_lines_of_first_pages_are_dates(shared_data: Path) -> None:
    for case in given(shared_data, "date-line-of-first-page"):
        assert date_of_first_page(case["input"]) == case["expected"]


@pytest.mark.shared
def test_given_feeds_are_dated(shared_data: Path) -> None:
    days = {"B124": "2020-01-15", "B125": "2020-04-06", "B128": "2020-04-09"}
    for case in given(shared_data, "feed-date-in-own-language"):
        body = (shared_data / "cases" / "feed-date-in-own-language" / case["file"]).read_bytes()
        (link,) = read_feed(body, FeedRules(), url="https://feed.example/rss").links
        assert link.evidence["date"][0].value == days[case["id"]]


@pytest.mark.shared
@pytest.mark.parametrize("kind", ["escaped-twice", "markup-in-title", "doi-bracket"])
def test_given_values_are_plain(shared_data: Path, kind: str) -> None:
    for case in given(shared_data, kind):
        head = case["input"] if "<meta" in case["input"] else meta(*case["input"].split(" ", 1))
        said = chosen(head)
        values = {said.title, *said.authors, said.identifiers.get("doi", "")}
        assert case["expected"].rpartition("author: ")[2] in values


@pytest.mark.shared
def test_given_authors_are_told_apart(shared_data: Path) -> None:
    for case in given(shared_data, "author-wording"):
        words = re.search(r'content="(.+?)"', case["input"])
        assert words
        name = "author" if "name=author" in case["input"] else "citation_author"
        authors = chosen(meta(name, words[1])).authors
        wanted = {"two authors": 2, "three authors": 3}.get(case["expected"])
        assert len(authors) == wanted if wanted else authors == (case["expected"],)


@pytest.mark.shared
def test_given_microdata_is_read(shared_data: Path) -> None:
    for case in given(shared_data, "itemprop"):
        markup = case["input"].removesuffix(" outside main/article")
        assert chosen(markup if "<meta" in markup else "", markup).published in case["expected"]


# More of each kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L&#039;eau", "L'eau"),
        ("D&eacute;chets", "Déchets"),
        ("R&D; and B&B", "R&D; and B&B"),
        ("Women &amp;amp; work", "Women & work"),
        ("&lt;i&gt;Boda boda&lt;/i&gt; riders", "Boda boda riders"),
        ("<jats:p>One</jats:p><jats:p>Two</jats:p>", "One Two"),
        ("One<br/>two", "One two"),
        ("CO<sub>2</sub> in kilns", "CO2 in kilns"),
        ("<span class='t' lang=\"sw\">Mama lishe</span>", "Mama lishe"),
        ("Children <5 years and >60", "Children <5 years and >60"),
        ("where a <b and c> d", "where a <b and c> d"),
        ("S&atilde;o Paulo &#8211; Brazil&#x2019;s city", "São Paulo – Brazil’s city"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Markets", "Markets"),
        ("<!-- draft -->Markets", "Markets"),
        ("a &nbsp; b", "a b"),
        ("<![CDATA[Street vendors]]>", "Street vendors"),
        ("&iquest;Qui&eacute;n vende?", "¿Quién vende?"),
        ("<font color=red>Boda riders</font>", "Boda riders"),
    ],
)
def test_values_lose_their_markup_and_nothing_else(text: str, expected: str) -> None:
    assert plain_text(text) == expected
    assert plain_text(html.escape(text)) == expected


@pytest.mark.parametrize("name", ["citation_title", "DC.title", "og:title", "eprints.title", "dcterms.title"])
@pytest.mark.parametrize("times", [0, 1, 2])
def test_titles_escaped_once_more_are_the_same_in_every_element(name: str, times: int) -> None:
    value = "L'économie <i>informelle</i> & les femmes"
    for _ in range(times):
        value = html.escape(value)
    assert chosen(meta(name, value)).title == "L'économie informelle & les femmes"


def test_headings_lose_their_markup_and_keep_their_words_apart() -> None:
    assert chosen("", "<main><h1>Waste<br>pickers of <i>Accra</i></h1></main>").title == "Waste pickers of Accra"
    assert chosen("", "<h1>L&amp;#039;eau</h1>").title == "L'eau"


SITE = "Harbour Policy Lab"


@pytest.mark.parametrize("sign", [" - ", " | ", " – ", " — ", " · ", " » ", " :: ", " • ", " / ", "| "])
@pytest.mark.parametrize("name", ["og:site_name", "application-name", "DC.publisher"])
def test_the_name_of_the_site_is_no_part_of_a_title(sign: str, name: str) -> None:
    for title in (f"Waste pickers of Accra{sign}{SITE}", f"{SITE}{sign}Waste pickers of Accra"):
        head = meta("og:title", title) + f"<title>{title}</title>" + meta(name, SITE)
        assert chosen(head).title == "Waste pickers of Accra"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Waste pickers | Publications | Harbour Policy Lab", "Waste pickers"),
        ("Waste pickers | Recursos | HARBOUR POLICY LAB", "Waste pickers"),
        ("Waste pickers - a review", "Waste pickers - a review"),
        ("Waste pickers: a review | Harbour Policy Lab", "Waste pickers: a review"),
        ("Harbour Policy Lab", "Harbour Policy Lab"),
        ("Work at the Harbour Policy Lab", "Work at the Harbour Policy Lab"),
        ("Markets 2010 - 2020 - Harbour Policy Lab", "Markets 2010 - 2020"),
        ("Cost/benefit of markets | Harbour Policy Lab", "Cost/benefit of markets"),
        ("Accra | Lagos | Lomé", "Accra | Lagos | Lomé"),
        ("Home - Harbour Policy Lab", "Home - Harbour Policy Lab"),
        ("Waste pickers (Harbour Policy Lab)", "Waste pickers"),
        ("Waste pickers | The Harbour Policy Lab", "Waste pickers"),
        ("Waste pickers | Harbour Policy Lab (HPL)", "Waste pickers"),
        ("Waste pickers | Harbour Policy Lab.org", "Waste pickers"),
        ("Waste pickers | www.lab.example", "Waste pickers"),
        ("Waste pickers - Harbour Policy Lab - Reports", "Waste pickers"),
        ("Harbour Policy Lab | Reports | Waste pickers", "Waste pickers"),
        ("Waste pickers -- Harbour Policy Lab", "Waste pickers"),
        ("Waste pickers ― Harbour Policy Lab", "Waste pickers"),
        ("Waste pickers (Accra)", "Waste pickers (Accra)"),
        ("Waste pickers | Harbour Policy Lab | Ghana", "Waste pickers | Harbour Policy Lab | Ghana"),
    ],
)
def test_only_the_name_of_the_site_is_cut_off(title: str, expected: str) -> None:
    assert chosen(meta("og:title", title) + meta("og:site_name", SITE)).title == expected


def test_a_site_names_itself_in_its_json_ld_or_gives_the_plain_title_elsewhere() -> None:
    title = f"<title>Waste pickers of Accra - {SITE}</title>"
    graph = json.dumps({"@graph": [{"@type": "WebSite", "name": SITE}, {"@type": "WebPage", "name": "x"}]})
    assert chosen(f'{title}<script type="application/ld+json">{graph}</script>').publisher == SITE
    alone = json.dumps({"@type": "Organization", "name": SITE})
    assert chosen(f'{title}<script type="application/ld+json">{alone}</script>').title == "Waste pickers of Accra"
    assert chosen(title + meta("twitter:title", "Waste pickers of Accra")).title == "Waste pickers of Accra"


def test_a_site_is_the_publisher_where_nobody_names_another() -> None:
    assert chosen(meta("og:title", "Waste") + meta("og:site_name", SITE)).publisher == SITE
    assert chosen(meta("citation_publisher", "An Office") + meta("og:site_name", SITE)).publisher == "An Office"


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("By Asha Mollel", ["Asha Mollel"]),
        ("Por: Ana Ruiz y Luc Bâ", ["Ana Ruiz", "Luc Bâ"]),
        ("Auteurs : Awa Ndiaye et Moussa Fall", ["Awa Ndiaye", "Moussa Fall"]),
        ("Ana Silva e Maria Souza", ["Ana Silva", "Maria Souza"]),
        ("Jane Okello, Ali Musa, and Peter Njoroge", ["Jane Okello", "Ali Musa", "Peter Njoroge"]),
        ("Jane Okello & Ali Musa", ["Jane Okello", "Ali Musa"]),
        ("Jane Okello; Ali Musa", ["Jane Okello", "Ali Musa"]),
        ("Jane Okello / Ali Musa", ["Jane Okello", "Ali Musa"]),
        ("Smith, John and Doe, Jane", ["Smith, John", "Doe, Jane"]),
        ("Ruiz, A., Bâ, L., Roe, R.", ["Ruiz, A.", "Bâ, L.", "Roe, R."]),
        ("Okello J, Musa A", ["Okello J", "Musa A"]),
        ("Jane Okello, PhD", ["Jane Okello"]),
        ("Jane Okello et al.", ["Jane Okello"]),
        ("Ana Ruiz (ed.)", ["Ana Ruiz"]),
        ("Ndiaye, Awa", ["Ndiaye, Awa"]),
        ("García Márquez, Gabriel José", ["García Márquez, Gabriel José"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Maria da Silva e Souza", ["Maria da Silva e Souza"]),
        ("Ministry of Health and Social Welfare", ["Ministry of Health and Social Welfare"]),
        ("Women in Informal Employment: Globalizing and Organizing", None),
        ("Porfirio Díaz", ["Porfirio Díaz"]),
        ("Posted by Asha Mollel", ["Asha Mollel"]),
        ("Publicado por: Rosa Quispe y Luis Paz", ["Rosa Quispe", "Luis Paz"]),
        ("Auteur·rice·s : Awa Ndiaye et Moussa Fall", ["Awa Ndiaye", "Moussa Fall"]),
        ("Autor(es): Rosa Quispe; Luis Paz", ["Rosa Quispe", "Luis Paz"]),
        ("Authors - Asha Mollel, Ali Musa, Peter Njoroge", ["Asha Mollel", "Ali Musa", "Peter Njoroge"]),
        ("Jane Okello with Ali Musa", ["Jane Okello", "Ali Musa"]),
        ("Prof. Ali Musa and Dr Jane Okello", ["Ali Musa", "Jane Okello"]),
        ("Jane Okello¹, Ali Musa², Awa Fall*", ["Jane Okello", "Ali Musa", "Awa Fall"]),
        ("Jane Okello (University of Nairobi)", ["Jane Okello"]),
        ("Rosa Quispe (coord.), Luis Paz (comp.), Ana Ruiz (ed.)", ["Rosa Quispe", "Luis Paz", "Ana Ruiz"]),
        ("Wanjiru wa Thiong'o and Ngũgĩ wa Mirii", ["Wanjiru wa Thiong'o", "Ngũgĩ wa Mirii"]),
        ("McDonald, K., van der Berg, P.", ["McDonald, K.", "van der Berg, P."]),
        ("redaccion@boletin.example (Rosa Quispe)", ["Rosa Quispe"]),
        ("Drago Pérez", ["Drago Pérez"]),
        ("Conor Byrne", ["Conor Byrne"]),
        ("Textor, Ana", ["Textor, Ana"]),
    ],
)
def test_authors_are_told_apart_and_nothing_else_is(value: str, names: list[str] | None) -> None:
    assert list(chosen(meta("citation_author", value)).authors) == (names or [value])


@pytest.mark.parametrize(
    ("name", "expected"),
    [("citation_author", 1), ("DC.creator", 1), ("author", 2)],
)
def test_two_whole_names_with_a_comma_are_one_person_in_a_catalogue_only(name: str, expected: int) -> None:
    assert len(chosen(meta(name, "Martha Chen, Françoise Carré")).authors) == expected


@pytest.mark.parametrize(
    "markup",
    [
        '<meta itemprop="datePublished" content="2018-08-01">',
        '<time itemprop="datePublished" datetime="2018-08-01T10:00Z">1 Aug</time>',
        '<span itemprop="datePublished">1 August 2018</span>',
        '<span itemprop="http://schema.org/datePublished" content="2018-08-01">x</span>',
        '<div itemscope itemtype="https://schema.org/Report"><span itemprop="name">Waste</span>'
        '<time itemprop="datePublished">2018-08-01</time></div>',
        '<p itemprop="dateCreated datePublished">2018-08-01</p>',
        '<article itemscope itemtype="http://schema.org/WebPage"><meta itemprop="datePublished" content="2018-08-01">'
        '<div itemprop="comment" itemscope itemtype="http://schema.org/Comment">'
        '<time itemprop="datePublished" datetime="2020-01-01">x</time></div></article>',
        '<div itemscope itemtype="http://schema.org/Event"><meta itemprop="datePublished" content="2020-01-01"></div>'
        '<p itemprop="datePublished">2018-08-01</p>',
        '<aside><meta itemprop="datePublished" content="2020-01-01"></aside><b itemprop="datePublished">2018-08-01</b>',
        '<div itemscope itemtype="http://schema.org/Book"><b itemprop="datePublished">2018-08-01</b></div>'
        '<div itemscope itemtype="http://schema.org/Book"><b itemprop="datePublished">2021-08-01</b></div>',
    ],
)
def test_microdata_of_the_publication_dates_it(markup: str) -> None:
    assert chosen("", f"<div>{markup}</div>").published == "2018-08-01"


@pytest.mark.parametrize(
    "markup",
    [
        '<abbr itemprop="datePublished" title="2018-08-01">1 Aug</abbr>',
        '<data itemprop="datePublished" value="2018-08-01">x</data>',
        '<header><time itemprop="datePublished" datetime="2018-08-01">x</time></header>',
        '<footer><time itemprop="datePublished" datetime="2018-08-01">x</time></footer>',
        '<time itemprop="dateCreated" datetime="2018-08-01">x</time>',
        '<i itemprop="dateCreated">2017-01-01</i><i itemprop="datePublished">2018-08-01</i>',
        '<time pubdate datetime="2018-08-01">x</time>',
        '<time class="entry-date published" datetime="2018-08-01">x</time>',
        '<span property="schema:datePublished" content="2018-08-01">x</span>',
        '<div vocab="http://schema.org/" typeof="Report"><span property="datePublished">2018-08-01</span></div>',
        '<div typeof="Comment"><b property="datePublished">2020-01-01</b></div><b property="datePublished">2018-08-01</b>',
    ],
)
def test_a_day_is_found_in_each_way_of_marking_it(markup: str) -> None:
    assert chosen("", f"<div>{markup}</div>").published == "2018-08-01"


def test_a_visitor_who_is_named_in_rdfa_is_no_title() -> None:
    assert chosen("<title>Waste pickers</title>", '<b property="foaf:name">Ana Ruiz</b>').title == "Waste pickers"


def test_microdata_names_title_authors_and_publisher() -> None:
    said = chosen(
        "",
        """<div itemscope itemtype="https://schema.org/Report"><h2 itemprop="headline">Waste pickers</h2>
        <p itemprop="author" itemscope itemtype="https://schema.org/Person"><b itemprop="name">Awa Ndiaye</b> of Dakar</p>
        <p itemprop="author">Moussa Fall</p><p itemprop="publisher" itemscope><b itemprop="name">An Office</b></p></div>""",
    )
    assert (said.title, said.authors, said.publisher) == ("Waste pickers", ("Awa Ndiaye", "Moussa Fall"), "An Office")


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("https://dx.doi.org/10.1234/abc-5(2)", "10.1234/abc-5(2)"),
        ("10.1016/S0305-750X(02)00234-5", "10.1016/s0305-750x(02)00234-5"),
        ("(doi: 10.1234/abc)", "10.1234/abc"),
        ("(10.1234/abc(2)).", "10.1234/abc(2)"),
        ("[10.1234/abc]", "10.1234/abc"),
        ("10.1234/abc[2]", "10.1234/abc[2]"),
        ("https://doi.org/10.1234%2Fabc-5%282%29", "10.1234/abc-5(2)"),
        ("10.1002/(SICI)1099-1328(199803)10:2<255::AID-JID123>3.0.CO;2-L.", None),
        ("10.1234/abc;", "10.1234/abc"),
        ("10.1234/(abc)", "10.1234/(abc)"),
        ("10.1234/abc)),", "10.1234/abc"),
    ],
)
def test_a_bracket_that_a_doi_opened_is_its_own(text: str, doi: str | None) -> None:
    expected = text.rstrip(".").lower() if doi is None else doi
    assert plain_doi(text) == expected
    assert chosen(meta("DC.identifier", text)).identifiers.get("doi", expected) == expected


DAYS = {
    "jeudi 9 avril 2020": "2020-04-09",
    "jeu., 09 avr. 2020 10:00:00 +0200": "2020-04-09",
    "Qui, 09 Abr 2020 10:00:00 -0300": "2020-04-09",
    "9 de abril de 2020": "2020-04-09",
    "Abril 9, 2020": "2020-04-09",
    "Jueves, Abril 9, 2020 - 10:00": "2020-04-09",
    "Mar, 07 Abr 2020 10:00:00 -0500": "2020-04-07",
    "Mié, 15 Ene 2020 10:00:00 -0500": "2020-01-15",
    "Sáb, 15 Ago 2020 10:00:00 -0500": "2020-08-15",
    "sex, 02 out 2020": "2020-10-02",
    "Seg, 07 Set 2020 10:00:00 -0300": "2020-09-07",
    "mer, 12 févr. 2020": "2020-02-12",
    "dom, 20 dic 2020": "2020-12-20",
    "15 août 2020": "2020-08-15",
}


@pytest.mark.parametrize(("written", "day"), DAYS.items())
@pytest.mark.parametrize("place", ["rss", "atom", "json"])
def test_feeds_date_their_entries_in_their_own_language(written: str, day: str, place: str) -> None:
    body = {
        "rss": f"<rss version='2.0'><channel><title>t</title><item><title>Uno</title><link>https://f.example/1</link>"
        f"<pubDate>{written}</pubDate></item></channel></rss>",
        "atom": "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><entry><title>Uno</title>"
        f"<link href='https://f.example/1'/><published>{written}</published></entry></feed>",
        "json": json.dumps({"items": [{"url": "https://f.example/1", "title": "Uno", "date_published": written}]}),
    }[place]
    (link,) = read_feed(body.encode(), FeedRules(), url="https://f.example/feed").links
    assert link.evidence["date"][0].value == day


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Lima, 3 de mayo de 2016", "2016-05-03"),
        ("Bogotá D.C., mayo 3 de 2016", "2016-05-03"),
        ("Fecha de publicación: 3 de mayo de 2016", "2016-05-03"),
        ("Date de parution : mai 2016", "2016-05"),
        ("Publicado em 3 de maio de 2016", "2016-05-03"),
        ("Segunda edición, mayo de 2016", "2016-05"),
        ("Impreso en Lima, mayo de 2016", "2016-05"),
        ("Available online 9 July 2016", "2016-07-09"),
        ("Abuja, 3rd May, 2016", "2016-05-03"),
        ("Nairobi | May 2016", "2016-05"),
        ("WIEGO Working Paper No 12, May 2016", "2016-05"),
        ("Volume 3, Number 2, May 2016", "2016-05"),
        ("Genève, 2016", "2016"),
        ("2016", "2016"),
        ("The data published in 2012 by the census were used", "2000-01-01"),
        ("between May 2012 and June 2013 we interviewed", "2000-01-01"),
        ("2011\n2012\n2013", "2000-01-01"),
        ("Data 2012", "2000-01-01"),
    ],
)
def test_a_first_page_says_when_it_was_published(line: str, expected: str) -> None:
    assert date_of_first_page(line) == expected
