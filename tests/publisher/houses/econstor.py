"""EconStor: OAI-PMH that is open to all, handles instead of files in its records, and a check for robots on some pages."""

from __future__ import annotations

from html import escape

from corpus.reasons import FailureKind
from tests.publisher.houses.house import House, Kept, robots
from tests.publisher.houses.oai import envelope, error, header, identify, token
from tests.publisher.world import Answer, Asked, moved, pdf

_SITE = "http://www.econstor.eu"
_HANDLE = "http://hdl.handle.net/10419/{}"
_DC = 'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
_ANUBIS = Answer(
    '<!doctype html><html lang="en"><head><title>Making sure you&#39;re not a bot!</title>'
    '<link rel="stylesheet" href="/.within.website/x/xess/xess.min.css"></head><body><main><h1>Making sure you&#39;re not'
    " a bot!</h1><p>" + "This server protects itself against programs that ask for far too much. " * 12 + "</p>"
    '<script id="anubis_challenge" type="application/json">{}</script></main></body></html>'
)


def _record(
    number: int, *, title: str, year: str, rights: str, subjects: tuple[str, ...], creators: tuple[str, ...] = ()
) -> str:
    values = [("creator", each) for each in creators]
    values += [("date", year), ("identifier", f"Discussion Paper No. {number}"), ("identifier", _HANDLE.format(number))]
    values += [("description", f"This paper is about {title.lower()}, with data of two surveys."), ("language", "eng")]
    values += [("publisher", "An Institute of Labour Economics (AIL) Bonn"), ("subject", "ddc:330")]
    values += [("subject", each) for each in subjects]
    values += [
        ("title", title),
        ("type", "doc-type:workingPaper"),
        ("identifier", f"RePEc:ail:dpaper:{number}"),
        ("rights", rights),
    ]
    inner = "".join(f"<dc:{name}>{escape(value)}</dc:{name}>" for name, value in values)
    head = header(f"oai:econstor.eu:10419/{number}", "2025-03-01T00:00:00Z", "ddc:330", "doc-type:workingPaper")
    return f"<record>{head}<metadata><oai_dc:dc {_DC}>{inner}</oai_dc:dc></metadata></record>"


_TERMS = "https://www.econstor.eu/dspace/Nutzungsbedingungen"
_RECORDS = (
    _record(
        900081,
        title="Informal Employment and Trade Shocks",
        year="2021",
        rights=_TERMS,
        subjects=("informal employment", "J46"),
        creators=("Weber, Lena", "Silva, Rui"),
    ),
    _record(900082, title="Bank Runs Revisited", year="2020", rights=_TERMS, subjects=("bank runs",)),
    _record(
        900083,
        title="Street Vending after a Ban",
        year="2023",
        rights="https://creativecommons.org/licenses/by/4.0/",
        subjects=("informal economy",),
    ),
    _record(
        900084, title="Waste Pickers and Recycling Markets", year="2024", rights=_TERMS, subjects=("informal sector",)
    ),
)


def _econstor(asked: Asked) -> Answer | None:
    if asked.path == "/robots.txt":
        return robots("User-agent: *\nDisallow: /discover\nDisallow: /search-filter\n")
    if asked.path == "/oai/request":
        return _oai(asked)
    if asked.path == "/handle/10419/900084":
        return _ANUBIS
    if asked.path.startswith("/handle/10419/"):
        number = asked.path.rpartition("/")[2]
        file = f"{_SITE}/bitstream/10419/{number}/1/dp{number}.pdf"
        head = f'<title>EconStor: Paper {number}</title><meta name="citation_pdf_url" content="{file}">'
        return Answer(
            f'<!DOCTYPE html><html lang="en"><head>{head}</head><body><main><a href="{file}">PDF</a></main></body></html>'
        )
    return pdf(asked.path) if asked.path.startswith("/bitstream/") else None


def _oai(asked: Asked) -> Answer:
    verb, resumed = asked.query.get("verb"), asked.query.get("resumptionToken", "")
    if verb == "Identify":
        return identify("EconStor", f"{_SITE}/oai/request", earliest="2009-01-28T14:13:20Z", deleted="transient")
    if resumed == "lost" or (resumed and not resumed.startswith("oai_dc////")):
        return error("badResumptionToken", "The token is invalid.")
    start = int(resumed.rpartition("/")[2] or 0) if resumed else 0
    shown, end = _RECORDS[start : start + 2], start + 2
    more = token(f"oai_dc////{end}" if end < len(_RECORDS) else "", size=len(_RECORDS))
    return envelope("ListRecords", "".join(shown) + more)


def _handle(asked: Asked) -> Answer | None:
    if asked.path == "/robots.txt":
        return robots("User-agent: *\nDisallow: /api/\n")
    return moved(f"{_SITE}/handle{asked.path}")


HOUSE = House(
    slug="econstor",
    sites={"www.econstor.eu": _econstor, "hdl.handle.net": _handle},
    kept={
        f"{_SITE}/bitstream/10419/900081/1/dp900081.pdf": Kept(
            title="Informal Employment and Trade Shocks",
            authors=("Weber, Lena", "Silva, Rui"),
            publisher="An Institute of Labour Economics (AIL) Bonn",
            published="2021",
            lang="en",
            licence=_TERMS,
            type="working_paper",
            keywords=("informal employment", "J46"),
            has_abstract=True,
        ),
        f"{_SITE}/bitstream/10419/900083/1/dp900083.pdf": Kept(
            title="Street Vending after a Ban",
            publisher="An Institute of Labour Economics (AIL) Bonn",
            published="2023",
            lang="en",
            licence="CC BY 4.0",
            type="working_paper",
            keywords=("informal economy",),
            has_abstract=True,
        ),
    },
    skipped={"not about the subject of the source": 1},
    failures={f"{_SITE}/handle/10419/900084": FailureKind.BOT_CHECK},
    evidence=(
        "a whole record with handle, ddc:330, RePEc and Nutzungsbedingungen: CenterForOpenScience/SHARE"
        " providers/eu/econstor/__init__.py",
        "Identify (granularity, transient deletions, since 2009), 100 sets of ddc:* and doc-type:* only, tokens with"
        " completeListSize, web pages behind Anubis: probed 2026-09-01 (archive notes on RePEc and EconStor, file 68433669584)",
        "/bitstream/10419/N/1/NAME.pdf: ten public citations (files 42931201947, 55085309682, 57393087612 ...)",
        "Anubis challenges only agents that call themselves Mozilla or Opera, unless a site says otherwise: TecharoHQ/anubis"
        " data/botPolicies.yaml",
    ),
)
