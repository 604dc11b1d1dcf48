"""From an address to the best way to a publisher's records: the probes of the protocols find ways, this ranks them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from scrapy.http import Response

from crawler.probing.site import HarvestCandidate, ProbedSite, SiteFacts, facts_of
from crawler.spiders.api import probe as api
from crawler.spiders.feed import probe as feed
from crawler.spiders.listing import probe as listing
from crawler.spiders.oai import probe as oai
from crawler.spiders.sitemap import probe as sitemap

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
    failures: tuple[str, ...]
    """Addresses that were asked for and brought nothing usable."""
    requests: int


async def propose(site: ProbedSite, *, protocol: str = "") -> Proposal:
    """Ask a site what it offers, and return what a source file for it may say.

    Args:
        protocol: the only one that is wanted; empty: whichever is best.
    """
    found = await _candidates(site, protocol=protocol)
    wanted = [each for each in found if protocol in ("", each.protocol)]
    reason = ""
    if wanted:
        best, reason = _best(wanted, address=site.address)
        wanted = [best, *sorted((each for each in wanted if each is not best), key=lambda each: -each.records)]
    return Proposal(
        address=site.address,
        facts=_facts(site),
        homepage=site.home,
        candidates=tuple(wanted),
        reason=f"it was asked for with --protocol {protocol}" if protocol and wanted else reason,
        failures=site.failures,
        requests=len(site.answers),
    )


async def _candidates(site: ProbedSite, *, protocol: str) -> list[HarvestCandidate]:
    """Return the ways to the records, asking as little as possible: who lists everything ends the look."""
    first = await site.get(site.address)
    if first is None:
        return []
    found = await _at_address(site, first)
    await site.get_page(site.address)
    if found:
        await site.get_page(site.home)  # the list is known, its publisher is not
        return found + listing.listings(site)
    if not site.pages:
        return []
    await site.get_page(site.home)  # software and API of a site are often declared there only
    if protocol in ("", "oai"):
        found = await oai.probe(site)
    if protocol in ("", "api") and not found:
        found = await api.probe(site)
    if found:
        return found + listing.listings(site)
    if protocol in ("", "listing", "sitemap"):
        found = await listing.probe(site)
    if protocol in ("", "sitemap"):
        best = _best_listing(found, address=site.address)
        found += await sitemap.probe(site, like=best.urls if best else ())
    if protocol in ("", "feed"):
        found += await feed.probe(site)
    return found


async def _at_address(site: ProbedSite, first: Response) -> list[HarvestCandidate]:
    """Return the repository, the sitemap or the feed that the address itself is, in a list."""
    if oai.identity_in(first):
        return await oai.probe(site, base=site.address.partition("?")[0])
    if feed.feed_in(first):  # a feed can be read as a sitemap too
        return await feed.probe(site, feed=site.address)
    return await sitemap.probe(site, root=site.address) if sitemap.map_in(first) else []


def _facts(site: ProbedSite) -> SiteFacts:
    """Return what the site says of itself on the page that was given, or on its home page, or as a repository."""
    pages = [page for page in site.pages if page.xpath("//html/body")]
    facts = facts_of(pages[0]) if pages else SiteFacts()
    identities = (oai.identity_in(answer) for answer in site.answers.values() if isinstance(answer, Response))
    name = facts.name or next((each.name for each in identities if each and each.name), "")
    return replace(facts, name=name)


def _best(found: list[HarvestCandidate], *, address: str) -> tuple[HarvestCandidate, str]:
    """Return the best way, and why it is."""
    for candidate in found:
        if candidate.start == (address,) and candidate.protocol in ("oai", "sitemap", "feed"):
            return candidate, "it is the address that was given"
    for protocol, reason in (
        ("oai", "a repository lists everything, dates each record, and can be asked for what changed"),
        ("api", "an API lists everything, with metadata for each record"),
    ):
        if (of_kind := _most(found, protocol)) and of_kind.records:
            return of_kind, reason
    list_page, site_map, feed_ = _best_listing(found, address=address), _most(found, "sitemap"), _most(found, "feed")
    if site_map and list_page is None:
        return site_map, "it names publications, and no page was found that lists them"
    if site_map and list_page and _covers(site_map, list_page):
        return site_map, f"it names what the listing shows ({list_page.start[0]}), all in one place"
    is_longer = list_page and (feed_ is None or list_page.goes_on or list_page.records >= feed_.records)
    if list_page and is_longer and (feed_ is None or list_page.is_named):
        over = f", and the feed only the newest {feed_.records}" if feed_ else ""
        return list_page, f"it lists {list_page.records}{' or more' if list_page.goes_on else ''} publications{over}"
    best = feed_ or list_page or site_map or found[0]
    return best, "no page was found that lists more publications" if best is feed_ else "nothing better was found"


def _covers(site_map: HarvestCandidate, list_page: HarvestCandidate) -> bool:
    """Say whether a sitemap is as good a list of the publications as a listing of the same site."""
    known = set(site_map.urls)
    shared = sum(url in known for url in list_page.urls)
    return shared >= _LISTED_SHARE_MIN * len(list_page.urls) and len(known) >= len(list_page.urls)


def _best_listing(found: list[HarvestCandidate], *, address: str) -> HarvestCandidate | None:
    """Return the listing that was given, when the address is more than a home page; else the one that lists most."""
    lists = [each for each in found if each.protocol == "listing"]
    given = [each for each in lists if each.start == (address,) and urlsplit(address).path.strip("/")]
    return max(given or lists, key=lambda each: (each.is_named, each.goes_on, each.records), default=None)


def _most(found: list[HarvestCandidate], protocol: str) -> HarvestCandidate | None:
    """Return the way by this protocol that lists most; one that goes on lists more than its first page shows."""
    of_kind = (each for each in found if each.protocol == protocol)
    return max(of_kind, key=lambda each: (each.goes_on, each.records), default=None)
