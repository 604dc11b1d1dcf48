"""Domain values to rows and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from corpus.origins import origin_of
from corpus.reasons import Failure, failure_from_json, failure_to_json, skips_from_json, skips_to_json
from corpus.run_reasons import Note, Verdict
from corpus.runs import HarvestRun, RunFailure, RunState
from corpus.tag_rules import rule_of
from corpus.types import (
    Document,
    Evidence,
    Facet,
    FetchedFile,
    FieldEvidence,
    Outcome,
    Page,
    Reading,
    Source,
    Tag,
    TagEvidence,
    ranges_from,
)
from corpus.urls import canonical_url


def evidence_to_json(evidence: FieldEvidence) -> dict[str, list[list[str]]]:
    """Return evidence as JSON: field -> [[value, origin], ...]."""
    return {name: [[each.value, str(each.origin)] for each in offered] for name, offered in evidence.items() if offered}


def evidence_from_json(stored: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, tuple[Evidence, ...]]:
    """Undo `evidence_to_json`."""
    return {
        name: tuple(Evidence(value, origin_of(origin)) for value, origin in offered) for name, offered in stored.items()
    }


def source_from(row: RowMapping) -> Source:
    """Return the source of a row."""
    values = {name: value for name, value in row.items() if name != "removed_at"}
    return Source(**{**values, "languages": tuple(row["languages"])})


def source_values(source: Source) -> dict[str, Any]:
    """Return the columns of a source."""
    return asdict(source) | {"languages": list(source.languages)}


_FETCHED = (
    "source",
    "url",
    "sha256",
    "size",
    "content_type",
    "fetched_at",
    "landing_url",
    "referrer",
    "status",
    "etag",
    "last_modified",
    "record",
    "gone_at",
)


def fetched_from(row: RowMapping) -> FetchedFile:
    """Return the fetched file of a row."""
    return FetchedFile(
        **{name: row[name] for name in _FETCHED},
        evidence=evidence_from_json(row["evidence"]),
        gone_reason=failure_from_json(row["gone_failure"]),
    )


def fetched_values(fetched: FetchedFile) -> dict[str, Any]:
    """Return the columns that a sighting of a file sets."""
    keys = {"key": canonical_url(fetched.url), "landing_key": canonical_url(fetched.landing_url)}
    stored = {"evidence": evidence_to_json(fetched.evidence), "gone_failure": failure_to_json(fetched.gone_reason)}
    return {name: getattr(fetched, name) for name in _FETCHED} | keys | stored


def reading_from(row: RowMapping, pages: tuple[Page, ...] = ()) -> Reading:
    """Return the reading of a row."""
    return Reading(
        sha256=row["sha256"],
        outcome=Outcome(row["outcome"]),
        reason=failure_from_json(row["failure"]),
        pages=pages,
        page_total=row["page_total"],
        engine=row["engine"],
        seconds=row["seconds"],
        evidence=evidence_from_json(row["evidence"]),
        page_engines={name: ranges_from(ranges) for name, ranges in (row["page_engines"] or {}).items()},
        unreadable_pages=ranges_from(row["unreadable_pages"] or ()),
    )


def reading_values(reading: Reading, reader_version: str) -> dict[str, Any]:
    """Return the columns of a reading; its pages have rows of their own."""
    return {
        "sha256": reading.sha256,
        "outcome": reading.outcome.value,
        "failure": failure_to_json(reading.reason),
        "page_count": len(reading.pages),
        "page_total": max(reading.page_total, len(reading.pages)),
        "engine": reading.engine,
        "seconds": reading.seconds,
        "evidence": evidence_to_json(reading.evidence),
        "reader_version": reader_version,
        "page_engines": {name: list(map(list, ranges)) for name, ranges in reading.page_engines.items()} or None,
        "unreadable_pages": list(map(list, reading.unreadable_pages)) or None,
    }


_DOCUMENT = (
    "id", "source", "url", "landing_url", "sha256", "title", "publisher", "published", "lang", "abstract", "type",
    "content_type", "licence", "page_count", "is_sample",
)  # fmt: skip


def document_from(row: RowMapping | Mapping[str, Any], *, tags: tuple[Tag, ...], pages: tuple[Page, ...]) -> Document:
    """Return the document of a row with its tags and pages."""
    return Document(
        **{name: row[name] for name in (*_DOCUMENT, "work", "fold", "copies")},
        first_seen=row["first_seen"],
        first_sequence=row["first_sequence"],
        authors=tuple(row["authors"]),
        identifiers=dict(row["identifiers"]),
        evidence=evidence_from_json(row["evidence"]),
        tags=tags,
        pages=pages,
        back_matter=tuple(row["back_matter"] or ()),
    )


def document_values(document: Document, tagger_version: str) -> dict[str, Any]:
    """Return the columns of a document that a later save may change.

    Not first_seen and first_sequence, which stay, nor the groups that it is in, which follow from relations.
    """
    return {name: getattr(document, name) for name in _DOCUMENT} | {
        "authors": list(document.authors),
        "identifiers": dict(document.identifiers),
        "evidence": evidence_to_json(document.evidence),
        "tagger_version": tagger_version,
        "back_matter": list(document.back_matter),
    }


def tag_from(row: RowMapping) -> Tag:
    """Return the tag of a row."""
    return Tag(
        facet=Facet(row["facet"]),
        concept=row["concept"],
        weight=row["weight"],
        about=row["about"],
        primary=row["is_primary"],
        count=row["count"],
        evidence=tuple(
            TagEvidence(page, sentence, words, rule_of(*rule)) for page, sentence, words, *rule in row["evidence"]
        ),
        places=tuple((page, places) for page, places in row["places"] or ()),
    )


def _evidence_values(evidence: TagEvidence) -> list[Any]:
    """Return a place that indicates a tag as JSON: page, sentence, words, and of the rule kind, text and zone."""
    rule = evidence.rule
    return [evidence.page, evidence.sentence, evidence.words, rule.kind.value, rule.text, rule.zone or ""]


def tag_values(document_id: str, tag: Tag) -> dict[str, Any]:
    """Return the columns of a tag."""
    return {
        "document_id": document_id,
        "facet": tag.facet.value,
        "concept": tag.concept,
        "weight": tag.weight,
        "about": tag.about,
        "is_primary": tag.primary,
        "count": tag.count,
        "evidence": [_evidence_values(each) for each in tag.evidence],
        "places": [list(each) for each in tag.places],
    }


def run_values(run: HarvestRun) -> dict[str, Any]:
    """Return the columns of a run: what is requested by name, and the rest as a report."""
    report = asdict(replace(run, failures=(), skipped_by={}, notes=(), verdict=Verdict.told("")))
    report["started"], report["ended"] = run.started.isoformat(), run.ended.isoformat()
    report["since"] = run.since.isoformat() if run.since else None
    report["failures"] = [[each.url, each.reason.to_json(), each.referrer] for each in run.failures]
    report["skipped_by"] = skips_to_json(run.skipped_by)
    report["verdict"] = run.verdict.to_json()
    report["notes"] = [each.to_json() for each in run.notes]
    return {"source": run.source, "started": run.started, "report": report}


def run_from(row: RowMapping) -> HarvestRun:
    """Return the run of a row."""
    report = dict(row["report"])
    report["started"], report["ended"] = (datetime.fromisoformat(report[name]) for name in ("started", "ended"))
    report["since"] = datetime.fromisoformat(report["since"]) if report.get("since") else None
    report["state"] = RunState(report["state"])
    report["failures"] = tuple(
        RunFailure(url, Failure.from_json(reason), referrer) for url, reason, referrer in report["failures"]
    )
    report["skipped_by"] = skips_from_json(report.get("skipped_by", ()))
    report["verdict"] = Verdict.from_json(report["verdict"])
    report["notes"] = tuple(map(Note.from_json, report.get("notes", ())))
    return HarvestRun(**report)
