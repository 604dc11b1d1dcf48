"""The order in which a repository is asked, how the answers of a list follow each other (resumptionToken), and what is done when
the repository loses the thread. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from corpus.reasons import Detail, Failure, FailureKind
from corpus.run_reasons import Note, NoteKind
from crawler.sources.rules import OaiRules
from crawler.spiders.oai.formats import FALLBACK, choose_prefix
from crawler.spiders.oai.parse import (
    OaiAnswer,
    OaiError,
    OaiIdentity,
    OaiRecord,
    OaiRequest,
    ResumptionToken,
    read_moment,
    write_moment,
)

BARREN_BEGINNINGS_MAX = 2
"""So often a list is begun again at the same day; a repository that gets no further from there never will."""
BEGINNINGS_MAX = 50
"""So often a list is begun again in all."""
STALE_PAGES_MAX = 2
"""So many answers in a row without a new record end a list; after it was begun again, as many more as had come before."""
SHORT_LIFE = timedelta(minutes=15)
"""A token that is good for less than this is used before the files that were found so far."""


@dataclass(frozen=True, slots=True)
class NextRequest:
    """What follows from one answer."""

    asking: OaiRequest | None = None
    """What is asked for next; None: this list is at its end, or cannot be read on."""
    records: int = 0
    """How many of the answer's records are new in this list."""
    trouble: Failure | None = None
    """Why the list cannot be read to its end."""
    note: Note | None = None
    hurry: bool = False
    """Whether what is asked for next cannot wait."""


class ListHarvest:
    """Where the reading of one list stands. Each answer changes it."""

    def __init__(self, first: OaiRequest, *, has_seconds: bool, pages_max: int) -> None:
        self.asking = first
        self.announced: int | None = None
        """How many records the list has, as the repository says; None: it does not say."""
        self.is_without_sets = False
        """The repository turned out to have no sets, so that this is the list of all."""
        self.is_over_limit = False
        """The list goes on after `pages_max` answers."""
        self._first = first
        self._has_seconds = has_seconds
        self._pages_max = pages_max
        self._seen: set[int] = set()
        self._tokens: set[str] = set()
        self._pages = 0
        self._stale = 0
        self._stale_max = STALE_PAGES_MAX
        self._latest = ""
        self._is_in_order = True
        self._beginnings = 0
        self._barren_beginnings = 0
        self._has_begun_anew = False
        self._token: ResumptionToken | None = None

    def take(self, answer: OaiAnswer) -> NextRequest:
        """Return what follows from the answer to `self.asking`."""
        if answer.trouble:
            return NextRequest(trouble=answer.trouble)
        errors = {error.code: error for error in reversed(answer.errors)}
        if errors and not answer.records:
            return self._after_error(errors)
        self._pages += 1
        new = self._count(answer.records)
        token = answer.token
        if token is not None and token.list_size is not None and self.announced is None and not self._beginnings:
            self.announced = token.list_size
        note = Note.of(NoteKind.OAI_MALFORMED, error=answer.fault) if answer.fault else None
        if token is None and answer.is_cut:
            return NextRequest(records=new, trouble=Failure.of(FailureKind.OAI_BREAKS_OFF, records=len(answer.records)))
        if token is None or not token.value:
            return self._at_end(new, note=note)
        step = self._go_on(token, new=new, has_records=bool(answer.records))
        life = token.expires - answer.at if token.expires and answer.at else None
        return replace(step, note=note or step.note, hurry=life is not None and life < SHORT_LIFE)

    def lose(self, reason: Failure) -> NextRequest:
        """Return what follows when the repository no longer knows where the list goes on."""
        if not self.asking.token:
            return NextRequest(trouble=reason)
        if not self._latest or not self._is_in_order:
            return self._begin_anew(reason)
        moment = read_moment(self._latest)
        if moment is None or self._beginnings >= BEGINNINGS_MAX:
            often = Failure.of(FailureKind.OAI_BEGUN_AGAIN_OFTEN, cause=reason, times=self._beginnings)
            return NextRequest(trouble=often)
        since = write_moment(moment, has_seconds=self._has_seconds and "T" in self._latest)
        self._barren_beginnings = self._barren_beginnings + 1 if since == self._first_since() else 0
        if self._barren_beginnings > BARREN_BEGINNINGS_MAX:
            return NextRequest(trouble=Failure.of(FailureKind.OAI_NO_FURTHER, cause=reason, since=since))
        return self._begin(
            replace(self._first, since=since), Note.of(NoteKind.OAI_BEGUN_AGAIN, cause=reason, since=since)
        )

    def _first_since(self) -> str:
        return self._begun.since if self._beginnings else ""

    def _begin_anew(self, reason: Failure) -> NextRequest:
        if self._has_begun_anew:
            return NextRequest(trouble=Failure(FailureKind.OAI_AGAIN_FROM_START, cause=reason))
        self._has_begun_anew = True
        return self._begin(self._first, Note(NoteKind.OAI_BEGUN_AGAIN_FROM_START, cause=reason))

    def _begin(self, asking: OaiRequest, note: Note) -> NextRequest:
        self._beginnings += 1
        self._begun = asking
        self._stale_max = STALE_PAGES_MAX + self._pages
        self._stale = 0
        self._tokens.clear()
        return self._ask(asking, note=note)

    def _ask(self, asking: OaiRequest, *, note: Note | None = None, new: int = 0) -> NextRequest:
        self.asking = asking
        return NextRequest(asking=asking, note=note, records=new)

    def _at_end(self, new: int, *, note: Note | None) -> NextRequest:
        missing = (self.announced or 0) - len(self._seen)
        if self._beginnings and missing > 0 and not self._has_begun_anew:
            step = self._begin_anew(
                Failure.of(FailureKind.OAI_RECORDS_MISSING, missing=missing, announced=self.announced or 0)
            )
            return replace(step, records=new)
        return NextRequest(records=new, note=note)

    def _go_on(self, token: ResumptionToken, *, new: int, has_records: bool) -> NextRequest:
        if token.value in self._tokens:
            return NextRequest(
                records=new,
                trouble=Failure.of(FailureKind.OAI_IN_A_CIRCLE, records=len(self._seen)),
            )
        self._stale = 0 if new else self._stale + 1
        if self._stale >= self._stale_max:
            kind = FailureKind.OAI_ONLY_OLD_RECORDS if has_records else FailureKind.OAI_ONLY_EMPTY_ANSWERS
            return NextRequest(records=new, trouble=Failure.of(kind, answers=self._stale))
        if self._pages >= self._pages_max:
            self.is_over_limit = True
            return NextRequest(records=new)
        self._tokens.add(token.value)
        self._token = token
        return self._ask(replace(self._first, prefix="", set="", since="", until="", token=token.value), new=new)

    def _count(self, records: tuple[OaiRecord, ...]) -> int:
        """Return how many records had not come before, and note in which order they come."""
        new = 0
        for record in records:
            key = hash(record.identifier)
            if not record.identifier or key not in self._seen:
                new += 1
            if record.identifier:
                self._seen.add(key)
            if record.datestamp:
                self._is_in_order = self._is_in_order and record.datestamp >= self._latest
                self._latest = max(self._latest, record.datestamp)
        return new

    def _after_error(self, errors: dict[str, OaiError]) -> NextRequest:
        asked = self.asking
        said = next(iter(errors.values()))
        if "noRecordsMatch" in errors:
            return self._no_records()
        if "badResumptionToken" in errors and asked.token:
            return self.lose(self._token_lost())
        if "noSetHierarchy" in errors and asked.set:
            self.is_without_sets = True
            note = Note.of(NoteKind.OAI_NO_SETS, set=asked.set)
            return self._begin_first(replace(self._first, set=""), note)
        if "cannotDisseminateFormat" in errors and not asked.token and asked.prefix != FALLBACK:
            note = Note.of(NoteKind.OAI_OTHER_FORMAT, wanted=asked.prefix, given=FALLBACK)
            return self._begin_first(replace(self._first, prefix=FALLBACK), note)
        if "badArgument" in errors and "T" in asked.since:
            day, last = asked.since.partition("T")[0], asked.until.partition("T")[0]
            return self._begin_first(replace(self._first, since=day, until=last), Note(NoteKind.OAI_DAYS_ONLY))
        return NextRequest(trouble=_failure_of(said, asked))

    def _begin_first(self, asking: OaiRequest, note: Note) -> NextRequest:
        self._first = asking
        self._has_seconds = self._has_seconds and ("T" in asking.since or not asking.since)
        return self._ask(asking, note=note)

    def _token_lost(self) -> Failure:
        expires = self._token.expires if self._token else None
        if expires is None:
            return Failure(FailureKind.OAI_TOKEN_LOST)
        return Failure.of(FailureKind.OAI_TOKEN_EXPIRED, until=f"{expires:%Y-%m-%d %H:%M}")

    def _no_records(self) -> NextRequest:
        if self.asking.token or self._pages:
            return NextRequest(trouble=Failure(FailureKind.OAI_ENDS_IN_THE_MIDDLE))
        if self.asking.since:
            return NextRequest()
        if self.asking.set:
            return NextRequest(note=Note.of(NoteKind.OAI_SET_EMPTY, set=self.asking.set))
        return NextRequest(note=Note(NoteKind.OAI_EMPTY))


_KINDS = {
    "badArgument": FailureKind.OAI_BAD_ARGUMENT,
    "badVerb": FailureKind.OAI_BAD_VERB,
    "badResumptionToken": FailureKind.OAI_UNKNOWN_TOKEN,
    "cannotDisseminateFormat": FailureKind.OAI_FORMAT_NOT_GIVEN,
    "idDoesNotExist": FailureKind.OAI_UNKNOWN_RECORD,
    "noMetadataFormats": FailureKind.OAI_NO_FORMATS,
    "noSetHierarchy": FailureKind.OAI_NO_SETS,
}
"""By the code of the error (OAI-PMH 2.0, 3.6)."""


def _failure_of(error: OaiError, asked: OaiRequest) -> Failure:
    """Return what an error that ends a list means."""
    kind = _KINDS.get(error.code, FailureKind.OAI_ERROR)
    detail: dict[str, Detail] = {"error": str(error) or "without a word", "prefix": asked.prefix or FALLBACK}
    return Failure(kind, {name: detail[name] for name in kind.details})


_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Where windows begin when a repository does not say since when it has records; OAI-PMH is of 2001."""
_LOST = (400, 404, 410, 422)
"""HTTP statuses with which repositories answer a token that they no longer know."""


@dataclass(frozen=True, slots=True)
class Since:
    """The moment after which changes are asked for, and the present."""

    moment: datetime | None
    """None: everything is asked for."""
    now: datetime


class RepositoryHarvest:
    """Where the reading of one repository stands. At any time one request is on its way: `asking`."""

    def __init__(self, base: str, rules: OaiRules, *, since: Since) -> None:
        self.base = base
        self.asking: OaiRequest | None = OaiRequest(base=base, verb="Identify")
        self._rules = rules
        self._since = since
        self._repository = OaiIdentity()
        self._prefix: str = rules.format
        self._lists: list[ListHarvest] = []
        self._set = ""
        self._left: list[tuple[str, str, str]] | None = None
        """Set, `from` and `until` of the lists that are still to be asked for; None: the repository was not asked what it is."""

    @property
    def announced(self) -> int | None:
        """Return how many records all lists so far have, as the repository says; None: it says it of none."""
        sizes = [each.announced for each in self._lists if each.announced is not None]
        return sum(sizes) if sizes else None

    def take(self, answer: OaiAnswer, *, status: int = 200) -> NextRequest:
        """Return what follows from an answer to `asking`.

        Args:
            status: HTTP status; an answer to an error can be one of OAI-PMH, or the words of a server.
        """
        asking = self.asking
        assert asking is not None
        if asking.verb == "Identify":
            step = self._take_identify(answer)
        elif asking.verb == "ListMetadataFormats":
            self._prefix = choose_prefix(self._rules.format, [(each.prefix, each.namespace) for each in answer.formats])
            is_other = self._prefix == FALLBACK != self._rules.format
            other = Note.of(NoteKind.OAI_OTHER_FORMAT, wanted=self._rules.format, given=FALLBACK)
            note = other if is_other else None
            step = replace(self._next_list(), note=note)
        else:
            step = self._take_list(answer, status=status)
        self.asking = step.asking
        return step

    def miss(self, reason: Failure) -> NextRequest:
        """Return what follows when a request brought no answer. Without Identify the lists can still be asked for."""
        assert self.asking is not None
        if self.asking.verb == "ListRecords":
            step = replace(self._next_list(), trouble=reason)
        elif self.asking.verb == "Identify":
            step = replace(self._after_identify(), note=Note(NoteKind.OAI_UNKNOWN, cause=reason))
        else:
            step = replace(self._next_list(), note=Note(NoteKind.OAI_FORMATS_UNKNOWN, cause=reason))
        self.asking = step.asking
        return step

    def over_limit(self) -> Note | None:
        """Return that a list goes on where reading stopped; None when none does."""
        if not any(each.is_over_limit for each in self._lists):
            return None
        return Note.of(NoteKind.LIST_GOES_ON, answers=self._rules.pages_max)

    def _take_identify(self, answer: OaiAnswer) -> NextRequest:
        self._repository = answer.repository or OaiIdentity()
        step = self._after_identify()
        if answer.repository is None:
            return replace(step, note=Note(NoteKind.OAI_UNKNOWN, cause=answer.trouble or _said(answer)))
        if self._since.moment is not None and self._repository.deleted in ("no", "transient"):
            return replace(step, note=Note(NoteKind.OAI_DELETIONS_NOT_KEPT))
        return step

    def _after_identify(self) -> NextRequest:
        if self._rules.format == FALLBACK:
            return self._next_list()
        return NextRequest(asking=OaiRequest(base=self.base, verb="ListMetadataFormats"))

    def _next_list(self) -> NextRequest:
        if self._left is None:
            spans = spans_of(self._since, self._repository, self._rules)
            self._left = [(each, *span) for each in self._rules.sets or ("",) for span in spans]
        if self._lists and self._lists[-1].is_without_sets:
            self._left = [each for each in self._left if each[0] == self._set]
        if not self._left:
            return NextRequest()
        self._set, since, until = self._left.pop(0)
        first = OaiRequest(
            base=self.base, verb="ListRecords", prefix=self._prefix, set=self._set, since=since, until=until
        )
        harvest = ListHarvest(first, has_seconds=self._repository.has_seconds, pages_max=self._rules.pages_max)
        self._lists.append(harvest)
        return NextRequest(asking=first)

    def _take_list(self, answer: OaiAnswer, *, status: int) -> NextRequest:
        harvest = self._lists[-1]
        if status != 200 and answer.trouble:
            said = Failure.of(FailureKind.HTTP_STATUS, status=status)
            step = harvest.lose(said) if status in _LOST else NextRequest(trouble=said)
        else:
            step = harvest.take(answer)
        if step.asking is not None:
            return step
        return replace(self._next_list(), records=step.records, trouble=step.trouble, note=step.note)


def _said(answer: OaiAnswer) -> Failure:
    """Return what a repository answers when it is asked what it is, and does not say it."""
    if answer.errors:
        return Failure.of(FailureKind.OAI_ERROR, error="; ".join(map(str, answer.errors)))
    return Failure(FailureKind.OAI_ANSWERED_OTHERWISE)


def since_argument(since: Since, repository: OaiIdentity, *, overlap: timedelta) -> str:
    """Return the `from` that a repository is asked with; empty when everything is asked for.

    Not before its first record nor after now, which are bad arguments; a little before the moment, since many repositories
    show a change only after their nightly indexing, with the datestamp of the change.
    """
    if since.moment is None:
        return ""
    moment = since.moment - overlap
    if repository.earliest is not None:
        moment = max(moment, repository.earliest)
    return write_moment(min(moment, since.now), has_seconds=repository.has_seconds)


def spans_of(since: Since, repository: OaiIdentity, rules: OaiRules) -> list[tuple[str, str]]:
    """Return `from` and `until` of the lists of one set: one that is open, or one for each window, the oldest first."""
    begin = since_argument(since, repository, overlap=timedelta(hours=rules.overlap_hours))
    if not rules.window_days:
        return [(begin, "")]
    # Both ends belong to a span (OAI-PMH 2.0, 2.7.1); days are enough, and every repository takes them.
    day = (read_moment(begin) if begin else None) or repository.earliest or _EARLIEST
    spans = []
    while day.date() <= since.now.date():
        last = min(day + timedelta(days=rules.window_days - 1), since.now)
        spans.append((write_moment(day, has_seconds=False), write_moment(last, has_seconds=False)))
        day += timedelta(days=rules.window_days)
    return spans


def repositories(bases: Sequence[str], rules: OaiRules, *, since: Since) -> tuple[RepositoryHarvest, ...]:
    """Return the harvests of all repositories of a source, each once."""
    return tuple(RepositoryHarvest(base, rules, since=since) for base in dict.fromkeys(bases))
