"""The body of a search report. It is the report itself, and the checklist beside it; names here stay, new ones may be added."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from corpus.messages import gettext
from search_api.answers.prisma import ITEMS, SOURCE
from search_api.answers.report import ReportedSearch
from search_api.answers.report_text import address_of

_EXAMPLE: dict[str, Any] = {
    "report": {
        "at": "2026-11-30T09:41:07Z",
        "lang": "en",
        "site": "https://pushcart.example",
        "text": "street vendors",
        "in_words": "street vendors",
        "total": 120,
        "pushcart": "0.1.0",
        "engine": "tantivy 0.27.0",
        "sequence": 35210,
        "vocabulary": "874f12f40feb",
        "parameters": [["q", "street vendors"], ["country", "PER"]],
        "filters": [{"name": "country", "values": ["PER"], "labels": ["Peru"]}],
        "sources": [{"value": "wiego", "label": "WIEGO", "count": 120}],
    },
    "address": "https://pushcart.example/search?q=street+vendors&country=PER",
    "prisma_s": [
        {"number": 13, "name": "Dates of searches", "answered_by": "report", "words": "Day and time, in UTC."}
    ],
    "checklist": "Rethlefsen et al. 2021, doi:10.1186/s13643-020-01542-z",
}


class PrismaItemBody(BaseModel):
    """An item of the checklist PRISMA-S."""

    number: int = Field(description="1 to 16")
    name: str
    answered_by: str = Field(description="report, both, or researcher: who searched has to add it")
    words: str


class SearchReportBody(BaseModel):
    """How a search was made and what it found."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    report: ReportedSearch
    address: str = Field(description="repeats the search")
    prisma_s: list[PrismaItemBody]
    checklist: str = Field(description="where the checklist was published")


_REPORT = TypeAdapter(ReportedSearch)


def report_body(report: ReportedSearch, *, lang: str = "en") -> dict[str, Any]:
    """Return the values of a SearchReportBody."""
    return {
        "report": asdict(report),
        "address": address_of(report),
        "prisma_s": [
            {
                "number": each.number,
                "name": gettext(each.name, lang=lang),
                "answered_by": str(each.answered_by),
                "words": gettext(each.words, lang=lang),
            }
            for each in ITEMS
        ],
        "checklist": SOURCE,
    }


def kept_report(stored: bytes) -> ReportedSearch | None:
    """Return the report that was kept with a frozen search; None: another version of Pushcart wrote it in another form."""
    try:
        return _REPORT.validate_json(stored)
    except ValidationError:
        return None
