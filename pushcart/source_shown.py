"""Show a person what a trial of a source saw, field by field with its evidence, and what a check of source files found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rich.markup import escape

from corpus.messages import gettext, ngettext
from corpus.messages.formats import grouped
from corpus.messages.reasons import reason_in_words
from corpus.messages.runs import note_in_words
from corpus.messages.skips import skips_in_words
from corpus.metadata import disagreements
from corpus.reasons import Skip
from corpus.types import Evidence, FieldEvidence
from crawler.sources.check import CheckedFile
from crawler.sources.load import Weight
from crawler.trial import TrialRecord, TrialReport
from nlp.metadata import Chosen, choose_metadata
from pushcart.console import note, out
from pushcart.verification import State, Verification

_FIELDS = (
    "title", "author", "publisher", "date", "series", "doi", "isbn", "issn", "lang", "type", "licence", "country",
    "keyword", "abstract",
)  # fmt: skip
_VALUE_CHARACTERS = 160
"""Longer values are cut on the terminal; --json has them whole."""
_VALUES_SHOWN = 4
"""Of a field that has more, the rest is counted."""


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field of a record as a document would have it, and everything that was offered for it."""

    name: str
    chosen: tuple[str, ...]
    """What the document would show; empty when nothing that was offered can be used, or nothing is chosen of this field."""
    evidence: tuple[Evidence, ...]
    """The chosen first."""
    disagrees: bool
    """Two places say what cannot both be right."""


def shown_fields(record: TrialRecord) -> tuple[ShownField, ...]:
    """Return the fields of a record with the values that a document would get. A file's own words are not known yet."""
    evidence = record.files[0].evidence if record.files else record.evidence
    is_pdf = bool(record.files) and record.files[0].kind == "pdf"
    chosen = choose_metadata(
        evidence,
        url=record.files[0].url if record.files else record.url,
        content_type="application/pdf" if is_pdf else "text/html",
        lang="und",
        first_pages=(),
        latest=datetime.now(UTC).date().isoformat(),
    )
    contradicted = {each.field for each in disagreements(chosen.evidence)}
    names = [*_FIELDS, *sorted(chosen.evidence.keys() - set(_FIELDS))]
    return tuple(
        ShownField(name, _chosen(name, chosen), tuple(offers), name in contradicted)
        for name in names
        if (offers := chosen.evidence.get(name, ()))
    )


def _chosen(name: str, chosen: Chosen) -> tuple[str, ...]:
    given: dict[str, tuple[str, ...]] = {
        "title": (chosen.title,),
        "author": chosen.authors,
        "publisher": (chosen.publisher,),
        "date": (chosen.published,),
        "abstract": (chosen.abstract,),
        "type": (chosen.type,),
        "licence": (chosen.licence,),
        "keyword": chosen.keywords,
        **{key: (chosen.identifiers.get(key, ""),) for key in ("series", "doi", "isbn", "issn")},
    }
    return tuple(filter(None, given.get(name, ())))


def print_trial(report: TrialReport) -> None:
    """Print what a trial saw."""
    for place, record in enumerate(report.records, start=1):
        _print_record(record, place=place)
    if report.records:
        note(gettext("* marks the value that the document would get; ≠ marks a field with contradictory values."))
    _print_left_out(report)
    files = sum(len(record.files) for record in report.records)
    records = ngettext("{count} record", "{count} records", len(report.records))
    if report.run.announced is not None:
        records = gettext(
            "{records} of {count} that the publisher announces", records=records, count=grouped(report.run.announced)
        )
    out.print(
        gettext(
            "{records}, with {files} that a harvest would fetch. Read {pages} of lists, which name {listed}; "
            "{requests}, {size} kB. Nothing was saved.",
            records=records,
            files=ngettext("{count} file", "{count} files", files),
            pages=ngettext("{count} page", "{count} pages", report.run.listings),
            listed=ngettext("{count} record", "{count} records", report.run.records),
            requests=ngettext("{count} request", "{count} requests", report.run.requests),
            size=grouped(round(report.run.bytes / 1000)),
        )
    )


def _print_record(record: TrialRecord, *, place: int) -> None:
    fields = shown_fields(record)
    title = next((field.chosen[0] for field in fields if field.name == "title" and field.chosen), record.url)
    out.print(f"[bold]{place}. {escape(title)}[/]")
    identifier = f"  {gettext('record {id}', id=record.record)}" if record.record else ""
    out.print(f"   [dim]{escape(record.url)}{escape(identifier)}[/]")
    for field in fields:
        _print_field(field)
    for file in record.files:
        wanted = gettext("would fetch") if file.kind == "pdf" else gettext("would keep")
        out.print(f"   [green]{wanted:<12}[/] {file.kind:<5}{escape(file.url)}")
    if record.failure:
        out.print(f"   [red]{gettext('not read'):<12} {escape(reason_in_words(record.failure))}[/]")
    elif not record.files:
        out.print(f"   [red]{gettext('finds nothing')}[/]")
    if record.skipped:
        out.print(f"   {gettext('skipped'):<12} {escape(_counts(record.skipped))}")
    out.print()


def _print_field(field: ShownField) -> None:
    """Print a field: what is chosen, where it was found, and what other places say."""
    places: dict[str, list[str]] = {}
    for offer in field.evidence:
        places.setdefault(_cut(offer.value), []).append(str(offer.origin))
    is_list = field.name in ("author", "keyword")
    for number, (value, origins) in enumerate(list(places.items())[:_VALUES_SHOWN]):
        is_chosen = bool(field.chosen) and (number == 0 or (is_list and value in map(_cut, field.chosen)))
        mark = "*" if is_chosen else " "
        name = field.name if number == 0 else ""
        warning = "[yellow]≠[/]" if field.disagrees and number == 0 else " "
        shown = escape(value)
        where = escape(", ".join(dict.fromkeys(origins)))
        out.print(f"   {name:<10}{warning}{mark} {f'[cyan]{shown}[/]' if is_chosen else shown}  [dim]{where}[/]")
        if number == 0 and len(field.chosen) == 1 and _cut(field.chosen[0]) != value:
            said = gettext("read as {value}", value=_cut(field.chosen[0]))
            out.print(f"   {'':<10}   [cyan]{escape(said)}[/]")
    if len(places) > _VALUES_SHOWN:
        more = gettext("and {count} more", count=len(places) - _VALUES_SHOWN)
        out.print(f"   {'':<10}   [dim]{more}[/]")


def _print_left_out(report: TrialReport) -> None:
    if report.run.skipped_by:
        out.print(gettext("Skipped by rule: {counts}.", counts=escape(_counts(report.run.skipped_by))))
    for failure in report.run.failures:
        note(f"{failure.url}: {reason_in_words(failure.reason)}")
    for each in report.run.notes:
        note(note_in_words(each))


def _counts(skipped: Mapping[Skip, int]) -> str:
    return "; ".join(f"{count:,} {reason_in_words(rule)}" for rule, count in Counter(skipped).most_common())


def _cut(text: str) -> str:
    return text if len(text) <= _VALUE_CHARACTERS else f"{text[:_VALUE_CHARACTERS]}…"


def trial_body(report: TrialReport) -> dict[str, Any]:
    """Return a trial as `pushcart sources try --json` prints it."""
    return {
        "source": report.slug,
        "name": report.name,
        "protocol": report.protocol,
        "records": [_record_body(record) for record in report.records],
        "announced": report.run.announced,
        "listed": report.run.records,
        "lists": report.run.listings,
        "skipped": skips_in_words(report.run.skipped_by),
        "failures": [
            {
                "url": each.url,
                "reason": reason_in_words(each.reason),
                "kind": each.reason.kind.value,
                "referrer": each.referrer,
            }
            for each in report.run.failures
        ],
        "notes": [note_in_words(each) for each in report.run.notes],
        "requests": report.run.requests,
        "bytes": report.run.bytes,
    }


def _record_body(record: TrialRecord) -> dict[str, Any]:
    return {
        "url": record.url,
        "record": record.record,
        "fields": {
            field.name: {
                "chosen": list(field.chosen),
                "disagrees": field.disagrees,
                "evidence": [{"value": offer.value, "origin": str(offer.origin)} for offer in field.evidence],
            }
            for field in shown_fields(record)
        },
        "files": [
            {"url": file.url, "kind": file.kind, "evidence": _evidence_body(file.evidence)} for file in record.files
        ],
        "skipped": skips_in_words(record.skipped),
        "failure": reason_in_words(record.failure),
    }


def _evidence_body(evidence: FieldEvidence) -> dict[str, Any]:
    return {
        name: [{"value": offer.value, "origin": str(offer.origin)} for offer in offers]
        for name, offers in evidence.items()
    }


def print_check(checked: Sequence[CheckedFile]) -> None:
    """Print what a check of source files found."""
    findings = [finding for each in checked for finding in each.findings]
    for finding in findings:
        is_error = finding.weight is Weight.ERROR
        out.print(
            f"{escape(str(finding.path))}:{finding.line}: [{'bold red' if is_error else 'yellow'}]{finding.weight.value}[/] "
            f"{escape(finding.message)} {escape(finding.try_next)}".rstrip()
        )
    errors = sum(finding.weight is Weight.ERROR for finding in findings)
    out.print(
        gettext(
            "{files}: {errors}, {warnings}.",
            files=ngettext("{count} source file", "{count} source files", len(checked)),
            errors=ngettext("{count} error", "{count} errors", errors),
            warnings=ngettext("{count} warning", "{count} warnings", len(findings) - errors),
        )
    )


def check_body(checked: Sequence[CheckedFile]) -> list[dict[str, Any]]:
    """Return a check as `pushcart sources check --json` prints it."""
    return [
        {
            "path": str(each.path),
            "source": each.source.slug if each.source else None,
            "findings": [
                {
                    "line": finding.line,
                    "weight": finding.weight.value,
                    "message": finding.message,
                    "try_next": finding.try_next,
                }
                for finding in each.findings
            ],
        }
        for each in checked
    ]


_MARKS = {
    State.OK: "[green]✓[/]",
    State.REMARK: "[yellow]·[/]",
    State.WRONG: "[red]✗[/]",
    State.UNKNOWN: "[yellow]?[/]",
}


def print_verification(verification: Verification) -> None:
    """Print what verifying a source came to, point by point."""
    source = verification.source
    out.print(f"[bold]{source.slug}[/]  {escape(source.name)}")
    for point in verification.points:
        out.print(f"   {_MARKS[point.state]} {escape(point.said)}")
    requests = ngettext("{count} request", "{count} requests", verification.requests)
    if verification.is_verified:
        said = gettext("Verified: harvests without names take it from now on. {requests}.", requests=requests)
    else:
        said = gettext("Not verified. {requests}.", requests=requests)
    out.print(f"   {escape(said)}\n")


def verification_body(verification: Verification) -> dict[str, Any]:
    """Return what verifying a source came to, for programs."""
    return {
        "source": verification.source.slug,
        "verified": verification.is_verified,
        "requests": verification.requests,
        "points": [{"name": each.name, "state": each.state.value, "said": each.said} for each in verification.points],
    }
