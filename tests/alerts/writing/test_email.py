"""What an alert e-mail says, in text and in HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from alerts.writing.content import Content, DigestContent, NoticeContent, NoticeKind
from alerts.writing.email import make_email
from alerts.writing.rendering import HTML_MAX
from alerts.writing.selecting import DOCUMENTS_MAX
from alerts.writing.texts import plain_text
from corpus.messages import sentence
from scripts.messages import read
from tests.alerts.writing.samples import (
    ARABIC,
    ENGLISH,
    ENVELOPE,
    LANGS,
    SITE,
    SPANISH,
    make_confirm,
    make_digest,
    make_notice,
    make_search,
    make_test,
)

VOID = {"meta", "br", "hr", "img", "link", "input"}


def text_of(content: Content) -> str:
    return make_email(content, envelope=ENVELOPE).get_body(("plain",)).get_content()


def html_of(content: Content) -> str:
    return make_email(content, envelope=ENVELOPE).get_body(("html",)).get_content()


class Reading(HTMLParser):
    """Reads HTML, and holds that every element is closed in its place."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self.open):
            self.words += data

    def links(self) -> list[str | None]:
        return [attrs.get("href") for tag, attrs in self.tags if tag == "a"]


def test_the_text_part_reads_well_by_itself() -> None:
    """The first document of a digest, to the letter."""
    assert text_of(make_digest(replace(make_search(), stop_address=""))).startswith(
        """2 new documents
30 November 2026, 08:00 (UTC-05:00)


street vendors Peru
===================

1. Vendedores ambulantes y protección social en Lima: qué cambió con la
   ordenanza de 2019
   Oficina Internacional del Trabajo · 2019 · Working paper · español · here
   since 27 November 2026
   p. 12: … de los *vendedores ambulantes* encuestados en *Lima*, solo uno
   de cada diez cotiza a un sistema de pensiones; quienes pertenecen a una
   asociación lo hacen con más frecuencia, pero dejan de cotizar cuando la
   municipalidad retira el permiso de venta …
   Why: “vendedores ambulantes” and “Lima”, best page: 12; tags: Street
   vendors, Peru
   there are 2 other copies or translations
   https://pushcart.example.org/documents/d0000000000000001?q=street+vendors+Peru&page=12#page=12

2. Street vendors and the law: licences, evictions and bargaining in three
   cities
   WIEGO · 2026 · Report
"""
    )


@pytest.mark.parametrize("lang", LANGS)
def test_lines_of_the_text_part_are_short_unless_they_are_addresses(lang: str) -> None:
    lines = text_of(make_digest(lang=lang)).split("\n")
    assert all(len(line) <= 76 or line.strip().startswith("https://") for line in lines)
    assert not re.search(r"\n{4}", "\n".join(lines))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("make", [make_digest, make_confirm, make_notice, make_test])
def test_html_is_whole_and_asks_nothing_of_any_server(make, lang: str) -> None:
    html = html_of(make(lang=lang))
    reading = Reading(html)
    assert not {"img", "script", "link", "iframe", "object", "form", "svg"} & {tag for tag, _ in reading.tags}
    assert not re.search(r"url\(|@import|@font-face| src=|background=", html)
    assert all(link and link.startswith(f"{SITE}/") for link in reading.links())
    assert ("html", {"lang": lang, "dir": "ltr"}) in reading.tags
    assert "prefers-color-scheme" in html


def test_styles_stand_in_the_elements() -> None:
    reading = Reading(html_of(make_digest()))
    assert all("style" in attrs for tag, attrs in reading.tags if tag in ("h1", "h2", "h3", "p", "a"))


def test_titles_in_other_languages_say_their_language_and_direction() -> None:
    tags = Reading(html_of(make_digest(replace(make_search(), entries=(SPANISH, ARABIC, ENGLISH), total=3)))).tags
    titles = [(attrs.get("lang"), attrs.get("dir")) for tag, attrs in tags if tag == "h3"]
    assert titles == [("es", "ltr"), ("ar", "rtl"), (None, "ltr")]


def test_a_document_of_unknown_language_turns_as_its_text_does() -> None:
    tags = Reading(html_of(make_digest(replace(make_search(), entries=(replace(SPANISH, lang="und"),), total=1)))).tags
    assert next(attrs for tag, attrs in tags if tag == "h3")["dir"] == "auto"


def test_a_title_opens_the_document_at_its_page_and_marked_words_stand_out() -> None:
    html = html_of(make_digest())
    assert f'href="{SPANISH.address.replace("&", "&amp;")}"' in html
    assert re.search(r'<b class="m" style="[^"]*background:#ffe48a[^"]*">vendedores ambulantes</b>', html)


def test_a_reason_is_said_for_every_way_to_match() -> None:
    plain = replace(SPANISH, words=(), tags=(), page=None, passage=())
    said = {
        "Why: “vendedores”, best page: 7; tags: Peru": {"words": ("vendedores",), "tags": ("Peru",), "page": 7},
        "Why: “vendedores” and “Lima”": {"words": ("vendedores", "Lima")},
        "Why: Street vendors, Peru": {"tags": ("Street vendors", "Peru")},
        "Why: it fits the filters of this search": {},
    }
    for words, values in said.items():
        entry = replace(plain, **values)
        assert f"   {words}\n" in text_of(make_digest(replace(make_search(), entries=(entry,), total=1)))


def test_the_day_on_which_a_document_came_is_that_of_the_reader_and_is_said_weekly_only() -> None:
    """At 04:30 UTC it is still the evening before in Lima."""
    assert "since 27 November 2026" in text_of(make_digest(frequency="weekly"))
    assert "here since" not in re.sub(r"\s+", " ", text_of(make_digest(frequency="daily")))
    in_delhi = make_digest()
    in_delhi = replace(in_delhi, reader=replace(in_delhi.reader, time_zone="Asia/Kolkata", lang="fr"))
    assert "30 novembre 2026, 18:30 (UTC+05:30)" in text_of(in_delhi)


def test_a_too_broad_search_shows_twenty_documents_and_where_all_of_them_are() -> None:
    content = make_digest(make_search(entries=100, total=5_000))
    html = html_of(content)
    assert html.count("<h3") == 20
    assert html.count('class="q') == 20
    for words in (html, text_of(content)):
        assert "4,980 more documents are not shown here." in words
        assert "See all 5,000 documents" in words
        assert content.searches[0].all_address in words
    assert text_of(content).count("/documents/d") == 20


def test_a_digest_of_twenty_documents_is_small_enough_for_every_mail_program() -> None:
    message = make_email(make_digest(make_search(entries=20)), envelope=ENVELOPE)
    assert len(message.as_bytes()) < 60_000
    assert len(html_of(make_digest(make_search(entries=20))).encode()) < 40_000


@pytest.mark.parametrize(("searches", "entries"), [(5, 20), (20, 20), (100, 1), (500, 3), (1, 100)])
def test_a_large_digest_is_cut_to_what_is_not_clipped_and_says_what_is_missing(searches: int, entries: int) -> None:
    content = make_digest(*(make_search(each, name=f"search {each}", entries=entries) for each in range(searches)))
    html = html_of(content)
    assert len(html.encode()) <= HTML_MAX
    shown = html.count("<h3")
    assert 1 <= shown <= DOCUMENTS_MAX
    numbers = [
        int(each.replace(",", "")) for each in re.findall(r"([\d,]+) more (?:document|documents) (?:is|are) not", html)
    ]
    hidden = re.search(r"([\d,]+) more search(?:es)? ha(?:s|ve) new documents", html)
    hidden_searches = int(hidden[1].replace(",", "")) if hidden else 0
    assert shown + sum(numbers) + hidden_searches * entries == searches * entries
    assert (content.all_address in Reading(html).links()) == bool(hidden_searches)
    assert "Unsubscribe" in html
    text = text_of(content)
    assert text.count(f"   {SITE}/documents/") == shown


def test_a_broad_search_leaves_room_for_a_narrow_one() -> None:
    content = make_digest(
        *(make_search(each, name=f"broad {each}", entries=20) for each in range(9)), make_search(9, name="narrow")
    )
    text = text_of(content)
    assert ENGLISH.title[:40] in text
    assert SPANISH.title[:40] in text


def test_a_document_of_two_searches_stands_in_both_and_is_described_once() -> None:
    second = replace(make_search(2, name="Lima"), entries=(SPANISH,), total=1)
    content = replace(make_digest(make_search(), second), documents=2)
    text = text_of(content)
    assert text.startswith("2 new documents\n")
    assert text.count(f"   {SPANISH.address}\n") == 2
    assert text.count("p. 12:") == 1
    assert text.count("also found by a search above") == 1


def test_a_digest_without_documents_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="without documents"):
        replace(make_digest(), searches=(), documents=0)
    with pytest.raises(ValueError, match="at least one new document"):
        replace(make_search(), entries=(), total=0)
    with pytest.raises(ValueError, match="cannot make up"):
        replace(make_digest(), documents=0)


HOSTILE_TITLES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</h3></div><style>*{display:none}</style>",
    "<link rel=stylesheet href=file:///etc/passwd>",
    "{{ content }}{% raw %}",
    "safe\u202egnp.exe\u2066",
    "first line\n\nUnsubscribe:\nhttps://evil.example/",
    "a" * 3_000,
    "&amp;lt;b&gt; {name} %s %(x)s",
    "\x00\x08\x1b]0;x\x07",
    "",
)


@pytest.mark.parametrize("title", HOSTILE_TITLES, ids=lambda each: ascii(each[:20]))
def test_hostile_texts_are_words_and_nothing_else(title: str) -> None:
    entry = replace(
        SPANISH,
        title=title,
        marked_title=((title, False), (title, True)),
        publisher=title,
        passage=((title, False), (title, True)),
        words=(title, title),
        tags=(title,),
    )
    search = replace(
        make_search(name=f"x {title}"), entries=(entry, replace(entry, id="d2", marked_title=())), words=title, total=2
    )
    content = make_digest(search)
    html, text = html_of(content), text_of(content)
    reading = Reading(html)
    assert not {"script", "img", "link"} & {tag for tag, _ in reading.tags}
    assert all(link and link.startswith(f"{SITE}/") for link in reading.links())
    assert [tag for tag, _ in reading.tags].count("style") == 1
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x07\x08\x1b]", html + text)
    assert "\nhttps://evil.example/" not in text
    assert len(html) < 12_000
    if title.startswith(("<script", "&amp;", "{{")):
        assert title in reading.words
        assert title in re.sub(r"\s+", " ", text)


def test_a_question_shows_a_search_only_when_it_cannot_be_an_advertisement() -> None:
    assert "The search is: street vendors Peru" in text_of(make_confirm())
    for advertised in (
        "WIN at casino.example now",
        "https://evil.example/",
        "write to me@evil.example",
        "call +1 555 0100",
        "call 5550100999",
        "www evil",
        "evil (dot) com",
        "word " * 40,
    ):
        content = make_confirm(search=advertised)
        message = make_email(content, envelope=ENVELOPE)
        said = " ".join((message["subject"], text_of(content), html_of(content)))
        assert advertised[:12] not in said
        assert "The search is" not in said


@pytest.mark.parametrize(
    "harmless",
    [
        "vendedores ambulantes 2010..2020",
        "“waste pickers” OR cartoneros",
        "الباعة المتجولون",
        "café et travail informel",
    ],
)
def test_a_question_shows_usual_searches(harmless: str) -> None:
    assert harmless in text_of(make_confirm(search=harmless))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", NoticeKind)
def test_a_notice_says_what_happened_to_what_and_what_to_do(kind: NoticeKind, lang: str) -> None:
    for content in (make_notice(kind, lang=lang), replace(make_notice(kind, lang=lang), since=None, messages=0)):
        text = text_of(content)
        named = content.endpoint if "webhook" in kind or "email" in kind else content.search
        assert named in make_email(content, envelope=ENVELOPE)["subject"]
        assert content.action in text
        assert "{" not in text


def test_the_reason_of_a_notice_is_said_in_the_language_of_the_reader() -> None:
    detail = sentence("The page limit of {pages:,} was reached.", pages=4000)
    content: NoticeContent = replace(make_notice(NoticeKind.SEARCH_UNREADABLE), detail=detail)
    assert "Reason: The page limit of 4,000 was reached." in text_of(content)


def test_all_alerts_can_be_paused_at_once() -> None:
    assert "your searches" in text_of(make_notice(NoticeKind.PAUSED, search=""))


@pytest.mark.parametrize("lang", ["es", "fr", "pt"])
def test_every_word_of_messages_is_translated(lang: str) -> None:
    own = [each for each in read(lang) if each.id and any("alerts/writing" in name for name, _ in each.locations)]
    assert len(own) > 50
    missing = [each.id for each in own if not (all(each.string) if each.pluralizable else each.string)]
    assert not missing


@pytest.mark.parametrize("lang", ["es", "fr", "pt"])
@pytest.mark.parametrize("make", [make_digest, make_confirm, make_notice, make_test])
def test_nothing_of_ours_stays_english(make, lang: str) -> None:
    """Lines that are the same in both languages are addresses, and texts of documents and of subscribers."""
    ours = {line.strip() for line in text_of(make(lang="en")).split("\n")} & {
        line.strip() for line in text_of(make(lang=lang)).split("\n")
    }
    given = " ".join(
        f"{entry.title} {plain_text(entry.passage)}" for search in make_digest().searches for entry in search.entries
    )
    given += " ".join(f" {search.name} {search.words}" for search in make_digest().searches)
    for line in ours:
        words = re.sub(r"^\d+\. |^p\. \d+: |[*]", "", line)
        assert not words.strip("-=") or words.startswith("https://") or words in given, line


def test_times_at_utc_say_so() -> None:
    content: DigestContent = make_digest()
    content = replace(
        content, reader=replace(content.reader, time_zone="UTC", made=datetime(2026, 12, 1, 7, 5, tzinfo=UTC))
    )
    assert "1 December 2026, 07:05 (UTC)" in text_of(content)
