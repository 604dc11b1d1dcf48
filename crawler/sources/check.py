"""Check source files: every problem with its line, and what is odd without being wrong, by the rules of one table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from corpus.messages.reasons import reason_in_words
from corpus.metadata.licences import LicenceKind, licence_kind_of_source
from corpus.reasons import FailureKind
from corpus.rights import Show
from corpus.vocabulary import load_vocabulary
from crawler.net.addresses import refusal_of, site_of
from crawler.sources.load import Finding, Weight, line_of_key, source_or_problems
from crawler.sources.model import ListingSource, SourceFile
from crawler.sources.rules import AddressRules

_HOST_OF_REGEX = re.compile(r"^\^?https?\??://((?:[\w-]|\\?\.)+)(?=/|\\/|$)")
"""A regular expression that begins with one whole host, its dots escaped or not."""

Said = Iterator[tuple[str, str]]
"""What a rule says of a source: the message, and what to do (or empty)."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A source file and what was found in it."""

    path: Path
    source: SourceFile | None
    """None: it cannot be used."""
    findings: tuple[Finding, ...]
    """By line."""


def check_files(paths: Sequence[Path]) -> tuple[CheckedFile, ...]:
    """Check source files, each by itself and all beside each other, in the order given. Raises nothing."""
    checked = [check_file(path) for path in paths]
    beside = tuple(_between([each.source for each in checked if each.source is not None]))
    return tuple(
        CheckedFile(each.path, each.source, _by_line(*each.findings, *(one for one in beside if one.path == each.path)))
        for each in checked
    )


def check_file(path: Path) -> CheckedFile:
    """Check one source file by itself. Raises nothing."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        found = Finding(path, 1, Weight.ERROR, f"The file cannot be read: {error}.", "Source files are UTF-8 text.")
        return CheckedFile(path, None, (found,))
    return check_text(text, path=path)


def check_text(text: str, *, path: Path) -> CheckedFile:
    """Check the text of a source file; `path` is named in the findings. Raises nothing."""
    source, problems = source_or_problems(text, path=path)
    if source is None:
        return CheckedFile(path, None, problems)
    remarks = (
        Finding(path, line_of_key(text, tuple(rule.key.format(source).split("."))), rule.weight, message, try_next)
        for rule in RULES
        for message, try_next in rule.look(source)
    )
    return CheckedFile(path, source, _by_line(*remarks))


def _by_line(*findings: Finding) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.line))


def _not_fetched(source: SourceFile) -> Said:
    for address in source.start:
        if reason := refusal_of(address, allow_private=source.polite.allow_private):
            is_private = reason.kind is FailureKind.PRIVATE_ADDRESS
            hint = "`allow_private = true` under [polite] lets it be fetched." if is_private else ""
            yield f"{address} will not be fetched. {reason_in_words(reason)}", hint


def _start_twice(source: SourceFile) -> Said:
    for address in sorted({each for each in source.start if source.start.count(each) > 1})[:1]:
        yield f"{address} stands twice in `start`.", ""


def _no_country(source: SourceFile) -> Said:
    if source.country and load_vocabulary().country(source.country) is None:
        yield f"No country has the code {source.country!r}.", "It is ISO 3166 alpha-3."


def _nothing_left(rules: object) -> Said:
    if isinstance(rules, AddressRules):
        for regex in rules.allow:
            if regex in rules.deny:
                yield f"{regex!r} is allowed and denied: nothing is left of it.", ""
        if {"", ".*"} & set(rules.deny):
            yield "`deny` matches every address: nothing is left.", ""


def _other_site(source: SourceFile) -> Said:
    sites = {site_of(address) for address in source.start}
    for regex in source.listing.allow if isinstance(source, ListingSource) else ():
        host = _HOST_OF_REGEX.search(regex)
        if host and site_of(f"https://{_plain(host[1])}/") not in sites:
            message = f"`allow`: {regex!r} never matches: a listing leads to pages of its own site only."
            yield message, f"Pages of {', '.join(sorted(sites))} count."


def _plain(host: str) -> str:
    return host.replace("\\", "")


def _unused_next(source: SourceFile) -> Said:
    if isinstance(source, ListingSource) and source.listing.page_address and source.listing.next:
        yield "`next` is not used, because `page_address` is given.", ""


def _unused_first_page(source: SourceFile) -> Said:
    if isinstance(source, ListingSource) and source.listing.first_page != 1 and not source.listing.page_address:
        yield "`first_page` has no effect without `page_address`.", ""


def _pages_elsewhere(source: SourceFile) -> Said:
    address = source.listing.page_address if isinstance(source, ListingSource) else ""
    sites = {site_of(each) for each in source.start}
    if address and site_of(address) not in sites:
        yield f"`page_address` is on {urlsplit(address).hostname}, and `start` on {', '.join(sorted(sites))}.", ""
    if address and len(source.start) > 1:
        message = "`page_address` follows each address of `start`: the same pages would be read for each of them."
        yield message, "Make a source file for each listing."


def _expects_nothing(source: SourceFile) -> Said:
    if source.expect.at_least == 0:
        yield "A run that brings nothing at all would not be reported (at_least is 0).", ""


def _expects_too_much(source: SourceFile) -> Said:
    least, requests = source.expect.at_least, source.polite.requests_max
    if least >= requests:
        yield f"No run can bring {least} documents with {requests} requests (requests_max).", ""
    most = len(source.start) * source.files.per_landing_page_max
    if source.protocol == "addresses" and least > most:
        yield f"{len(source.start)} addresses can bring {most} files at most, and not {least}.", ""


def _always_full(source: SourceFile) -> Said:
    if source.schedule.full_every < source.schedule.every:
        yield "`full_every_days` is shorter than `every_days`: every run will ask for everything.", ""


def _unused_time_zone(source: SourceFile) -> Said:
    if source.polite.time_zone != "UTC" and source.polite.hours is None:
        yield "`time_zone` has no effect without `hours`.", ""


def _hurried(source: SourceFile) -> Said:
    delay = source.polite.delay_seconds
    if delay < 0.5 and not source.polite.allow_private:
        yield f"{delay:g} seconds between requests is little for somebody else's server.", ""


def _shown_without_reason(source: SourceFile) -> Said:
    """Everything of a publisher on public pages, and nothing that says why: it may be a slip."""
    if source.show not in (Show.FULL, Show.TEXT):
        return
    kind = licence_kind_of_source(source.licence)
    message = f"`show` is {source.show.value!r}, so that public pages show the whole text of each document"
    hint = "Say in `note` who allowed it, or take `show` out."
    if kind is LicenceKind.CLOSED:
        yield f"{message}, and `licence` says {source.licence!r}.", hint
    elif kind is LicenceKind.UNKNOWN and not source.note:
        yield f"{message}, and neither a known `licence` nor a `note` says why.", hint


def _unverified(source: SourceFile) -> Said:
    if not source.verified:
        hint = f"`pushcart sources try {source.slug}`; when its records are right, take `verified = false` out."
        yield "It is not yet verified live, and so harvested only by name.", hint


@dataclass(frozen=True, slots=True)
class LintRule:
    """One thing that may be odd about a source that can be read."""

    key: str
    """Whose line is named, with the tables around it; `{0.protocol}` is the table of the protocol."""
    weight: Weight
    look: Callable[[SourceFile], Said]


RULES: tuple[LintRule, ...] = (
    LintRule("start", Weight.ERROR, _not_fetched),
    LintRule("start", Weight.WARNING, _start_twice),
    LintRule("country", Weight.ERROR, _no_country),
    LintRule("show", Weight.WARNING, _shown_without_reason),
    LintRule("verified", Weight.WARNING, _unverified),
    LintRule("{0.protocol}.deny", Weight.ERROR, lambda source: _nothing_left(source.rules)),
    LintRule("files.deny", Weight.ERROR, lambda source: _nothing_left(source.files)),
    LintRule("listing.allow", Weight.ERROR, _other_site),
    LintRule("listing.next", Weight.WARNING, _unused_next),
    LintRule("listing.first_page", Weight.WARNING, _unused_first_page),
    LintRule("listing.page_address", Weight.WARNING, _pages_elsewhere),
    LintRule("expect.documents_per_run", Weight.WARNING, _expects_nothing),
    LintRule("expect.documents_per_run", Weight.ERROR, _expects_too_much),
    LintRule("schedule.full_every_days", Weight.WARNING, _always_full),
    LintRule("polite.time_zone", Weight.WARNING, _unused_time_zone),
    LintRule("polite.delay_seconds", Weight.WARNING, _hurried),
)


def _between(sources: Sequence[SourceFile]) -> Iterator[Finding]:
    """Yield what is wrong only because of another file."""
    by_slug: dict[str, SourceFile] = {}
    by_start: dict[str, SourceFile] = {}
    for source in sources:
        assert source.path is not None
        first = by_slug.setdefault(source.slug, source)
        if first is not source and first.path is not None:
            line = _line_of(source.path, "slug")
            if first.path.parent == source.path.parent:
                message = f"The slug {source.slug!r} is that of {first.path} too."
                yield Finding(source.path, line, Weight.ERROR, message, "Give one of them another slug.")
            else:
                message = f"This file is used instead of {first.path}: both have the slug {source.slug!r}."
                yield Finding(source.path, line, Weight.WARNING, message)
            continue
        for address in source.start:
            other = by_start.setdefault(address, source)
            if other.slug != source.slug:
                message = f"{other.path} begins at {address} too: its documents would come twice."
                yield Finding(source.path, _line_of(source.path, "start"), Weight.WARNING, message)


def _line_of(path: Path, key: str) -> int:
    return line_of_key(path.read_text(encoding="utf-8"), (key,))
