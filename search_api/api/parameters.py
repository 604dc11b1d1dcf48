"""The parameters of a search, as the description of the API shows them. They are read by SearchQuery.from_parameters,
which says what is wrong in words; so FastAPI is notified of them only here."""

from __future__ import annotations

from typing import Any

from search_api.answers.export.formats import ExportFormat
from search_api.query.parameters import (
    DOCUMENT_TYPES,
    LIMIT_DEFAULT,
    LIMIT_MAX,
    NEAR_DEFAULT,
    NEAR_MAX,
    PUBLISHER_CHARACTERS_MAX,
    VALUES_MAX,
    Sort,
)

_REPEATED: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "country": (
        "Countries, by ISO 3166-1 code or name (PER, DRC, Peru). Several are alternatives.",
        {"type": "string"},
        ["PER"],
    ),
    "region": ("Regions: a name, UN M49, or `wb:SSA`, `ilo:africa`, `income:low`.", {"type": "string"}, ["419"]),
    "sector": ("Sectors; narrower ones are included.", {"type": "string"}, ["retail_street_trade"]),
    "group": ("Worker groups; narrower ones are included.", {"type": "string"}, ["street_vendors"]),
    "topic": ("Topics; narrower ones are included.", {"type": "string"}, ["social_protection"]),
    "lang": ("Languages, ISO 639-1, or `und`.", {"type": "string", "pattern": "^([A-Za-z]{2}|und)$"}, ["es"]),
    "source": ("Slugs of sources.", {"type": "string"}, ["sample"]),
    "type": ("Types of document.", {"type": "string", "enum": list(DOCUMENT_TYPES)}, ["report"]),
    "publisher": (
        "Publishers, by their full names as shown on documents.",
        {"type": "string", "maxLength": PUBLISHER_CHARACTERS_MAX},
        ["WIEGO"],
    ),
}


def search_parameters(*, characters_max: int) -> list[dict[str, Any]]:
    """Return the parameters of GET /search for OpenAPI."""
    return [
        _one(
            "q",
            'Words, "phrases", OR, -not, (groups), title:word, year:2010..2020, begin*, near~ ; empty: every document.',
            {"type": "string", "maxLength": characters_max},
            example="street vendors",
        ),
        *(_many(name, text, schema, example=example) for name, (text, schema, example) in _REPEATED.items()),
        _one(
            "year",
            "Year of publication, or a range: `2015`, `2010..2020`, `2018..`, `..2012`.",
            {"type": "string", "pattern": r"^([0-9]{4}|[0-9]{4}\.\.[0-9]{4}|[0-9]{4}\.\.|\.\.[0-9]{4})$"},
            example="2010..2020",
        ),
        _one(
            "about",
            "true: filters and counts use what documents are about; false: also what they only mention.",
            {"type": "boolean", "default": True},
        ),
        _many(
            "off",
            "Recognised concepts that are searched for as plain words only.",
            {"type": "string", "pattern": "^(country|region|sector|group|topic):[A-Za-z0-9_:.-]{1,64}$"},
            example=["group:street_vendors"],
        ),
        _one("strict", "true: every word exactly as written, without other forms and names.", _BOOLEAN),
        _one(
            "near",
            "Maximum number of partial matches beside the full matches; on the first page only.",
            {"type": "integer", "minimum": 0, "maximum": NEAR_MAX, "default": NEAR_DEFAULT},
        ),
        _one("sort", "Order of hits; ties go by id.", {"type": "string", "enum": list(Sort), "default": "relevance"}),
        _one(
            "limit",
            "Hits wanted.",
            {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT_DEFAULT},
        ),
        _one("cursor", "`next` of the previous answer.", {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,400}$"}),
    ]


def export_parameters(*, characters_max: int) -> list[dict[str, Any]]:
    """Return the parameters of GET /search/export for OpenAPI: those of a search that say what is found and in which order."""
    described = [each for each in search_parameters(characters_max=characters_max) if each["name"] not in _OF_ONE_PAGE]
    kinds = {"type": "string", "enum": list(ExportFormat)}
    return [_one("format", "Of the file.", kinds, example="ris") | {"required": True}, *described]


_OF_ONE_PAGE = ("near", "limit", "cursor")
_BOOLEAN: dict[str, Any] = {"type": "boolean", "default": False}


def _one(name: str, description: str, schema: dict[str, Any], *, example: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"name": name, "in": "query", "description": description, "schema": schema}
    if example is not None:
        found["example"] = example
    return found


def _many(name: str, description: str, schema: dict[str, Any], *, example: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": {"type": "array", "items": schema, "maxItems": VALUES_MAX},
        "style": "form",
        "explode": True,
        "example": example,
    }
