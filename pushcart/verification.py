"""Say in words what a visit to a publisher found: point by point, as the source file says or not."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from corpus.messages import gettext, ngettext
from corpus.messages.formats import grouped
from corpus.messages.reasons import reason_in_words
from corpus.reasons import Failure, FailureKind
from corpus.settings import Settings
from corpus.types import FieldEvidence, Outcome, Reading
from crawler.sources.model import SourceFile
from crawler.visit import REQUESTS_MAX, SeenFile, Visit
from nlp.reading.pool import read_files
from nlp.reading.requests import ReadRequest

_FIELDS = ("title", "author", "date", "lang", "abstract")
"""What a record should say of itself; without a title it is of no use."""
_GONE = (404, 410)
_ADDRESS_CHARACTERS_MAX = 120


class State(StrEnum):
    """How one point stands."""

    OK = "ok"
    REMARK = "remark"
    """A person should know it; it does not stand against the source."""
    WRONG = "wrong"
    UNKNOWN = "not_checked"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was looked at."""

    name: str
    """robots, address, list, paging, metadata, licence or file."""
    state: State
    said: str
    """In words, with what to do when it is wrong."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying one source came to."""

    source: SourceFile
    points: tuple[Point, ...]
    requests: int

    @property
    def is_verified(self) -> bool:
        """Return whether it is what its file says, as far as its first publication and its file."""
        return all(point.state in (State.OK, State.REMARK) for point in self.points)


def verification_of(source: SourceFile, seen: Visit, *, settings: Settings) -> Verification:
    """Return what a visit shows of a source. The file that came is read, in a process that can be killed."""
    points = [*_of_the_way(source, seen)]
    if not any(point.state is State.WRONG for point in points):
        points += [_list(source, seen)]
    if points[-1].state is State.OK:
        points += [_paging(seen), *_of_the_record(source, seen), _file(source, seen, settings=settings)]
    return Verification(source, tuple(points), seen.requests)


def _of_the_way(source: SourceFile, seen: Visit) -> Iterator[Point]:
    """Yield how robots.txt and the address of the list stand."""
    first = next((failure for failure in seen.failures if not seen.lists), None)
    reason = first.reason if first is not None else None
    if reason is not None and reason.kind is FailureKind.REFUSED_BY_ROBOTS:
        forbidden = gettext(
            "robots.txt forbids the list. Pushcart does not go past it: ask the publisher, or look for another list of theirs."
        )
        yield Point("robots", State.WRONG, forbidden)
        return
    if reason is not None and reason.kind is FailureKind.ROBOTS_UNKNOWN and not _is_certificate(reason):
        yield Point("robots", State.WRONG, reason_in_words(reason))
        return
    if seen.has_robots:
        yield _robots(source, seen)
    yield _address(source, seen, reason, url=first.url if first is not None else "")


def _robots(source: SourceFile, seen: Visit) -> Point:
    if seen.crawl_delay <= source.polite.delay_seconds:
        return Point("robots", State.OK, gettext("robots.txt allows the list."))
    words = gettext(
        "robots.txt allows the list and asks for {asked} seconds between requests; a harvest keeps to that. The file says {own}.",
        asked=f"{seen.crawl_delay:g}",
        own=f"{source.polite.delay_seconds:g}",
    )
    return Point("robots", State.REMARK, words)


def _address(source: SourceFile, seen: Visit, reason: Failure | None, *, url: str) -> Point:
    lists = seen.pages[: max(1, seen.lists)]
    if login := next((page.login_title for page in lists if page.login_title), ""):
        words = gettext(
            "The site sent a page to log in ({title}) instead of the list: it is not open to all.", title=login
        )
        return Point("address", State.WRONG, words)
    if moved := next((page for page in seen.pages[:1] if page.moved_from), None):
        words = gettext(
            "{old} has moved for good to {new}. Put the new address into `start`.", old=moved.moved_from, new=moved.url
        )
        return Point("address", State.WRONG, words)
    if reason is None or seen.pages:
        return Point(
            "address",
            State.OK,
            gettext("The address answers: {url}", url=_shown(seen.pages[0].url if seen.pages else url)),
        )
    words = reason_in_words(reason)
    if reason.kind is FailureKind.HTTP_STATUS and reason.detail["status"] in _GONE:
        words = gettext(
            "{reason} The list is no longer there: open the site in a browser, and correct `start`.", reason=words
        )
    elif _is_certificate(reason):
        words = gettext("{reason} Its certificate may have expired, or be for another name.", reason=words)
    return Point("address", State.WRONG, gettext("{url}: {reason}", url=_shown(url or source.start[0]), reason=words))


def _list(source: SourceFile, seen: Visit) -> Point:
    trouble = next(
        (failure.reason for failure in seen.failures if failure.url in {page.url for page in seen.pages}), None
    )
    if trouble is not None and (not seen.listed or seen.record is None):
        words = gettext(
            "The answer is not the list that the protocol {protocol} expects. {reason} The site may have new software.",
            protocol=source.protocol,
            reason=reason_in_words(trouble),
        )
        return Point("list", State.WRONG, words)
    if seen.record is None and seen.asked_lately and not seen.listed:
        none = gettext("The repository answers; nothing changed there in the last twenty days.")
        return Point("list", State.UNKNOWN, _used_up(source, none))
    if seen.record is None and seen.requests >= REQUESTS_MAX:
        return Point("list", State.UNKNOWN, _used_up(source, gettext("No publication was named so far.")))
    if seen.record is None:
        words = gettext(
            "The list can be read ({protocol}) and names no publication that the rules of the file take.",
            protocol=source.protocol,
        )
        return Point("list", State.WRONG, words)
    records = ngettext("{count} record", "{count} records", seen.listed)
    words = gettext(
        "The list is read as the file says ({protocol}): {records}.", protocol=source.protocol, records=records
    )
    return Point("list", State.OK, words)


def _paging(seen: Visit) -> Point:
    if seen.has_next:
        return Point("paging", State.OK, gettext("The list names its next page."))
    if seen.announced is None or seen.announced <= seen.listed:
        return Point("paging", State.OK, gettext("The list has one page."))
    words = gettext(
        "The publisher announces {announced} records and the list names no next page: its paging may have changed.",
        announced=grouped(seen.announced),
    )
    return Point("paging", State.WRONG, words)


def _of_the_record(source: SourceFile, seen: Visit) -> Iterator[Point]:
    assert seen.record is not None
    offers: FieldEvidence = seen.record.files[0].evidence if seen.record.files else seen.record.evidence
    there = [name for name in _FIELDS if offers.get(name)]
    missing = [name for name in _FIELDS if not offers.get(name)]
    failure = seen.record.failure
    if failure is not None and failure.kind is FailureKind.RUN_PAUSED:
        failure = None  # the requests were used up
    if "title" in missing and failure is None and seen.record.files:
        yield Point(
            "metadata", State.WRONG, gettext("The first record has no title: its fields may have other names now.")
        )
    elif "title" in missing:
        unread = gettext("The page of the first publication was not read.")
        reason = f"{unread} {reason_in_words(failure)}" if failure else ""
        state = State.WRONG if failure is not None else State.UNKNOWN
        yield Point("metadata", state, reason or _used_up(source, unread))
    else:
        words = gettext("Metadata that are there: {fields}.", fields=", ".join(there))
        if missing:
            words = gettext("{there} Missing: {fields}.", there=words, fields=", ".join(missing))
        yield Point("metadata", State.REMARK if missing else State.OK, words)
    licence = next((each.value for each in offers.get("licence", ())), "")
    if licence:
        yield Point("licence", State.OK, gettext("Licence of the first record: {licence}", licence=licence))
    elif source.licence:
        own = gettext("The record names no licence; the file says: {licence}", licence=source.licence)
        yield Point("licence", State.REMARK, own)
    else:
        yield Point("licence", State.REMARK, gettext("Neither the record nor the file names a licence."))


def _file(source: SourceFile, seen: Visit, *, settings: Settings) -> Point:
    if seen.file_failure is not None:
        words = gettext(
            "The file of the first publication did not come. {reason}", reason=reason_in_words(seen.file_failure)
        )
        return Point("file", State.WRONG, words)
    if seen.file is None:
        none = gettext("No file was opened.")
        return Point("file", State.UNKNOWN, _used_up(source, none))
    read = _reading_of(seen.file, settings)
    if read.outcome is Outcome.READ and read.page_total:
        pages = ngettext("{count} page", "{count} pages", read.page_total)
        return Point("file", State.OK, gettext("{url} opens: {pages}.", url=seen.file.url, pages=pages))
    reason = reason_in_words(read.reason) if read.reason is not None else read.outcome.value
    return Point("file", State.WRONG, gettext("{url} does not open. {reason}", url=seen.file.url, reason=reason))


def _is_certificate(reason: Failure) -> bool:
    """Say whether an encrypted connection could not be made, be it for robots.txt or for the list."""
    return any(each is not None and each.kind is FailureKind.TLS_FAILED for each in (reason, reason.cause))


def _shown(url: str) -> str:
    """Return an address without the words of a long search."""
    return url if len(url) <= _ADDRESS_CHARACTERS_MAX else f"{url.partition('?')[0]}?…"


def _used_up(source: SourceFile, words: str) -> str:
    return gettext(
        "{words} Five requests were not enough to say more; `pushcart sources try {slug}` asks for more.",
        words=words,
        slug=source.slug,
    )


def _reading_of(file: SeenFile, settings: Settings) -> Reading:
    with tempfile.TemporaryDirectory(prefix="pushcart-") as folder:
        path = Path(folder) / "file"
        path.write_bytes(file.body)
        request = ReadRequest(
            sha256(file.body).hexdigest(), path=path, content_type=file.content_type.partition(";")[0], url=file.url
        )
        (reading,) = read_files([request], settings=replace(settings, workers=1))
    return reading
