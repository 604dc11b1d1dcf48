"""From the answers of a site to a proposal: every way that was found, the best first, and why it is the best. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from crawler.probing.answers import Answers, ProbeAnswer, Purpose
from crawler.probing.apis import api_of, api_places
from crawler.probing.candidates import (
    HarvestCandidate,
    SeenMap,
    feed_of,
    listing_of,
    oai_of,
    sitemap_candidate,
    sitemap_of,
)
from crawler.probing.facts import SiteFacts, facts_of
from crawler.spiders.oai.answer import read_answer

_LISTED_SHARE_MIN = 0.8
"""Share of a listing's publications that a sitemap must name to be as good a list of them."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a look at a site came to."""

    address: str
    """As the person gave it."""
    facts: SiteFacts
    homepage: str
    candidates: tuple[HarvestCandidate, ...]
    """The best first; empty: nothing was found."""
    reason: str
    """Why the first is the best, a sentence; empty when there is none."""
    failures: tuple[ProbeAnswer, ...]
    """What was asked and brought nothing usable."""
    requests: int


def propose(address: str, seen: Answers, *, protocol: str = "") -> Proposal:
    """Return what a source file for this site may say. Touches nothing.

    Args:
        protocol: the only one that is wanted; empty: whichever is best.
    """
    first = seen.get(address)
    home = urljoin(first.response.url if first and first.response is not None else address, "/")
    found = [each for each in _candidates(address, seen) if protocol in ("", each.protocol)]
    ranked, reason = _ranked(found, address=address)
    return Proposal(
        address=address,
        facts=_facts(address, seen),
        homepage=home,
        candidates=ranked,
        reason=f"it was asked for with --protocol {protocol}" if protocol and ranked else reason,
        failures=seen.failures(),
        requests=len(seen),
    )


def _facts(address: str, seen: Answers) -> SiteFacts:
    """Return what the site says of itself, on the page that was given and on its home page."""
    pages = [each.page for each in seen.of(Purpose.PAGE) if each.page is not None and each.page.xpath("//html/body")]
    # The page that was given; the home page when what was given is a feed or a repository.
    facts = facts_of(pages[0]) if pages else SiteFacts()
    for answer in seen.of(Purpose.OAI, Purpose.PAGE):
        assert answer.response is not None
        repository = read_answer(answer.response.body).repository
        if repository is not None and repository.name:
            return replace(facts, name=facts.name or repository.name)
    return facts


def _candidates(address: str, seen: Answers) -> Iterator[HarvestCandidate]:
    """Yield every way that the answers offer."""
    for answer in seen.of(Purpose.OAI, Purpose.PAGE):
        base = answer.question.url.partition("?")[0]
        counts = [each for each in seen.of(Purpose.OAI_COUNT) if each.question.url.startswith(base + "?")]
        if repository := oai_of(answer, counts[0] if counts else None):
            yield repository
    yield from _apis(seen)
    listings = [
        listing
        for each in seen.of(Purpose.PAGE)
        if each.page is not None and (listing := listing_of(each.page)) is not None
    ]
    yield from listings
    yield from _sitemaps(seen, like=_best_listing(listings, address=address))
    for answer in seen.of(Purpose.FEED, Purpose.PAGE):
        if feed := feed_of(answer):
            yield feed


def _apis(seen: Answers) -> Iterator[HarvestCandidate]:
    for each in seen.of(Purpose.PAGE):
        if each.page is None:
            continue
        for place in api_places(each.page, software=facts_of(each.page).software):
            if (answer := seen.get(place.asked)) and (api := api_of(answer, place)):
                yield api


def _sitemaps(seen: Answers, *, like: HarvestCandidate | None) -> Iterator[HarvestCandidate]:
    maps = [found for each in seen.of(Purpose.SITEMAP, Purpose.PAGE) if (found := sitemap_of(each)) is not None]
    below = {url for each in maps for url in each.found.more}
    for root in maps:
        if root.url not in below:
            read: tuple[SeenMap, ...] = tuple(each for each in maps if each.url in root.found.more)
            if candidate := sitemap_candidate(root, read, like=like.urls if like else ()):
                yield candidate


def _ranked(found: list[HarvestCandidate], *, address: str) -> tuple[tuple[HarvestCandidate, ...], str]:
    """Return the ways, best first, and why the first is."""
    if not found:
        return (), ""
    best, reason = _best(found, address=address)
    rest = sorted((each for each in found if each is not best), key=lambda each: -each.records)
    return (best, *rest), reason


def _best(found: list[HarvestCandidate], *, address: str) -> tuple[HarvestCandidate, str]:
    for candidate in found:
        if candidate.start == (address,) and candidate.protocol in ("oai", "sitemap", "feed"):
            return candidate, "it is the address that was given"
    for protocol, reason in (
        ("oai", "a repository lists everything, dates each record, and can be asked for what changed"),
        ("api", "an API lists everything, with metadata for each record"),
    ):
        if (of_kind := _most(found, protocol)) and of_kind.records:
            return of_kind, reason
    listing = _best_listing([each for each in found if each.protocol == "listing"], address=address)
    sitemap, feed = _most(found, "sitemap"), _most(found, "feed")
    if sitemap and listing is None:
        return sitemap, "it names publications, and no page was found that lists them"
    if sitemap and listing and _covers(sitemap, listing):
        return sitemap, f"it names what the listing shows ({listing.start[0]}), all in one place"
    if listing and (feed is None or (listing.is_named and (listing.goes_on or listing.records >= feed.records))):
        over = f", and the feed only the newest {feed.records}" if feed else ""
        return listing, f"it lists {listing.records}{' or more' if listing.goes_on else ''} publications{over}"
    best = feed or listing or sitemap or found[0]
    return best, "no page was found that lists more publications" if best is feed else "nothing better was found"


def _covers(sitemap: HarvestCandidate, listing: HarvestCandidate) -> bool:
    """Say whether a sitemap is as good a list of the publications as a listing of the same site."""
    known = set(sitemap.urls)
    shared = sum(url in known for url in listing.urls)
    return shared >= _LISTED_SHARE_MIN * len(listing.urls) and len(known) >= len(listing.urls)


def _best_listing(listings: list[HarvestCandidate], *, address: str) -> HarvestCandidate | None:
    """Return the listing that was given, when the address is more than a home page; else the one that lists most."""
    if urlsplit(address).path.strip("/"):
        for each in listings:
            if each.start == (address,):
                return each
    return max(listings, key=lambda each: (each.is_named, each.goes_on, each.records), default=None)


def _most(found: list[HarvestCandidate], protocol: str) -> HarvestCandidate | None:
    """Return the way by this protocol that lists most; one that goes on lists more than its first page shows."""
    of_kind = (each for each in found if each.protocol == protocol)
    return max(of_kind, key=lambda each: (each.goes_on, each.records), default=None)
