"""What a person sees on the terminal: progress bars there, plain lines elsewhere, JSON for programs.

Results go to standard output; progress, notes and errors to standard error, so that `pushcart ... --json | jq` works.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from corpus.errors import PushcartError
from corpus.messages import gettext, in_language, ngettext
from corpus.messages.formats import grouped
from corpus.messages.reasons import reason_in_words
from corpus.messages.runs import note_in_words, run_in_words
from corpus.messages.skips import skips_in_words
from corpus.run_reasons import Verdict
from corpus.runs import HarvestRun
from corpus.shown import safe_value, without_signs
from pushcart.language import command_language


class SafeConsole(Console):
    """A console on which no text of a stranger moves the cursor, changes colours or turns a line around."""

    def render_str(self, text: str, **options: Any) -> Text:
        """Return a text as it is printed. Every text that `print` is given comes through here."""
        return super().render_str(without_signs(text), **options)


# Emoji off: a title with `:cop:` in it is no picture.
out = SafeConsole(highlight=False, soft_wrap=True, emoji=False)
err = SafeConsole(stderr=True, highlight=False, soft_wrap=True, emoji=False)

_PLAIN_SECONDS = 10.0
"""Between two lines of progress where there is no terminal."""


def documents_in_words(count: int) -> str:
    """Return `1 document`, `2,195 documents`."""
    return ngettext("{count} document", "{count} documents", count)


def print_json(value: Any) -> None:
    """Print one JSON value for programs, readable for people too."""
    sys.stdout.write(json.dumps(safe_value(value), ensure_ascii=False, indent=2, default=str) + "\n")


def print_json_line(value: Any) -> None:
    """Print one JSON value on a line of its own."""
    sys.stdout.write(json.dumps(safe_value(value), ensure_ascii=False, separators=(",", ":")) + "\n")


def note(text: str) -> None:
    """Say something to a person beside the result."""
    err.print(escape(text))


def print_error(error: PushcartError) -> None:
    """Say what went wrong and what to do next."""
    lang = command_language()
    err.print(f"[bold red]{escape(in_language(error.message, lang))}[/]")
    if error.try_next:
        err.print(escape(in_language(error.try_next, lang)))


def counts_in_words(run: HarvestRun) -> str:
    """Return the counts of a run on one line."""
    parts = [
        gettext(
            "{offered} offered: {new} new, {changed} changed, {unchanged} unchanged, {gone} gone, {refused} refused by"
            " robots.txt, {failed} failed; {unlisted} no longer listed, {skipped} skipped by rule.",
            offered=grouped(run.offered),
            new=grouped(run.new),
            changed=grouped(run.changed),
            unchanged=grouped(run.unchanged),
            gone=grouped(run.gone),
            refused=grouped(run.refused),
            failed=grouped(run.failed),
            unlisted=grouped(run.unlisted),
            skipped=grouped(run.skipped),
        )
    ]
    if run.expected is not None:
        parts.append(gettext("Expected: {count} or more.", count=grouped(run.expected)))
    if run.announced:
        announced, came = grouped(run.announced), grouped(run.records)
        parts.append(
            gettext(
                "Announced by the publisher: {announced} records; received: {came}.", announced=announced, came=came
            )
        )
    parts.append(
        gettext(
            "{requests} requests, {size} kB, {seconds} s.",
            requests=grouped(run.requests),
            size=grouped(round(run.bytes / 1000)),
            seconds=f"{run.seconds:.1f}",
        )
    )
    return " ".join(parts)


def run_body(run: HarvestRun) -> dict[str, Any]:
    """Return a run as `--json` prints it."""
    failures = [
        {
            "url": each.url,
            "reason": reason_in_words(each.reason),
            "kind": each.reason.kind.value,
            "referrer": each.referrer,
        }
        for each in run.failures
    ]
    return asdict(replace(run, failures=(), skipped_by={}, notes=(), verdict=Verdict.told(""))) | {
        "words": run_in_words(run),
        "verdict": run.verdict.kind.value,
        "notes": [note_in_words(each) for each in run.notes],
        "failures": failures,
        "skipped_by": skips_in_words(run.skipped_by),
    }


def print_run(run: HarvestRun) -> None:
    """Print a run report for a person."""
    out.print(f"[bold]{escape(run.source)}[/]  {escape(run_in_words(run))}")
    out.print(f"   {counts_in_words(run)}")
    for failure in run.failures[:5]:
        note(f"   {failure.url}: {reason_in_words(failure.reason)}")
    if len(run.failures) > 5:
        more = gettext(
            "... and {count} more; `pushcart sources --json` has them.",
            count=grouped(run.failed + run.pages_failed - 5),
        )
        note(f"   {more}")


class Meter:
    """How far a long work has come."""

    def __init__(self, title: str, *, total: int | None) -> None:
        self.title = title
        self.total = total
        """None: not known."""
        self.done = 0
        self._said_at = time.monotonic()

    def advance(self, count: int = 1, *, text: str = "") -> None:
        """Count what was done; `text` says what it is about now."""
        self.done += count
        if time.monotonic() - self._said_at >= _PLAIN_SECONDS:
            self._said_at = time.monotonic()
            self._say(text)

    def grow(self, count: int) -> None:
        """Add to the total."""
        self.total = (self.total or 0) + count

    def set(self, done: int, *, total: int, text: str = "") -> None:
        """Say how far it is where someone else counts."""
        self.grow(total - (self.total or 0))
        self.advance(done - self.done, text=text)

    def _say(self, text: str) -> None:
        done = grouped(self.done)
        if self.total is not None:
            done = gettext("{part} of {whole}", part=done, whole=grouped(self.total))
        note(f"{self.title}: {done} {text}".rstrip())


class _BarMeter(Meter):
    """A meter that moves a bar."""

    def __init__(self, title: str, *, total: int | None, progress: Progress) -> None:
        super().__init__(title, total=total)
        self._progress = progress
        self._task = progress.add_task(title, total=total, text="")

    def advance(self, count: int = 1, *, text: str = "") -> None:
        self.done += count
        self._progress.update(self._task, completed=self.done, text=escape(without_signs(text)[-60:]))

    def grow(self, count: int) -> None:
        super().grow(count)
        self._progress.update(self._task, total=self.total)


@contextmanager
def meter(title: str, *, total: int | None = None) -> Iterator[Meter]:
    """Show how far a work has come while the block runs: a bar on a terminal, a line every ten seconds elsewhere."""
    if not err.is_terminal:
        yield Meter(title, total=total)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[text]}"),
    )
    with Progress(*columns, console=err, transient=True) as progress:
        yield _BarMeter(title, total=total, progress=progress)
