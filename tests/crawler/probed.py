"""A site made of a few answers, looked at without a network: the questions and their answers, as the spider would bring them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from scrapy.http import Headers, HtmlResponse, Response, XmlResponse

from corpus.reasons import Failure, FailureKind
from crawler.probing.guess import Proposal, propose
from crawler.probing.site import ProbedSite

HOME = "https://office.example/"


def looked_at(
    site: Mapping[str, str | bytes], *, address: str = HOME, protocol: str = ""
) -> tuple[Proposal, ProbedSite]:
    """Return what is proposed for a site, and what it was asked. `site` has bodies by path (or whole address)."""

    async def answer(url: str) -> Response | Failure:
        body = site.get(url, site.get(url.removeprefix(HOME.rstrip("/"))))
        return Failure.of(FailureKind.HTTP_STATUS, status=404) if body is None else response_of(url, body)

    seen = ProbedSite(address, answer)
    return asyncio.run(propose(seen, protocol=protocol)), seen


def response_of(url: str, body: str | bytes) -> Response:
    """Return a body as the response that Scrapy would make of it."""
    raw = body.encode() if isinstance(body, str) else body
    start = raw.lstrip()[:200].lower()
    if start.startswith((b"{", b"[")):
        return Response(url, body=raw, headers=Headers({"Content-Type": "application/json"}))
    if start.startswith(b"<?xml") or b"<rss" in start:
        return XmlResponse(url, body=raw, encoding="utf-8", headers=Headers({"Content-Type": "application/xml"}))
    return HtmlResponse(url, body=raw, encoding="utf-8", headers=Headers({"Content-Type": "text/html; charset=utf-8"}))


def asked(seen: ProbedSite) -> list[str]:
    """Return the paths that were asked, in order."""
    return [url.removeprefix(HOME.rstrip("/")) for url in seen.answers]


def page(body: str, *, head: str = "") -> str:
    """Return a web page."""
    return f"<!doctype html><html lang='en'><head><title>An Office</title>{head}</head><body>{body}</body></html>"


def listing(*, count: int = 12, after: str = "", folder: str = "/publications/") -> str:
    """Return a page that lists publications, each with a picture, a heading and a date."""
    items = "".join(
        f"<div class='views-row row-{number}'><a href='{folder}street-vendors-{number}'><img src='/c{number}.png'></a>"
        f"<h3><a href='{folder}street-vendors-{number}'>Street vendors and the law, part {number}</a></h3>"
        f"<span>{number} May 2020</span> <a href='/tags/law'>Law</a></div>"
        for number in range(1, count + 1)
    )
    menu = "<nav><a href='/'>Home</a> <a href='/about'>About us</a> <a href='/publications'>Publications</a></nav>"
    return page(f"{menu}<main><h1>Publications</h1><div class='view-content'>{items}</div>{after}</main>")


def feed(*, count: int = 10) -> str:
    """Return an RSS feed."""
    items = "".join(
        f"<item><title>Post {number}</title><link>{HOME}posts/{number}</link></item>" for number in range(count)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>An Office</title>{items}</channel></rss>'


def sitemap(*paths: str) -> str:
    """Return a sitemap of pages."""
    entries = "".join(f"<url><loc>{HOME.rstrip('/')}{path}</loc></url>" for path in paths)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


IDENTIFY = """<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><Identify>
<repositoryName>An Archive</repositoryName><baseURL>https://office.example/oai</baseURL>
<earliestDatestamp>2001-01-01</earliestDatestamp><deletedRecord>persistent</deletedRecord></Identify></OAI-PMH>"""
IDENTIFIERS = """<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListIdentifiers>
<header><identifier>oai:a:1</identifier><datestamp>2020-01-01</datestamp></header>
<resumptionToken completeListSize="3120">abc</resumptionToken></ListIdentifiers></OAI-PMH>"""
