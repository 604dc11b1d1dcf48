"""How `pushcart alerts` shows what sweeps, audits and checks found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from corpus.messages import gettext, message, ngettext
from corpus.messages.formats import grouped
from corpus.store import Store
from pushcart.console import note, out, print_json

if TYPE_CHECKING:
    from alerts.checking.audit import AuditReport
    from alerts.checking.doctor import Check
    from alerts.checking.sweep import SweepReport, SweptSearch

_TOLD = {
    "sent": message("sent in time"),
    "known": message("known as another copy or translation"),
    "in_time": message("to be sent, still within its time"),
    "paused": message("of paused searches and stopped addresses"),
    "changed": message("changed after being matched"),
    "sent_late": message("sent too late"),
    "not_matched": message("not matched in time"),
    "missing": message("compared, but the match is missing"),
    "untold": message("not in a message in time"),
    "unsent": message("in a message that is not sent in time"),
    "failed": message("in a message that has failed"),
}


def print_sweep(report: SweepReport, *, as_json: bool) -> None:
    """Print what a sweep found."""
    if as_json:
        print_json(
            {
                "swept": report.swept,
                "added": report.added,
                "known": report.known,
                "stopped": str(report.stopped or ""),
                "searches": [_swept_body(each) for each in report.searches],
            }
        )
        return
    for each in report.searches:
        if each.error:
            text = gettext("Subscription {number} cannot be read: {why}", number=each.subscription, why=each.error)
        else:
            text = gettext(
                "Subscription {number}: {added} missing and now to be sent, {known} missing copies of known "
                "documents, {joined} changed since, {left} left to the worker.",
                number=each.subscription,
                added=grouped(each.added),
                known=grouped(each.known),
                joined=grouped(each.joined),
                left=grouped(each.left),
            )
        out.print(escape(f"{text} {' '.join(each.named)}".rstrip()))
    note(
        gettext(
            "{searches} compared. Missing matches: {added} to be sent, {known} copies of documents already known.",
            searches=ngettext("{count} search", "{count} searches", report.swept),
            added=grouped(report.added),
            known=grouped(report.known),
        )
    )


def _swept_body(swept: SweptSearch) -> dict[str, Any]:
    names = ("subscription", "answers", "added", "known", "joined", "left", "named")
    return {name: getattr(swept, name) for name in names} | {"trouble": swept.error}


def print_audit(report: AuditReport, *, as_json: bool) -> None:
    """Print what an audit found."""
    from alerts.checking.audit import report_body

    if as_json:
        print_json(report_body(report))
        return
    for told, count in report.counts.items():
        out.print(f"{grouped(count):>8}  {gettext(_TOLD[told.value])}")
    for each in report.findings:
        text = gettext(
            "Subscription {number}, document {document}: {told}",
            number=each.subscription,
            document=each.document,
            told=gettext(_TOLD[each.told.value]),
        )
        out.print(escape(text))
    if report.is_empty:
        note(gettext("The search shows no documents, but there are some in the records."))
    if report.unknown:
        note(
            ngettext(
                "{count} document is not in the records: the site shows others, or older ones.",
                "{count} documents are not in the records: the site shows others, or older ones.",
                report.unknown,
            )
        )
    note(
        gettext(
            "Checked {documents} and {searches}: {failures}.",
            documents=ngettext("{count} document", "{count} documents", report.documents),
            searches=ngettext("{count} search", "{count} searches", report.searches),
            failures=ngettext(
                "{count} missed notification",
                "{count} missed notifications",
                report.failures,
            ),
        )
    )


def print_checks(checks: Sequence[Check], *, as_json: bool) -> None:
    """Print what the doctor found."""
    if as_json:
        print_json([{"name": each.name, "health": each.health.value, "words": each.words} for each in checks])
        return
    colours = {"good": "green", "warning": "yellow", "failed": "bold red", "skipped": "dim"}
    for each in checks:
        colour = colours[each.health.value]
        out.print(f"[{colour}]{each.health.value:<8}[/] {each.name:<16} {escape(each.words)}")


def status_body(store: Store, *, now: datetime, last_audit: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what `pushcart alerts status --json` prints; None: there is no such moment."""

    def written(moment: datetime | None) -> str | None:
        return moment.isoformat() if moment else None

    subscriptions, never_and_oldest = store.subscriptions.counts(), store.alert_checks.sweeps()
    return {
        "subscribers": subscriptions.pop("subscribers"),
        "subscriptions": subscriptions,
        "documents_to_match": store.matches.unmatched_count(),
        "matches": store.matches.counts(),
        "messages": store.messages.counts(),
        "oldest_document_waits_since": written(store.alert_checks.oldest_unmatched()),
        "oldest_match_waits_since": written(store.alert_checks.oldest_untold()),
        "oldest_message_waits_since": written(store.messages.oldest_waiting()),
        "next_try_due": written(store.messages.next_due(now=now)),
        "never_swept": never_and_oldest[0],
        "oldest_sweep": written(never_and_oldest[1]),
        "last_audit": last_audit["at"] if last_audit else None,
        "last_audit_failures": last_audit.get("failures") if last_audit else None,
    }
