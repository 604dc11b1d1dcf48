"""Find the repeated block of links by which a page lists publications, and the selector that a source file needs for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from cssselect import SelectorError
from parsel import Selector
from scrapy.http import TextResponse

from corpus.urls import is_same_address
from crawler.net.addresses import site_of
from crawler.pages.html_parts import fold, is_in_chrome
from crawler.pages.links import file_kind, link_address, said_text, said_title
from crawler.probing.words import is_publication_address, publication_score

LINKS_MAX = 2_000
"""Most links of one page that are looked at."""
TITLE_CHARACTERS = 15
"""A text of a link shorter than this is seldom a title: menus, tags, names of places."""

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_CLASS = re.compile(r"-?[A-Za-z_][A-Za-z_-]*$")
"""Class names without digits: `views-row`, and not `views-row-3` or `post-9761`."""
_PASSING = frozenset(("odd", "even", "first", "last", "active", "current", "new", "selected", "clearfix", "row", "col"))


@dataclass(frozen=True, slots=True)
class LinkBlock:
    """Links that stand in the same place of repeated parts of a page."""

    urls: tuple[str, ...]
    """Absolute, each once, in the order of the page."""
    links: str
    """CSS selector of elements that are or hold these links; empty: none tells them from the others."""
    titled: float
    """Share of the links whose text can be a title."""
    score: float
    """How well it looks like a list of publications; comparable between pages."""
    is_named: bool
    """Something says that these are publications: the address of the page, the place of the links, or their addresses."""


@dataclass(frozen=True, slots=True)
class _Link:
    url: str
    text: str
    element: Selector
    place: tuple[str, ...]
    """Names and steady classes of the elements around it, outermost first."""


def best_block(page: TextResponse) -> LinkBlock | None:
    """Return the block that looks most like a list of publications; None when the page has none. Touches nothing."""
    if _is_single(page):
        return None
    groups: dict[tuple[str, ...], list[_Link]] = {}
    for link in _candidates(page):
        groups.setdefault(link.place, []).append(link)
    scored = [(score, group) for group in groups.values() if (score := _score(group, own=page.url)) > 0]
    if not scored:
        return None
    score, group = max(scored, key=lambda each: each[0])
    urls = tuple(dict.fromkeys(link.url for link in group))
    is_named = _is_named(group) or publication_score(urlsplit(page.url).path) > 0 or _publications(group) >= 0.5
    return LinkBlock(urls=urls, links=_selector(page, group), titled=_titled(group), score=score, is_named=is_named)


def _is_single(page: TextResponse) -> bool:
    """Say whether a page declares that it is one article or publication, and so no list of them."""
    kinds = page.xpath("//meta[@property='og:type']/@content").getall()
    said = " ".join(page.xpath("//script[@type='application/ld+json']/text()").getall())
    is_article = any(kind.strip().casefold() in ("article", "book") for kind in kinds) or bool(
        re.search(r'"@type"\s*+:\s*+(?:\[\s*+)?"(News|Scholarly|Tech|Blog)?(Article|Posting|Report)"', said)
    )
    return is_article or bool(page.xpath("//meta[@name='citation_title' or @name='DC.title' or @name='dc.title']"))


def _candidates(page: TextResponse) -> Iterator[_Link]:
    site = site_of(page.url)
    for element in page.xpath("//body//a[@href]")[:LINKS_MAX]:
        url = link_address(page, element.attrib["href"])
        parts = urlsplit(url)
        kind = file_kind(url)
        is_home = parts.path in ("", "/") and not parts.query
        if not url or is_same_address(url, page.url) or is_home or (kind and kind != "pdf"):
            continue
        if (site_of(url) == site or kind == "pdf") and not _is_of_pager(element) and not is_in_chrome(element):
            yield _Link(url=url, text=said_text(element), element=element, place=_place(element))


def _is_of_pager(element: Selector) -> bool:
    relations = set(element.attrib.get("rel", "").split())
    around = " ".join(element.xpath("ancestor-or-self::*[position() < 5]/@class").getall())
    return (
        bool(relations & {"next", "prev", "first", "last"})
        or bool(re.search(r"\b(pager|paginat\w*|page-numbers)", around))
        or said_text(element).strip("«»‹›<> ").isdigit()
    )


def _place(element: Selector) -> tuple[str, ...]:
    place = []
    for around in element.xpath("ancestor-or-self::*[not(self::html or self::body)]"):
        steady = sorted(_steady_classes(around))
        place.append(".".join([around.root.tag if isinstance(around.root.tag, str) else "", *steady]))
    return tuple(place)


def _steady_classes(element: Selector) -> list[str]:
    """Return the classes of an element that its repetitions have too."""
    given = element.attrib.get("class", "").split()
    return [name for name in given if _CLASS.match(name) and name not in _PASSING]


def _titled(group: Sequence[_Link]) -> float:
    return sum(len(link.text) >= TITLE_CHARACTERS and bool(said_title(link.element)) for link in group) / len(group)


def _publications(group: Sequence[_Link]) -> float:
    return sum(is_publication_address(link.url) for link in group) / len(group)


def _is_named(group: Sequence[_Link]) -> bool:
    """Say whether the classes around links speak of publications."""
    return any(publication_score(re.sub(r"[._-]+", " ", step)) > 0 for step in group[0].place)


def _score(group: Sequence[_Link], *, own: str) -> float:
    """Say how well links look like a list of publications; 0 when they do not. `own`: address of the page."""
    urls = {link.url for link in group}
    titled, publications, named = _titled(group), _publications(group), _is_named(group)
    in_heading = any(step.partition(".")[0] in _HEADINGS for step in group[0].place)
    is_list = any(step.partition(".")[0] in ("li", "article", "tr", "dt") for step in group[0].place)
    # One or two links are a list only when they stand as the heading of a part, or in a place named so.
    if len(urls) < 3 and not in_heading and not (named and titled == 1):
        return 0.0
    if titled < 0.5 and (publications < 0.8 or all(url.startswith(own.rstrip("/") + "/") for url in urls)):
        return 0.0  # menus and tags; and "download" of this or that form of one publication
    size = min(len(urls), 50) ** 0.5
    return float(
        size * (0.3 + titled) * (1 + in_heading * 0.6) * (1 + is_list * 0.2) * (1 + publications) * (1 + named * 0.4)
    )


def _selector(page: TextResponse, group: Sequence[_Link]) -> str:
    """Return the shortest of the usual selectors that finds the links of a block, and no others if there is one."""
    wanted = {link.url for link in group}
    best, fewest = "", len(wanted)  # as many links too many as there are: then the whole main part serves as well
    for candidate in _selectors(group[0].element):
        found = _found(page, candidate)
        extra = len(found - wanted)
        if wanted <= found and extra < fewest:
            best, fewest = candidate, extra
        if not fewest:
            break
    return best


def _selectors(element: Selector) -> Iterator[str]:
    """Yield selectors for a link, what says most first: list and heading, part and heading, part, the link's own class."""
    around = list(reversed(element.xpath("ancestor-or-self::*[not(self::html or self::body)]")))
    heading = next((each.root.tag for each in around if each.root.tag in _HEADINGS), "")
    names = [_css_name(each) for each in around]
    lists = [name for name in names if name.partition(".")[0] in ("ol", "ul", "table", "tbody")]
    for inner in filter(None, (heading, "")):
        yield from (f"{name} {inner}" for name in names if "." in name and not name.startswith(heading))
    yield from (name for name in names if "." in name)
    yield from (f"{name} > li" for name in lists)
    yield from (f"{name} a" for name in names if "#" in name)
    if heading:
        yield f"main {heading}"
        yield heading


def _css_name(element: Selector) -> str:
    """Return an element as CSS names it: with its steadiest class, or its id."""
    tag = str(element.root.tag)
    classes = _steady_classes(element)
    if classes:
        return f"{tag}.{max(classes, key=len)}"
    identifier = element.attrib.get("id", "")
    return f"{tag}#{identifier}" if _CLASS.match(identifier) else tag


def _found(page: TextResponse, selector: str) -> set[str]:
    found: set[str] = set()
    try:
        elements = page.css(selector)
    except (SelectorError, ValueError):
        return found
    for element in elements:
        for href in element.xpath("descendant-or-self::a/@href").getall():
            found.add(link_address(page, href))
    return found


def publication_links(page: TextResponse) -> tuple[str, ...]:
    """Return the pages of the same site that a page's links name as its publications, surest and nearest to the root first."""
    site = site_of(page.url)
    found: Counter[str] = Counter()
    for element in page.xpath("//a[@href]")[:LINKS_MAX]:
        url = link_address(page, element.attrib["href"])
        text = fold(said_text(element))
        if not url or is_same_address(url, page.url) or site_of(url) != site or file_kind(url):
            continue
        # A menu says it in a few words; a longer text is the title of one publication.
        score = publication_score(text) if len(text.split()) <= 4 else 0
        if score and len(urlsplit(url).path.strip("/").split("/")) <= 3:
            found[url] = max(found[url], score * 2 + (publication_score(urlsplit(url).path) == 2))
    return tuple(url for url, _ in found.most_common())
