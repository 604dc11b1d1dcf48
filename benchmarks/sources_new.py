"""Measure `pushcart sources new`: how often it proposes the protocol, and the address, that a person sees in the page.

Run: .venv/bin/python -m benchmarks.sources_new [--shared FOLDER] [--sample-only | --saved-only]

Saved pages: each is served alone by a local server, at its own path, with the addresses of its own site turned into those
of the server. The feeds that it declares answer with a feed, those of comments too; nothing else is there. Questions and
proposal are those of the product; urllib asks in place of Scrapy, because Scrapy runs once a process. Labels were made by
eye from the HTML: `feed` with the addresses that are right, `listing`, or `none` where the page is one article or one
publication and names no feed of its site. A page about feeds is no feed, and is not there.

Sample publisher: the whole of it, Scrapy in a child process; better ways are hidden with faults one after the other.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from parsel import Selector
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from corpus.reasons import Failure, FailureKind
from corpus.settings import Settings
from crawler.probing.guess import Proposal, propose
from crawler.probing.look import look_at
from crawler.probing.site import ProbedSite
from tests.publisher import SamplePublisher
from tests.publisher.faults import Fault, FaultKind

_LISTINGS: dict[str, tuple[str, str]] = {
    "gov_1": ("https://www.gov.uk/search/policy-papers-and-consultations", "listing"),
    "gov_2": ("https://www.gov.uk/government/consultations/one", "none"),
    "gov_3": ("https://www.gov.uk/government/publications/public-mental-health", "none"),
    "msf_1": ("https://www.msf.org.uk/activity-reports", "listing"),
    "nice_1": ("https://www.nice.org.uk/guidance/published", "listing"),
    "nice_2": ("https://www.nice.org.uk/guidance/mib171", "none"),
    "parliament_1": ("http://www.parliament.uk/search/results", "listing"),
    "parliament_2": ("http://www.parliament.uk/ukdsi/2019/9780111180389", "none"),
    "unicef_1": ("https://data.unicef.org/resources/resource-type/publications/", "listing"),
    "unicef_2": ("https://data.unicef.org/resources/a-right-to-be-heard/", "none"),
    "who_1": ("https://apps.who.int/iris/", "listing"),
    "who_2": ("https://apps.who.int/iris/handle/10665/279983", "none"),
}
"""By name of the saved page: the address under which it is served, and what a person sees it to be."""

_FEEDS: dict[str, tuple[str, ...]] = {
    "06e5123e4ef7": ("/venturebeat/SZYF",),
    "06ee193de4bd": ("/feed/",),
    "0d46122928b6": ("/feed/",),
    "0ec95c7261d1": ("/xml/news_rss.php",),
    "1ace8c85aaee": ("/feed/",),
    "23aaecd14171": ("/blog/feed/",),
    "264dc3ae3124": ("/feed/",),
    "3252222e61fe": ("/blog/feed/",),
    "3cb22bfabed8": ("/feed/",),
    "4219d096902d": ("/feed/", "/feed/atom/"),
    "42aad16bde92": ("/xml/rss/all.xml",),
    "521118842884": ("/feed/", "/wp-content/plugins/kboard/rss.php"),
    "57b4dafd18cf": ("/rss.xml",),
    "57e2e98887a1": ("/feed/",),
    "5f03fc173ebc": ("/blog/feed",),
    "63db31a161b3": ("/feed/",),
    "65408257dbe4": ("/rss/latestnews.xml",),
    "6a72de37e8f9": ("/rss/index.xml",),
    "7916ecca969f": ("/xml/rss/all.xml",),
    "7bb1ca903543": ("/rss",),
    "8380689f358c": ("/feed/",),
    "8e3efab59f48": ("/feed/",),
    "a860fb5eda1a": ("/feed/",),
    "ac3c03552046": ("/feed/",),
    "ad826691a8a2": ("/feed/",),
    "b37be3535e1f": (
        "/rss/ctvnews-ca-top-stories-public-rss-1.822009",
        "/rss/ctvnews-ca-sci-tech-public-rss-1.822295",
    ),
    "b3c19dd5f061": ("/feed",),
    "ba07d1e64775": ("/rss.xml",),
    "bc13ff87b263": ("/trdnews?format=xml",),
    "c467d507551a": ("/feed/",),
    "c582d3b77257": ("/feed/",),
    "c82b3d1d540b": ("/rss-feeds/rss.xml",),
    "cc03ddb5ef7d": ("/feed/rss/",),
    "dfd43bc0d46e": ("/feed/",),
    "e100c9612ad8": ("/feed/",),
    "e1cd54e5577d": ("/.rss/full/",),
    "fde930b01859": ("/international.rss",),
}
"""By beginning of the saved article's name: paths of the feeds that are right. All other articles name no feed."""

_HIDDEN = {
    "oai": ("/oai",),
    "api": ("/api/publications",),
    "sitemap": ("/sitemap.xml", "/sitemap_index.xml", "/sitemap.xml.gz", "/sitemaps/publications.xml"),
    "listing": ("/publications", "/more"),
}
"""Of the sample publisher: what must be hidden for the next best way to be the best, in this order."""
_SAMPLE_TRUTH = ("oai", "api", "sitemap", "listing", "feed")

_RSS = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>'
    + "".join(f"<item><title>Entry {n}</title><link>http://feed.invalid/{n}</link></item>" for n in range(10))
    + "</channel></rss>"
).encode()


@dataclass(frozen=True, slots=True)
class SavedPage:
    """One saved page with its label."""

    name: str
    url: str
    body: bytes
    truth: str
    feeds: tuple[str, ...] = ()
    """Paths of the feeds that are right."""


def saved_pages(shared: Path) -> Iterator[SavedPage]:
    """Yield the saved pages with their labels."""
    for path in sorted((shared / "harvest" / "listing-pages").glob("*.html")):
        url, truth = _LISTINGS[path.stem]
        yield SavedPage(path.stem, url, path.read_bytes(), truth)
    for path in sorted((shared / "harvest" / "article-html").glob("*.html.gz")):
        body = gzip.decompress(path.read_bytes())
        feeds = _FEEDS.get(path.name[:12], ())
        yield SavedPage(path.name[:12], _own_address(body), body, "feed" if feeds else "none", feeds)


def _own_address(body: bytes) -> str:
    response = responsetypes.from_args(body=body)(url="http://article.invalid/2019/11/story", body=body)
    given = response.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content").get("").strip()  # type: ignore[attr-defined]
    return given if given.startswith("http") else "http://article.invalid/2019/11/story"


@contextmanager
def served(page: SavedPage) -> Iterator[str]:
    """Serve one page and the feeds that it declares; lend the page's address on this machine."""
    parts = urlsplit(page.url)
    target = parts.path + (f"?{parts.query}" if parts.query else "") or "/"

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            own = f"http://127.0.0.1:{self.server.server_address[1]}"  # type: ignore[attr-defined]
            is_feed = self.path in feeds
            body = _moved(page, own) if self.path == target else _RSS if is_feed else b""
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "application/rss+xml" if is_feed else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    feeds = {*page.feeds, *_declared(_moved(page, ""))}

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{target}"
    finally:
        server.shutdown()
        server.server_close()


def _declared(body: bytes) -> Iterator[str]:
    """Yield the paths of what a page declares as feeds, and of the feeds of authors and categories that it links to."""
    document = Selector(body=body, type="html")
    yield from document.xpath("//link[contains(@type, 'rss') or contains(@type, 'atom')]/@href").getall()
    yield from (href for href in document.xpath("//a/@href").getall() if href.rstrip("/").endswith("/feed"))


def _moved(page: SavedPage, own: str) -> bytes:
    """Return a page with the addresses of its own site, and of its feeds, turned into those of the server."""
    hosts = {urlsplit(page.url).netloc, "feeds.feedburner.com", "www.parliament.uk", "www.msf.org.uk"}
    hosts |= {host.removeprefix("www.") for host in hosts} | {f"www.{host}" for host in hosts}
    body = page.body
    for host in sorted(hosts, key=len, reverse=True):
        for start in (f"https://{host}", f"http://{host}", f"//{host}"):
            body = body.replace(start.encode(), own.encode())
    return body


def look(address: str) -> Proposal:
    """Ask the questions of the product with urllib, and return its proposal."""
    return asyncio.run(propose(ProbedSite(address, _answer)))


async def _answer(url: str) -> Response | Failure:
    return _asked(url)


def _asked(url: str) -> Response | Failure:
    if not url.startswith("http://127.0.0.1:"):
        return Failure(FailureKind.NOT_SENT)
    try:
        with urlopen(url, timeout=10) as answer:
            headers = Headers({"Content-Type": answer.headers.get("Content-Type", "")})
            body = answer.read()
    except (URLError, OSError) as error:
        return Failure.of(FailureKind.OTHER, text=str(error))
    kind = responsetypes.from_args(headers=headers, url=url, body=body)
    return kind(url=url, headers=headers, status=200, body=body)


def is_right(page: SavedPage, proposal: Proposal) -> bool:
    """Say whether a proposal is what a person would take."""
    if not proposal.candidates:
        return page.truth == "none"
    best = proposal.candidates[0]
    if page.truth == "feed":
        path = best.start[0].partition("127.0.0.1:")[2].partition("/")[2]
        return best.protocol == "feed" and f"/{path}" in page.feeds
    # One article or publication: to fetch it as an address by itself is as right as to find nothing.
    return best.protocol == page.truth or (page.truth == "none" and best.protocol == "addresses")


def measure_saved(shared: Path) -> None:
    """Print how many proposals are right, by label, and each that is wrong."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    requests: list[int] = []
    for page in saved_pages(shared):
        with served(page) as address:
            proposal = look(address)
        requests.append(proposal.requests)
        total[page.truth] += 1
        if is_right(page, proposal):
            right[page.truth] += 1
        else:
            best = proposal.candidates[0] if proposal.candidates else None
            said = f"{best.protocol} {urlsplit(best.start[0]).path} ({best.words})" if best else "nothing"
            print(f"  wrong: {page.name} is {page.truth} {' '.join(page.feeds)}; proposed: {said}")
    for truth in total:
        print(f"saved pages, {truth:8} {right[truth]} of {total[truth]} right")
    mean = sum(requests) / len(requests)
    print(
        f"saved pages, all      {right.total()} of {total.total()} right; {mean:.1f} questions each, most {max(requests)}"
    )


def measure_sample() -> None:
    """Print what is proposed for the sample publisher while its better ways are hidden one after the other."""
    right = 0
    hidden: dict[str, Fault] = {}
    cases = 0
    with SamplePublisher() as site, tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        for truth in _SAMPLE_TRUTH:
            for path in ("/", "/publications"):
                if path in hidden:
                    continue
                site.switch(hidden)
                site.forget_requests()
                began = time.perf_counter()
                proposal = look_at(f"{site.url}{path}", settings=settings, allow_private=True, delay_seconds=0.0)
                best = proposal.candidates[0] if proposal.candidates else None
                found = best.protocol if best else "nothing"
                cases += 1
                right += found == truth
                start = best.start[0].removeprefix(site.url) if best else ""
                print(
                    f"sample {path:14} expected {truth:8} proposed {found:8} {start:20} {best.records if best else 0:3} records, "
                    f"{len(site.requests):2} requests, {time.perf_counter() - began:.1f} s"
                )
            hidden |= {path: Fault(FaultKind.NOT_FOUND) for path in _HIDDEN.get(truth, ())}
    print(f"sample publisher      {right} of {cases} right")


def main() -> int:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    parser.add_argument("--sample-only", action="store_true")
    parser.add_argument("--saved-only", action="store_true")
    options = parser.parse_args()
    if not options.saved_only:
        measure_sample()
    if not options.sample_only:
        if not options.shared.is_dir():
            print(f"The shared data is not at {options.shared}; the saved pages were not measured.")
            return 1
        measure_saved(options.shared)
    return 0


if __name__ == "__main__":
    sys.exit(main())
