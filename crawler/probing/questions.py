"""What to ask a site next, from what it has answered: few requests, the likeliest first. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlencode, urljoin, urlsplit

from scrapy.http import TextResponse

from crawler.net.addresses import site_of
from crawler.pages.links import link_address, said_text
from crawler.probing.answers import Answers, ProbeAnswer, Purpose, Question
from crawler.probing.apis import api_of, api_places
from crawler.probing.blocks import publication_links
from crawler.probing.candidates import feed_of, is_repository, sitemap_of
from crawler.probing.facts import facts_of
from crawler.probing.words import publication_score

_OAI_PATHS = {
    "DSpace": ("/server/oai/request", "/oai/request", "/dspace-oai/request"),
    "EPrints": ("/cgi/oai2",),
    "Invenio": ("/oai2d",),
    "OJS": ("/oai", "/index.php/index/oai"),
    "": ("/oai", "/oai/request", "/server/oai/request", "/oai2d", "/cgi/oai2"),
}
"""By software; unknown software is asked at all the usual places, that of a web site (WordPress, Drupal) at none."""
_FEED_PATHS = {"WordPress": ("/feed/",), "Drupal": ("/rss.xml",), "": ("/feed/", "/rss.xml", "/feed.json")}
_SITEMAP_PATHS = {
    "WordPress": ("/wp-sitemap.xml", "/sitemap_index.xml", "/sitemap.xml"),
    "": ("/sitemap.xml", "/sitemap_index.xml"),
}
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_LISTINGS_MAX, _FEEDS_MAX, _MAPS_MAX, _CHILD_MAPS_MAX = 3, 3, 3, 3


def next_question(address: str, seen: Answers, *, protocol: str = "") -> Question | None:
    """Return what to ask next; None when enough is known. Touches nothing.

    Args:
        address: what the person gave.
        protocol: the only one that is wanted; empty: whichever is best.
    """
    return next((each for each in _questions(address, seen, protocol=protocol) if each.url not in seen), None)


def _questions(address: str, seen: Answers, *, protocol: str) -> Iterator[Question]:
    """Yield everything worth asking, as far as the answers so far tell; what is not yet answered ends a branch."""
    yield Question(address, Purpose.PAGE)
    first = seen.get(address)
    if first is None or first.response is None:
        return
    home = urljoin(first.response.url, "/")
    if _is_machine_readable(first):
        yield from _about_machine_readable(first, home=home)
        return
    page = first.page
    if page is None:
        return
    # The software and the API of a site are often declared on its home page only.
    if first.response.url != home:
        yield Question(home, Purpose.PAGE)
    pages = [each.page for each in (first, seen.get(home)) if each is not None and each.page is not None]
    software = next(filter(None, (facts_of(each).software for each in pages)), "")
    if protocol in ("", "oai"):
        yield from _oai_questions(page, seen, home=home, software=software)
        if any(is_repository(each) for each in seen.of(Purpose.OAI)):
            return
    if protocol in ("", "api"):
        places = tuple(place for each in pages for place in api_places(each, software=software))
        yield from (Question(place.asked, Purpose.API) for place in places)
        if any((answer := seen.get(place.asked)) and api_of(answer, place) for place in places):
            return
    if protocol in ("", "listing", "sitemap"):
        yield from (Question(url, Purpose.PAGE) for url in publication_links(page)[:_LISTINGS_MAX])
    if protocol in ("", "sitemap"):
        yield Question(urljoin(home, "/robots.txt"), Purpose.ROBOTS)
        yield from _sitemap_questions(seen, home=home, software=software)
    if protocol in ("", "feed"):
        yield from _feed_questions(page, seen, home=home, software=software)


def _is_machine_readable(answer: ProbeAnswer) -> bool:
    return bool(is_repository(answer) or sitemap_of(answer) or feed_of(answer))


def _about_machine_readable(first: ProbeAnswer, *, home: str) -> Iterator[Question]:
    """Yield what to ask when the address that a person gave is no page: the list itself is settled, its publisher is not."""
    if is_repository(first):
        yield _count_question(first.question.url)
    if (seen_map := sitemap_of(first)) is not None:
        yield from (Question(url, Purpose.SITEMAP) for url in _likeliest_maps(seen_map.found.more))
    yield Question(home, Purpose.PAGE)


def _oai_questions(page: TextResponse, seen: Answers, *, home: str, software: str) -> Iterator[Question]:
    for base in _oai_bases(page, home=home, software=software):
        question = Question(f"{base}?{urlencode({'verb': 'Identify'})}", Purpose.OAI)
        yield question
        answer = seen.get(question.url)
        if answer is None:
            return
        if is_repository(answer):
            yield _count_question(question.url)
            return


def _count_question(identify: str) -> Question:
    query = urlencode({"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"})
    return Question(f"{identify.partition('?')[0]}?{query}", Purpose.OAI_COUNT)


def _oai_bases(page: TextResponse, *, home: str, software: str) -> tuple[str, ...]:
    linked = [
        page.urljoin(href).partition("?")[0]
        for href in page.xpath("//a/@href | //link/@href").getall()
        if re.search(r"verb=Identify|/oai2?d?(/request)?/?(\?|$)", href)
    ]
    # A journal of OJS has its repository below its own address.
    journal = re.match(r".*/index\.php/[^/?#]+", page.url)
    own = [f"{journal[0]}/oai"] if journal else []
    usual = [urljoin(home, path) for path in _OAI_PATHS.get(software, ())]
    same_site = [url for url in (*linked, *own, *usual) if site_of(url) == site_of(home)]
    return tuple(dict.fromkeys(same_site))


def _sitemap_questions(seen: Answers, *, home: str, software: str) -> Iterator[Question]:
    robots = next(iter(seen.of(Purpose.ROBOTS)), None)
    named = sitemap_of(robots).found.more if robots and sitemap_of(robots) else ()  # type: ignore[union-attr]
    usual = () if named else (urljoin(home, path) for path in _SITEMAP_PATHS.get(software, _SITEMAP_PATHS[""]))
    for url in (*named[:_MAPS_MAX], *usual):
        yield Question(url, Purpose.SITEMAP)
        answer = seen.get(url)
        if answer is None:
            return
        if (seen_map := sitemap_of(answer)) is not None:
            yield from (Question(child, Purpose.SITEMAP) for child in _likeliest_maps(seen_map.found.more))
            if not named:
                return


def _likeliest_maps(urls: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sitemaps of an index that most likely name publications."""

    def rank(url: str) -> tuple[int, int]:
        name = re.sub(r"[-_.\d]+", " ", urlsplit(url).path.rpartition("/")[2])
        ordinary = bool(re.search(r"\b(posts?|pages?)\b", name))
        other = bool(re.search(r"\b(tag|category|author|taxonom\w*|users?|images?|videos?|news)\b", name))
        return (other - publication_score(name) * 2 - ordinary, urls.index(url))

    return tuple(sorted(urls, key=rank)[:_CHILD_MAPS_MAX])


def _feed_questions(page: TextResponse, seen: Answers, *, home: str, software: str) -> Iterator[Question]:
    pages = [page, *(answer.page for answer in seen.of(Purpose.PAGE) if answer.page is not None)]
    declared = tuple(dict.fromkeys(url for each in pages for url in declared_feeds(each))) or _linked_feeds(page)
    usual = () if declared else (urljoin(home, path) for path in _FEED_PATHS.get(software, _FEED_PATHS[""]))
    for url in (*declared[:_FEEDS_MAX], *usual):
        yield Question(url, Purpose.FEED)
        answer = seen.get(url)
        if answer is None or (usual and feed_of(answer)):
            return


def declared_feeds(page: TextResponse) -> tuple[str, ...]:
    """Return the feeds that a page declares, comments and the feed of its own comments left out."""
    found: dict[str, None] = {}
    for link in page.xpath("//link[@href][contains(concat(' ', @rel, ' '), ' alternate ')]"):
        kind = link.attrib.get("type", "").split(";")[0].strip().casefold()
        words = f"{link.attrib.get('title', '')} {link.attrib['href']}".casefold()
        url = link_address(page, link.attrib["href"])
        own = page.url.rstrip("/") + "/"
        is_of_comments = re.search(r"comment|comentario|commentaire", words) or (
            url.startswith(own) and len(own) > len(urljoin(own, "/")) and re.search(r"/feed/?$", url) and _is_dated(own)
        )
        if kind in _FEED_TYPES and url and not is_of_comments:
            found[url] = None
    return tuple(found)


def _linked_feeds(page: TextResponse) -> tuple[str, ...]:
    """Return what a page links to as its feeds in words, for pages that declare none."""
    found: dict[str, None] = {}
    for link in page.xpath("//a[@href]"):
        words = f"{said_text(link)} {urlsplit(link.attrib['href']).path}" if "[" not in link.attrib["href"] else ""
        url = link_address(page, link.attrib["href"])
        is_feed = re.search(r"(^|[\W_])(rss|atom|feed)([\W_]|$)", words, re.IGNORECASE)
        is_of_part = re.search(r"comment|author|/tags?/|/users?/", url, re.IGNORECASE)
        if url and is_feed and not is_of_part and site_of(url) == site_of(page.url):
            found[url] = None
    return tuple(found)


def _is_dated(url: str) -> bool:
    """Say whether an address is that of one entry, whose feed is that of its comments."""
    return bool(re.search(r"/\d{4}/\d{2}/|/\d{5,}|(?<!\w)(?:\w++-){3}\w", urlsplit(url).path))
