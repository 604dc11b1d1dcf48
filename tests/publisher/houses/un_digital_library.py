"""UN Digital Library: Invenio's OAI-PMH with MARC, which gives out a month at a time and refuses longer spans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from xml.sax.saxutils import escape

from tests.publisher.houses.house import House, Kept, robots
from tests.publisher.houses.oai import envelope, error, header, identify, token
from tests.publisher.world import Answer, Asked, pdf

_HOST = "digitallibrary.un.org"
_BASE = f"http://{_HOST}/oai2d"
_Fields = Mapping[str, str | tuple[str, ...]]


def _file(record: int, name: str) -> str:
    return f"http://{_HOST}/record/{record}/files/{name}"


def _marc(fields: _Fields) -> str:
    """Return a record. Keys are a tag and its subfields, as `245ab`, whose values a bar parts; each value is a field."""
    parts = []
    for key, given in fields.items():
        for value in (given,) if isinstance(given, str) else given:
            pairs = zip(key[3:], value.split(" | "), strict=True)
            inner = "".join(f'<marc:subfield code="{code}">{escape(each)}</marc:subfield>' for code, each in pairs)
            parts.append(f'<marc:datafield tag="{key[:3]}" ind1=" " ind2=" ">{inner}</marc:datafield>')
    return f'<marc:record xmlns:marc="http://www.loc.gov/MARC21/slim">{"".join(parts)}</marc:record>'


_RECORDS: tuple[tuple[int, str, _Fields], ...] = (
    (
        900071,
        "2026-02-03T04:05:06Z",
        {
            "041a": "eng",
            "191a": "A/99/71",
            "245ab": "Street trade and the right to the city : | report of the Secretary-General",
            "260b": "UN,",
            "269a": "2026-01-15",
            "650a": ("INFORMAL SECTOR", "URBAN POLICY"),
            "710a": "UN. Secretary-General",
            "856u": (
                _file(900071, "A_99_71-AR.pdf"),
                _file(900071, "A_99_71-EN.pdf"),
                _file(900071, "A_99_71-ES.pdf"),
                _file(900071, "A_99_71-EN.docx"),
            ),
        },
    ),
    (
        900072,
        "2026-02-20T00:00:00Z",
        {"245a": "Letter on fisheries", "650a": "FISHERIES", "856u": _file(900072, "L-EN.pdf")},
    ),
    (
        900073,
        f"{date.today():%Y-%m-%d}T00:00:00Z",
        {
            "245a": "Domestic workers : note",
            "269a": "2025",
            "650a": "DOMESTIC WORKERS",
            "856u": _file(900073, "N-EN.pdf"),
        },
    ),
)


def _site(asked: Asked) -> Answer | None:
    if asked.path == "/robots.txt":
        return robots("User-agent: *\nDisallow: /search\nDisallow: /rss\nCrawl-delay: 0.025\n")
    if asked.path == "/search":
        return Answer(status=202, headers={"x-amzn-waf-action": "challenge"})
    if asked.path.startswith("/record/"):
        return pdf(asked.path)
    return _oai(asked) if asked.path == "/oai2d" else None


def _oai(asked: Asked) -> Answer:
    verb, since, until = asked.query.get("verb"), asked.query.get("from", ""), asked.query.get("until", "")
    if verb == "Identify":
        return identify("United Nations Digital Library", _BASE, earliest="2026-01-01T00:00:00Z", deleted="transient")
    if verb == "ListMetadataFormats":
        formats = {"oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/", "marcxml": "http://www.loc.gov/MARC21/slim"}
        each = "<metadataFormat><metadataPrefix>{}</metadataPrefix><metadataNamespace>{}</metadataNamespace></metadataFormat>"
        return envelope(verb, "".join(each.format(*pair) for pair in formats.items()))
    if resumed := asked.query.get("resumptionToken"):
        since, until, start = resumed.split("/")
    else:
        start = "0"
        if not until:
            return Answer("<h1>Service Unavailable</h1>", status=503, headers={"Retry-After": "1"})
    found = [each for each in _RECORDS if since <= each[1][:10] <= until[:10]]
    if not found:
        return error("noRecordsMatch", "no records match")
    shown, rest = found[int(start)], found[int(start) + 1 :]
    number, at, fields = shown
    record = f"<record>{header(f'oai:{_HOST}:{number}', at)}<metadata>{_marc(fields)}</metadata></record>"
    more = token(f"{since}/{until}/{int(start) + 1}", expires="2026-12-31T00:00:00Z") if rest else ""
    return envelope("ListRecords", record + more)


_REPORT = Kept(
    title="Street trade and the right to the city : report of the Secretary-General",
    authors=("UN. Secretary-General",),
    publisher="UN",
    published="2026-01-15",
    lang="en",
    type="report",
    keywords=("INFORMAL SECTOR", "URBAN POLICY"),
)

HOUSE = House(
    slug="un-digital-library",
    sites={_HOST: _site},
    kept={
        _file(900071, "A_99_71-EN.pdf"): _REPORT,
        _file(900071, "A_99_71-ES.pdf"): replace(_REPORT, lang="es"),
        _file(900073, "N-EN.pdf"): Kept(
            title="Domestic workers : note", published="2025", lang="en", keywords=("DOMESTIC WORKERS",)
        ),
    },
    skipped={"kind: word": 1, "address denied": 1, "not about the subject of the source": 1},
    crawl_delay=5.0,
    evidence=(
        "oai2d with marcxml and oai_dc, bounded windows, noRecordsMatch for empty ones, /search 202 without a body:"
        " probed 2026-10-03 (io-report-libraries.md, file 71365529729)",
        "a span without `until` or of many months answers 503, Retry-After 1 or 2, months work: two public harvesters"
        " (un_library.py, file 54831626742; Tideline, file 63282784901)",
        "robots.txt: Disallow /rss and /search, Crawl-delay 5: Tideline, file 63282784901",
        "MARC fields 191, 245, 269, 520, 650, 856 u with names that end in -EN.pdf: both harvesters, checked on live records",
    ),
)
