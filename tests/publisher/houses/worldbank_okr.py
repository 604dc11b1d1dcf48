"""World Bank Open Knowledge Repository: DSpace 7 whose robots.txt has closed both lists since 2026-09-07 at the latest."""

from __future__ import annotations

from pathlib import Path

from corpus.reasons import FailureKind
from crawler.sources.load import read_source
from tests.publisher.houses.dspace import DEFAULT_ROBOTS, Dspace, Item, content
from tests.publisher.houses.house import House, Kept

_HOST = "openknowledge.worldbank.org"
_CLOSED = DEFAULT_ROBOTS + (
    "Allow: /server/api/core/bitstreams/\nDisallow: /server/api/\nDisallow: /server/oai/\nCrawl-delay: 0.05\n"
)
_ITEMS = (
    Item(
        41,
        {
            "dc.title": "Why Firms Stay Small: Informality in Four Cities",
            "dc.contributor.author": ["Okafor, Chidi", "Mensah, Abena"],
            "dc.date.accessioned": "2014-08-01T17:03:45Z",
            "dc.date.issued": "2014-06",
            "dc.language.iso": "en_US",
            "dc.publisher": "World Bank, Washington, DC",
            "dc.rights": "CC BY 3.0 IGO",
            "dc.rights.uri": "http://creativecommons.org/licenses/by/3.0/igo",
            "dc.type": ["Working Paper", "Document de travail", "Documento de trabajo"],
            "dc.identifier.uri": "https://hdl.handle.net/10986/90041",
            "dc.identifier.doi": "10.1596/1813-9450-9041",
            "dc.relation.ispartofseries": "Policy Research Working Paper;No. 9041",
            "okr.region.country": "Ghana",
            "dc.subject": ["INFORMAL FIRMS", "PRODUCTIVITY"],
        },
        files=("WPS9041.pdf", "WPS9041.txt"),
    ),
)
_START = read_source(Path(__file__).parents[3] / "crawler" / "sources" / "builtin" / "worldbank-okr.toml").start
_EVIDENCE = (
    "robots.txt: Disallow /server/api/ and /server/oai/, Allow /server/api/core/bitstreams/, Crawl-delay 10: probed 2026-09-07"
    " (library-pipeline world-bank-okr.ts, file 65953872990); the rules are those of DSpace/dspace-angular#4481",
    "PDF and text in ORIGINAL, spellings of the licence, dc.date of entry before that of issue: same file;"
    " search, bundles and content: probed 2026-10-03 (io-report-libraries.md, file 71365529729)",
)


def _first_of(start: str) -> str:
    """Return the address of the first answer of a list."""
    more = "&dsoType=item&size=20&sort=dc.date.accessioned,ASC&embed=bundles/bitstreams"
    return start.replace("https://", "http://") + more


HOUSE = House(
    slug="worldbank-okr",
    sites={_HOST: Dspace(_HOST, _ITEMS, robots=_CLOSED)},
    kept={},
    failures={_first_of(start): FailureKind.REFUSED_BY_ROBOTS for start in _START},
    crawl_delay=10.0,
    state="broken",
    evidence=_EVIDENCE,
)

IF_ALLOWED = House(
    slug="worldbank-okr",
    sites={_HOST: Dspace(_HOST, _ITEMS, robots=DEFAULT_ROBOTS)},
    kept={
        content(_HOST, 41): Kept(
            title="Why Firms Stay Small: Informality in Four Cities",
            authors=("Okafor, Chidi", "Mensah, Abena"),
            publisher="World Bank, Washington, DC",
            published="2014-06",
            lang="en",
            licence="CC BY 3.0 IGO",
            type="working_paper",
            series="Policy Research Working Paper, No. 9041",
            doi="10.1596/1813-9450-9041",
            keywords=("INFORMAL FIRMS", "PRODUCTIVITY"),
            country="Ghana",
        )
    },
    skipped={"kind: text": 3},
    evidence=_EVIDENCE,
)
