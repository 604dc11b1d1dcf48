"""A site that is being looked at: what was asked of it, what it answered, and the ways to its publications that were found."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from scrapy.http import Response, TextResponse

from corpus.reasons import Failure
from crawler.pipelines import sniff
from crawler.probing.facts import facts_of

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
