"""Find an OAI-PMH repository: where pages link to one, and where the usual software has its own. It must answer Identify."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from scrapy.http import Response, TextResponse

from crawler.net.addresses import site_of
from crawler.probing.site import HarvestCandidate, ProbedSite
from crawler.spiders.oai.parse import OaiIdentity, read_answer

_PATHS = {
    "DSpace": ("/server/oai/request", "/oai/request", "/dspace-oai/request"),
    "EPrints": ("/cgi/oai2",),
    "Invenio": ("/oai2d",),
    "OJS": ("/oai", "/index.php/index/oai"),
    "": ("/oai", "/oai/request", "/server/oai/request", "/oai2d", "/cgi/oai2"),
}
"""By software; unknown software is asked at all the usual places, that of a web site (WordPress, Drupal) at none."""
_IDENTIFY, _COUNT = "?verb=Identify", "?verb=ListIdentifiers&metadataPrefix=oai_dc"
_LINKED = re.compile(r"verb=Identify|/oai2?d?(/request)?/?(\?|$)")


def identity_in(answer: Response | None) -> OaiIdentity | None:
    """Return the repository that answered to Identify; None when it is none."""
    return read_answer(answer.body).repository if answer is not None else None


async def probe(site: ProbedSite, *, base: str = "") -> list[HarvestCandidate]:
    """Return the repository of a site, in a list; empty when there is none. `base`: it is known to be there."""
    for each in (base,) if base else _bases(site):
        if (repository := identity_in(await site.get(each + _IDENTIFY))) is None:
            continue
        counted = await site.get(each + _COUNT)
        listed = read_answer(counted.body) if counted is not None else None
        first = len(listed.records) if listed else 0
        token = listed.token if listed and listed.token and listed.token.value else None
        total = token.list_size if token else first
        amount = f"{total:,} records" if total is not None else f"more than {first:,} records"
        deleted = ", tells which are deleted" if repository.deleted in ("persistent", "transient") else ""
        words = f"an OAI-PMH repository called {repository.name or 'nothing'!r}, with {amount}{deleted}"
        return [HarvestCandidate("oai", (each,), first if total is None else total, words, goes_on=token is not None)]
    return []


def _bases(site: ProbedSite) -> tuple[str, ...]:
    """Return the addresses at which a repository may be, the likeliest first."""
    page = site.pages[0]
    hrefs = page.xpath("//a/@href | //link/@href").getall()
    linked = [url.partition("?")[0] for href in hrefs if _LINKED.search(href) and (url := _joined(page, href))]
    # A journal of OJS has its repository below its own address.
    journal = re.match(r".*/index\.php/[^/?#]+", page.url)
    own = [f"{journal[0]}/oai"] if journal else []
    usual = [urljoin(site.home, path) for path in _PATHS.get(site.software, ())]
    return tuple(dict.fromkeys(url for url in (*linked, *own, *usual) if site_of(url) == site_of(site.home)))


def _joined(page: TextResponse, href: str) -> str:
    try:
        return page.urljoin(href.strip())
    except ValueError:
        return ""
