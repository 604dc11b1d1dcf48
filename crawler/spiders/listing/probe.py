"""Find the page that lists publications, the selector and the addresses of its links, and how it goes on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from cssselect import SelectorError
from parsel import Selector
from scrapy.http import TextResponse

from corpus.urls import is_same_address
from crawler.net.addresses import site_of
from crawler.pages.html_parts import fold, is_in_chrome
from crawler.pages.links import file_kind, link_address, said_text, said_title
from crawler.probing.patterns import allow_regexes, is_publication_address, publication_score
from crawler.probing.site import HarvestCandidate, ProbedSite, Value
from crawler.sources.rules import ListingRules
from crawler.spiders.listing.parse import is_in_pager, next_pages

LINKS_MAX = 2_000
"""Most links of one page that are looked at."""
TITLE_CHARACTERS = 15
"""A text of a link shorter than this is seldom a title: menus, tags, names of places."""
_LISTINGS_MAX = 3
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_AROUND = "ancestor-or-self::*[not(self::html or self::body)]"
_CLASS = re.compile(r"-?[A-Za-z_][A-Za-z_-]*$")
"""Class names without digits: `views-row`, and not `views-row-3` or `post-9761`."""
_PASSING = frozenset(["odd", "even", "first", "last", "active", "current", "new", "selected", "clearfix", "row", "col"])
_ONE_ARTICLE = re.compile(r'"@type"\s*+:\s*+(?:\[\s*+)?"(News|Scholarly|Tech|Blog)?(Article|Posting|Report)"')
_NEXT_WORDS = re.compile(r"older|(load|show) more|ver m[aá]s|voir plus|[>›»→]|>>", re.IGNORECASE)
"""Links to the next page that the listing spider does not follow unless a source file names them."""
_NUMBERED = re.compile(
    r"([?&](?:page|p|paged|pg|pagina|seite|_page)=|/page/|/pagina/|/p/)(\d{1,5})(?=[/&#]|$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Link:
    url: str
    text: str
    element: Selector
    place: tuple[str, ...]
    """Names and steady classes of the elements around it, outermost first."""


async def probe(site: ProbedSite) -> list[HarvestCandidate]:
    """Return the listings among the pages of a site, after asking for those that it calls its publications."""
    for url in _publication_pages(site.pages[0])[:_LISTINGS_MAX]:
        await site.get_page(url)
    return listings(site)


def listings(site: ProbedSite) -> list[HarvestCandidate]:
    """Return the listings among the pages that were asked for."""
    return [found for page in site.pages if (found := listing_in(page)) is not None]


def listing_in(page: TextResponse) -> HarvestCandidate | None:
    """Return the listing of publications that a page is; None when it is none. Touches nothing."""
    links = _best_block(page)
    if not links:
        return None
    urls = tuple(dict.fromkeys(link.url for link in links))
    keys: dict[str, Value] = {"links": f"css:{selector}"} if (selector := _selector(page, links)) else {}
    if regexes := allow_regexes(urls):
        keys["allow"] = regexes
    more, pages, goes_on = _pager(page)
    amount = f" on each of {pages} pages or more" if pages > 1 else ", and a next page" if goes_on else ""
    return HarvestCandidate(
        protocol="listing",
        start=(page.url,),
        records=len(urls) * pages,
        words=f"a listing with {len(urls)} links to publications{amount}",
        keys=keys | more,
        urls=urls,
        goes_on=goes_on,
        is_named=_is_named(links) or publication_score(urlsplit(page.url).path) > 0 or _publications(links) >= 0.5,
    )


def _best_block(page: TextResponse) -> Sequence[_Link]:
    """Return the links in one place of repeated parts of a page that look most like a list of publications."""
    declared = " ".join(page.xpath("//script[@type='application/ld+json']/text()").getall())
    kinds = {kind.strip().casefold() for kind in page.xpath("//meta[@property='og:type']/@content").getall()}
    is_citable = page.xpath("//meta[@name='citation_title' or @name='DC.title' or @name='dc.title']")
    if kinds & {"article", "book"} or _ONE_ARTICLE.search(declared) or is_citable:
        return ()  # it is one publication, and no list of them
    groups: dict[tuple[str, ...], list[_Link]] = {}
    for link in _links(page):
        groups.setdefault(link.place, []).append(link)
    best = max(groups.values(), key=lambda links: _score(links, own=page.url), default=[])
    return best if best and _score(best, own=page.url) > 0 else ()


def _links(page: TextResponse) -> Iterator[_Link]:
    site = site_of(page.url)
    for element in page.xpath("//body//a[@href]")[:LINKS_MAX]:
        url = link_address(page, element.attrib["href"])
        parts, kind = urlsplit(url), file_kind(url)
        is_home = parts.path in ("", "/") and not parts.query
        if not url or is_same_address(url, page.url) or is_home or (kind and kind != "pdf"):
            continue
        if (site_of(url) == site or kind == "pdf") and not _is_of_pager(element) and not is_in_chrome(element):
            place = tuple(".".join([str(each.root.tag), *sorted(_classes(each))]) for each in element.xpath(_AROUND))
            yield _Link(url, said_text(element), element, place)


def _is_of_pager(element: Selector) -> bool:
    return is_in_pager(element) or said_text(element).strip("«»‹›<> ").isdigit()


def _classes(element: Selector) -> list[str]:
    """Return the classes of an element that its repetitions have too."""
    return [name for name in element.attrib.get("class", "").split() if _CLASS.match(name) and name not in _PASSING]


def _publications(links: Sequence[_Link]) -> float:
    return sum(is_publication_address(link.url) for link in links) / len(links)


def _is_named(links: Sequence[_Link]) -> bool:
    """Say whether the classes around links speak of publications."""
    return any(publication_score(re.sub(r"[._-]+", " ", step)) > 0 for step in links[0].place)


def _score(links: Sequence[_Link], *, own: str) -> float:
    """Say how well links look like a list of publications; 0 when they do not. `own`: address of the page."""
    count = len({link.url for link in links})
    titled = sum(len(link.text) >= TITLE_CHARACTERS and bool(said_title(link.element)) for link in links) / len(links)
    publications, named = _publications(links), _is_named(links)
    tags = {step.partition(".")[0] for step in links[0].place}
    in_heading, is_list = bool(tags & set(_HEADINGS)), bool(tags & {"li", "article", "tr", "dt"})
    # One or two links are a list only when they stand as the heading of a part, or in a place named so.
    if count < 3 and not in_heading and not (named and titled == 1):
        return 0.0
    if titled < 0.5 and (publications < 0.8 or all(link.url.startswith(own.rstrip("/") + "/") for link in links)):
        return 0.0  # menus and tags; and "download" of this or that form of one publication
    place = (1 + in_heading * 0.6) * (1 + is_list * 0.2) * (1 + named * 0.4)
    return float(min(count, 50) ** 0.5 * (0.3 + titled) * place * (1 + publications))


def _selector(page: TextResponse, links: Sequence[_Link]) -> str:
    """Return the shortest of the usual selectors that finds some links, and no others if there is one."""
    wanted = {link.url for link in links}
    best, fewest = "", len(wanted)  # as many links too many as there are: then the whole main part serves as well
    for candidate in _selectors(links[0].element):
        try:
            hrefs = page.css(candidate).xpath("descendant-or-self::a/@href").getall()
        except (SelectorError, ValueError):
            continue
        found = {link_address(page, href) for href in hrefs}
        if wanted <= found and len(found - wanted) < fewest:
            best, fewest = candidate, len(found - wanted)
        if not fewest:
            break
    return best


def _selectors(element: Selector) -> Iterator[str]:
    """Yield selectors for a link, what says most first: list and heading, part and heading, part, the link's own class."""
    around = list(reversed(element.xpath(_AROUND)))
    heading = next((each.root.tag for each in around if each.root.tag in _HEADINGS), "")
    names = [_css_name(each) for each in around]
    if heading:
        yield from (f"{name} {heading}" for name in names if "." in name and not name.startswith(heading))
    yield from (name for name in names if "." in name)
    yield from (f"{name} > li" for name in names if name.partition(".")[0] in ("ol", "ul", "table", "tbody"))
    yield from (f"{name} a" for name in names if "#" in name)
    if heading:
        yield from (f"main {heading}", heading)


def _css_name(element: Selector) -> str:
    """Return an element as CSS names it: with its steadiest class, or its id."""
    tag, identifier = str(element.root.tag), element.attrib.get("id", "")
    if classes := _classes(element):
        return f"{tag}.{max(classes, key=len)}"
    return f"{tag}#{identifier}" if _CLASS.match(identifier) else tag


def _pager(page: TextResponse) -> tuple[dict[str, Value], int, bool]:
    """Return how a listing goes on: the keys that say it, how many pages the links name (1: none), whether there is a next."""
    numbered: dict[str, int] = {}
    own, worded = _NUMBERED.search(page.url), ""
    for link in page.xpath("//a[@href]"):
        url, text = link_address(page, link.attrib["href"]), fold(link.xpath("string(.)").get())
        if not url or site_of(url) != site_of(page.url):
            continue
        number = _NUMBERED.search(url)
        is_other = number and int(number[2]) > 0 and (not own or own[2] != number[2])
        if number and is_other and _without_number(url) == _without_number(page.url):
            numbered[url] = int(number[2])
        if not worded and _NEXT_WORDS.fullmatch(text) and not is_same_address(url, page.url):
            worded = text
    lowest = min(numbered, key=lambda url: numbered[url], default="")
    # Where counting begins at 0, the page after the first is 1 and there is one page more than the highest number.
    pages = max(numbered.values()) + (numbered[lowest] == 1) if numbered else 1
    if next_pages(page, ListingRules()):
        return {}, pages, True
    if worded:
        return {"next": f"xpath://a[normalize-space(.)='{worded}']"}, pages, True
    if numbered:
        address = _NUMBERED.sub(lambda found: f"{found[1]}{{page}}", lowest, count=1)
        return {"page_address": address, "first_page": numbered[lowest]}, pages, True
    return {}, pages, False


def _without_number(url: str) -> str:
    return _NUMBERED.sub("", unquote(urlsplit(url).path) + "/").strip("/")


def _publication_pages(page: TextResponse) -> tuple[str, ...]:
    """Return the pages of the same site that a page's links name as its publications, surest and nearest to the root first."""
    found: Counter[str] = Counter()
    for element in page.xpath("//a[@href]")[:LINKS_MAX]:
        url, text = link_address(page, element.attrib["href"]), said_text(element)
        if not url or is_same_address(url, page.url) or site_of(url) != site_of(page.url) or file_kind(url):
            continue
        # A menu says it in a few words; a longer text is the title of one publication.
        score = publication_score(text) if len(text.split()) <= 4 else 0
        path = urlsplit(url).path
        if score and len(path.strip("/").split("/")) <= 3:
            found[url] = max(found[url], score * 2 + (publication_score(path) == 2))
    return tuple(url for url, _ in found.most_common())
