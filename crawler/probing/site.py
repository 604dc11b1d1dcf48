"""A site that is looked at: what was asked, what it answered and says of itself, and the ways to its publications."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response, TextResponse

from corpus.reasons import Failure
from corpus.vocabulary import load_vocabulary
from crawler.net.addresses import parts_of_host
from crawler.pages.html_parts import fold
from crawler.pages.links import link_address
from crawler.pages.structured_data import site_names
from crawler.pipelines import sniff

_SOFTWARE = (
    ("DSpace", re.compile(r"dspace", re.IGNORECASE)),
    ("WordPress", re.compile(r"wordpress|/wp-content/|/wp-json/", re.IGNORECASE)),
    ("Drupal", re.compile(r"drupal", re.IGNORECASE)),
    ("EPrints", re.compile(r"eprints", re.IGNORECASE)),
    ("OJS", re.compile(r"open journal systems", re.IGNORECASE)),
    ("Invenio", re.compile(r"invenio", re.IGNORECASE)),
)
_VANITY = re.compile("a[im]|c[co]|eu|fm|gg|i[mos]|l[ay]|me|nu|s[hu]|t[kov]|ws")
"""Country domains that are as often taken for how they read as for where the publisher is."""
_BETWEEN = re.compile(r"(?<!\s)\s++[|–—·»-]\s+|(?:(?<!\s)\s++)?\|\s*")


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What a site says of itself; empty where it says nothing."""

    name: str = ""
    languages: tuple[str, ...] = ()
    """ISO 639-1, the page's own first."""
    country: str = ""
    """ISO 3166-1 alpha-3, of the domain."""
    licence: str = ""
    software: str = ""
    """A name of _SOFTWARE."""


def facts_of(page: TextResponse) -> SiteFacts:
    """Return what a page says of its site. Touches nothing."""
    codes = [
        *page.xpath("/html/@lang | /html/@xml:lang").getall()[:1],
        *page.xpath("//head/link[@rel='alternate'][@hreflang]/@hreflang").getall(),
    ]
    languages = (re.split("[-_]", code.strip().casefold())[0] for code in codes)
    licence = page.xpath("//*[self::a or self::link][contains(concat(' ', @rel, ' '), ' license ')]/@href").get()
    return SiteFacts(
        name=_name(page),
        languages=tuple(dict.fromkeys(code for code in languages if re.fullmatch("[a-z]{2}", code)))[:8],
        country=country_of(urlsplit(page.url).hostname or ""),
        licence=link_address(page, licence) if licence else "",
        software=_software(page),
    )


def country_of(host: str) -> str:
    """Return the country that a host's domain stands for, alpha-3; empty when it stands for none."""
    suffix = parts_of_host(host).suffix
    ending = suffix.rpartition(".")[2]
    if len(ending) != 2 or (_VANITY.fullmatch(ending) and "." not in suffix):
        return ""
    country = load_vocabulary().country("GB" if ending == "uk" else ending)
    return country.id if country else ""


def _name(page: TextResponse) -> str:
    declared = (
        page.xpath("//meta[@property='og:site_name' or @name='og:site_name']/@content").get(),
        next(site_names(page), ""),
        page.xpath("//meta[@name='application-name']/@content").get(),
    )
    if name := next(filter(None, map(fold, declared)), ""):
        return name
    parts = [part for part in _BETWEEN.split(fold(page.xpath("string(//head/title | //title)").get())) if part] or [""]
    return parts[0 if not urlsplit(page.url).path.strip("/") else -1]


def _software(page: TextResponse) -> str:
    generator = " ".join(page.xpath("//meta[translate(@name, 'G', 'g')='generator']/@content").getall())
    parts = "dspace" if page.xpath("//ds-app | //*[contains(@class, 'ds-artifact')]") else ""
    marks = " ".join(page.xpath("//link/@href | //script/@src").getall()[:200])
    found = (name for text in (generator, parts, marks) for name, regex in _SOFTWARE if regex.search(text))
    return next(found, "")


QUESTIONS_MAX = 30
"""Most addresses that one look asks for."""

Value = str | int | bool | tuple[str, ...]
Fetch = Callable[[str], Awaitable[Response | Failure]]
"""Ask for one address: the answer with status 200, or why there is none."""


@dataclass(frozen=True, slots=True)
class HarvestCandidate:
    """One way to a publisher's records."""

    protocol: str
    start: tuple[str, ...]
    records: int
    """How many it would list, as far as was seen."""
    words: str
    """What was found, for a person: `a repository called A, with 312 records`."""
    keys: Mapping[str, Value] = field(default_factory=dict)
    """Of the table that has the protocol's name."""
    urls: tuple[str, ...] = ()
    """Addresses of publications that it lists, as far as they were read."""
    goes_on: bool = False
    """It has further pages that were not read."""
    is_named: bool = True
    """Of a listing: something says that it lists publications, and not news or pages of another kind."""


class ProbedSite:
    """One site. Each address is asked once; after QUESTIONS_MAX of them no further one is."""

    def __init__(self, address: str, fetch: Fetch) -> None:
        self.address = address
        """As the person gave it."""
        self.answers: dict[str, Response | Failure] = {}
        """By address, in the order of asking."""
        self.pages: list[TextResponse] = []
        """What was asked for as a page: the address, the home page, pages that may list publications."""
        self._fetch = fetch

    async def get(self, url: str) -> Response | None:
        """Return the answer of an address; None when there is none."""
        if url not in self.answers:
            if len(self.answers) >= QUESTIONS_MAX:
                return None
            self.answers[url] = await self._fetch(url)
        answer = self.answers[url]
        return answer if isinstance(answer, Response) else None

    async def get_page(self, url: str) -> TextResponse | None:
        """Return the answer of an address, and keep it as a page; None when it is not a text."""
        page = await self.get(url)
        if not isinstance(page, TextResponse) or sniff(page.body) == "application/pdf":
            return None
        if page not in self.pages:
            self.pages.append(page)
        return page

    @property
    def home(self) -> str:
        """Return the address of the home page, after a redirect to another host too."""
        first = self.answers.get(self.address)
        return urljoin(first.url if isinstance(first, Response) else self.address, "/")

    @property
    def software(self) -> str:
        """Return the software of the site, as its pages declare it; empty: unknown."""
        return next(filter(None, (facts_of(page).software for page in self.pages)), "")

    @property
    def failures(self) -> tuple[str, ...]:
        """Return the addresses that brought nothing usable."""
        return tuple(url for url, answer in self.answers.items() if not isinstance(answer, Response))
