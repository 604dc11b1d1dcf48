"""What Pushcart's readers make of saved feeds, OAI-PMH answers, listings and robots files, and what each failure is.

    python -m benchmarks.saved_harvest ../shared/data/harvest [--names 5]

Beside them, in the same run: feedparser alone for feeds (entries that have a link), every `a[href]` for listings, and
robots.txt as Python's own urllib.robotparser reads it. A failure is grouped by its reason, with the names of the files.
"""

from __future__ import annotations

import argparse
import re
import time
import urllib.robotparser
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import feedparser
from lxml import etree
from protego import Protego
from scrapy.http import HtmlResponse

from corpus.messages.reasons import reason_in_words
from corpus.messages.runs import note_in_words
from corpus.messages.skips import skips_in_words
from crawler.items import ListPage
from crawler.net.robots import ROBOTS_AGENT
from crawler.pages.publication_files import choose_files
from crawler.sources.model import FileRules
from crawler.sources.rules import FeedRules, ListingRules
from crawler.spiders.feed.parse import read_feed
from crawler.spiders.listing.parse import read_listing
from crawler.spiders.oai.parse import read_answer

_ADDRESS = "https://publisher.example/feed"

PUBLICATIONS = {
    "gov_1": r"/government/publications/",
    "gov_2": r"/government/publications/prevention-concordat-[^/]+/",
    "gov_3": r"/file/\d+/[^/]+\.pdf$",
    "msf_1": r"(?i)(?:report|dispatches)[^/]*\.pdf$",
    "nice_1": r"/guidance/cg110$",
    "nice_2": r"-pdf-\d+$",
    "parliament_1": r"/written-question/",
    "parliament_2": r"data\.pdf$",
    "unicef_1": r"/resources/including-everyone",
    "unicef_2": r"youthpoll\.pdf$",
    "who_1": r"/2\.html$",
    "who_2": r"EP-68\.2-eng\.pdf|foo\.pdf",
}
"""Which links of each saved page lead to a publication, as a person who read all twelve pages marked them."""
ADDRESSES = {
    "gov": "https://www.gov.uk/government/publications",
    "msf": "https://www.msf.org.uk/activity-reports",
    "nice": "https://www.nice.org.uk/Search",
    "parliament": "https://search3.parliament.uk/search",
    "unicef": "https://data.unicef.org/resources/resource-type/publications/",
    "who": "https://apps.who.int/iris/discover",
}
"""Where the pages stood: links to other sites count less, so the site matters."""
LANDING_PAGES = ("gov_2", "gov_3", "nice_2", "parliament_2", "unicef_2", "who_2")
"""Of the saved pages, those that describe one publication: of these the files are chosen."""

FILE_HOSTS = ("assets.publishing.service.gov.uk",)
"""What a source file for these publishers would give as `hosts` in `[files]`."""


@dataclass
class Outcome:
    """What was read of one kind of saved answer."""

    files: int = 0
    read: int = 0
    records: int = 0
    links: int = 0
    seconds: float = 0.0
    failures: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Reason in words -> names of files."""

    def fail(self, reason: str, *, name: str) -> None:
        """Note that a file was not read, and why."""
        self.failures[reason].append(name)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="with feeds, oai, listing-pages and robots in it")
    parser.add_argument("--names", type=int, default=5, help="how many files of each failure are named; 0: all")
    options = parser.parse_args()
    print(f"{'':<34}{'files':>7}{'read':>7}{'records':>9}{'links':>8}{'seconds':>9}")
    for name, measure in (("feeds", feeds), ("oai", oai), ("listing-pages", listings), ("robots", robots)):
        paths = sorted(path for path in (options.folder / name).rglob("*") if path.is_file())
        for title, outcome in measure(paths, root=options.folder / name):
            _print(title, outcome, names=options.names)


def feeds(paths: list[Path], *, root: Path) -> Iterable[tuple[str, Outcome]]:
    """Read every feed with Pushcart and with feedparser alone."""
    yield "feeds: Pushcart", _timed(paths, lambda path, outcome: _feed(path, outcome, root=root))
    alone = _timed(paths, _feed_alone)
    yield "feeds: feedparser alone", alone
    with_link = [path for path in paths if _has_a_link(path)]
    linked = _timed(with_link, lambda path, outcome: _feed(path, outcome, root=root))
    yield "feeds in whose text an entry has a link", linked


def _feed(path: Path, outcome: Outcome, *, root: Path) -> None:
    found = read_feed(path.read_bytes(), FeedRules(), url=_ADDRESS)
    name = str(path.relative_to(root))
    outcome.links += len(found.links)
    outcome.records += _records(found)
    outcome.read += bool(found.links)
    if not found.links:
        words = reason_in_words(found.trouble) or (note_in_words(found.note) if found.note else "")
        fault = " (not well formed)" if "well formed" in words else ""
        reasons = sorted(skips_in_words(found.skipped)) or [
            "neither RSS nor Atom" if "neither" in words else "no entry in it"
        ]
        outcome.fail(f"{reasons[0]}{fault}", name=name)


def _records(found: ListPage) -> int:
    return found.records if found.records is not None else len(found.links) + sum(found.skipped.values())


def _feed_alone(path: Path, outcome: Outcome) -> None:
    parsed = feedparser.parse(path.read_bytes(), response_headers={"content-location": _ADDRESS})
    links = [link for entry in parsed.entries if (link := entry.get("link"))]
    outcome.records += len(parsed.entries)
    outcome.links += len(set(links))
    outcome.read += bool(links)
    if not links:
        outcome.fail("no entry has a link" if parsed.entries else "no entry", name=path.name)


def _has_a_link(path: Path) -> bool:
    """Say whether a feed's own text gives an entry of it a link, by a reading that knows no feed library."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        tree = etree.fromstring(path.read_bytes(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return False
    entries = "//*[local-name()='item' or local-name()='entry' or local-name()='ITEM']"
    links = (
        f"{entries}/*[local-name()='link'][not(@rel) or @rel='alternate'][normalize-space(.) or @href]"
        f" | {entries}/@HREF | {entries}/@*[local-name()='about'] | {entries}/*[local-name()='id'][starts-with(., 'http')]"
        f" | {entries}/*[local-name()='guid'][not(@isPermaLink) or @isPermaLink='true'][starts-with(., 'http')]"
    )
    return tree is not None and bool(tree.xpath(links))


def oai(paths: list[Path], *, root: Path) -> Iterable[tuple[str, Outcome]]:
    """Read every OAI-PMH answer."""
    yield "OAI-PMH: Pushcart", _timed(paths, _oai)


def _oai(path: Path, outcome: Outcome) -> None:
    answer = read_answer(path.read_bytes(), base="https://publisher.example/oai")
    described = [record.description for record in answer.records if record.description is not None]
    outcome.records += len(answer.records)
    outcome.links += sum(bool(each.page or each.files) for each in described)
    outcome.read += not (answer.trouble or answer.fault or answer.is_cut)
    for reason in (reason_in_words(answer.trouble), answer.fault):
        if reason:
            outcome.fail(reason, name=path.name)
    for error in answer.errors:
        outcome.fail(f"the repository itself names an error: {error}", name=path.name)


def listings(paths: list[Path], *, root: Path) -> Iterable[tuple[str, Outcome]]:
    """Read every listing and landing page without a rule for it, and compare with what a person marked."""
    for title, links_of in (
        ("Pushcart, no rules", _links_of_pushcart),
        ("Pushcart, hosts of files given", partial(_links_of_pushcart, hosts=FILE_HOSTS)),
        ("every a[href]", _every_link),
    ):
        outcome = Outcome()
        true = marked = 0
        began = time.perf_counter()
        for path in paths:
            response = HtmlResponse(url=ADDRESSES[path.stem.split("_")[0]], body=path.read_bytes())
            wanted = {link for link in _every_link(response, path.stem) if re.search(PUBLICATIONS[path.stem], link)}
            links = links_of(response, path.stem)
            outcome.files += 1
            outcome.records += len(wanted & links)
            outcome.links += len(links)
            outcome.read += wanted <= links
            true, marked = true + len(wanted & links), marked + len(wanted)
            for missing in sorted(wanted - links):
                outcome.fail(f"publication not found: {missing}", name=path.name)
        outcome.seconds = time.perf_counter() - began
        shares = f"{true / max(outcome.links, 1):.2f} of them publications; {true} of {marked} publications found"
        yield f"pages: {title}", outcome
        print(f"{'':<8}{shares}")


def _links_of_pushcart(response: HtmlResponse, name: str, *, hosts: tuple[str, ...] = ()) -> set[str]:
    if name in LANDING_PAGES:
        return {lead.url for lead in choose_files(response, FileRules(hosts=hosts)).links}
    return {lead.url for lead in read_listing(response, ListingRules()).links}


def _every_link(response: HtmlResponse, _name: str) -> set[str]:
    return {response.urljoin(href.strip()) for href in response.xpath("//a/@href").getall()}


def robots(paths: list[Path], *, root: Path) -> Iterable[tuple[str, Outcome]]:
    """Read every robots.txt as Scrapy does, and as Python's own reader."""
    yield "robots: Protego, as Scrapy", _timed(paths, _robots)
    yield "robots: urllib.robotparser", _timed(paths, _robots_of_python)


def _robots(path: Path, outcome: Outcome) -> None:
    body = path.read_bytes()
    # As scrapy.robotstxt.ProtegoRobotParser decodes it.
    parsed = Protego.parse(body.decode("utf-8", errors="ignore"))
    rules = re.findall(rb"(?im)^[ \t]*(?:dis)?allow[ \t]*:", body)
    outcome.links += len(list(parsed.sitemaps))
    outcome.records += len(rules)
    outcome.read += 1
    for reason, is_so in (
        ("empty", not body.strip()),
        ("a web page instead of robots.txt", bool(re.match(rb"\s*<", body))),
        ("no UTF-8; undecodable bytes are left out", not _is_utf8(body)),
        ("forbids our agent the whole site", not parsed.can_fetch(f"https://{path.name}/", ROBOTS_AGENT)),
        ("asks for a delay between requests", parsed.crawl_delay(ROBOTS_AGENT) is not None),
    ):
        if is_so:
            outcome.fail(reason, name=path.name)


def _robots_of_python(path: Path, outcome: Outcome) -> None:
    parser = urllib.robotparser.RobotFileParser()
    try:
        parser.parse(path.read_bytes().decode("utf-8").splitlines())
    except UnicodeDecodeError as error:
        outcome.fail(error.reason, name=path.name)
        return
    outcome.read += 1
    outcome.links += len(parser.site_maps() or ())
    groups = [*parser.entries, *filter(None, (parser.default_entry,))]  # type: ignore[attr-defined]
    outcome.records += sum(len(group.rulelines) for group in groups)
    if not parser.can_fetch(ROBOTS_AGENT, f"https://{path.name}/"):
        outcome.fail("forbids our agent the whole site", name=path.name)
    if parser.crawl_delay(ROBOTS_AGENT) is not None:
        outcome.fail("asks for a delay between requests", name=path.name)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _timed(paths: list[Path], read: Callable[[Path, Outcome], None]) -> Outcome:
    outcome = Outcome(files=len(paths))
    began = time.perf_counter()
    for path in paths:
        try:
            read(path, outcome)
        except Exception as error:  # what is measured here is that none comes
            outcome.fail(f"RAISED {type(error).__name__}: {error}", name=path.name)
    outcome.seconds = time.perf_counter() - began
    return outcome


def _print(title: str, outcome: Outcome, *, names: int) -> None:
    print(
        f"{title:<34}{outcome.files:>7}{outcome.read:>7}{outcome.records:>9}{outcome.links:>8}{outcome.seconds:>9.2f}"
    )
    for reason, files in sorted(outcome.failures.items(), key=lambda each: -len(each[1])):
        shown = files if not names else files[:names]
        more = f" and {len(files) - len(shown)} more" if len(files) > len(shown) else ""
        print(f"    {len(files):>5}  {reason}: {', '.join(shown)}{more}")


if __name__ == "__main__":
    main()
