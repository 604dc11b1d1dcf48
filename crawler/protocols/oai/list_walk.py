"""How the answers of one list follow each other, and what is done when the repository loses the thread. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from corpus.reasons import Detail, Failure, FailureKind
from corpus.run_reasons import Note, NoteKind
from crawler.protocols.oai.answer import OaiAnswer, OaiError, OaiRecord, ResumptionToken
from crawler.protocols.oai.asking import Asking
from crawler.protocols.oai.formats import FALLBACK
from crawler.protocols.oai.moments import read_moment, write_moment

BARREN_BEGINNINGS_MAX = 2
"""So often a list is begun again at the same day; a repository that gets no further from there never will."""
BEGINNINGS_MAX = 50
"""So often a list is begun again in all."""
STALE_PAGES_MAX = 2
"""So many answers in a row without a new record end a list; after it was begun again, as many more as had come before."""
SHORT_LIFE = timedelta(minutes=15)
"""A token that is good for less than this is used before the files that were found so far."""


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from one answer."""

    asking: Asking | None = None
    """What is asked for next; None: this list is at its end, or cannot be read on."""
    records: int = 0
    """How many of the answer's records are new in this list."""
    trouble: Failure | None = None
    """Why the list cannot be read to its end."""
    note: Note | None = None
    hurry: bool = False
    """Whether what is asked for next cannot wait."""


class ListWalk:
    """Where the reading of one list stands. Each answer changes it."""

    def __init__(self, first: Asking, *, has_seconds: bool, pages_max: int) -> None:
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

    def take(self, answer: OaiAnswer) -> Step:
        """Return what follows from the answer to `self.asking`."""
        if answer.trouble:
            return Step(trouble=answer.trouble)
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
            return Step(records=new, trouble=Failure.of(FailureKind.OAI_BREAKS_OFF, records=len(answer.records)))
        if token is None or not token.value:
            return self._at_end(new, note=note)
        step = self._go_on(token, new=new, has_records=bool(answer.records))
        life = token.expires - answer.at if token.expires and answer.at else None
        return replace(step, note=note or step.note, hurry=life is not None and life < SHORT_LIFE)

    def lose(self, reason: Failure) -> Step:
        """Return what follows when the repository no longer knows where the list goes on."""
        if not self.asking.token:
            return Step(trouble=reason)
        if not self._latest or not self._is_in_order:
            return self._begin_anew(reason)
        moment = read_moment(self._latest)
        if moment is None or self._beginnings >= BEGINNINGS_MAX:
            often = Failure.of(FailureKind.OAI_BEGUN_AGAIN_OFTEN, cause=reason, times=self._beginnings)
            return Step(trouble=often)
        since = write_moment(moment, has_seconds=self._has_seconds and "T" in self._latest)
        self._barren_beginnings = self._barren_beginnings + 1 if since == self._first_since() else 0
        if self._barren_beginnings > BARREN_BEGINNINGS_MAX:
            return Step(trouble=Failure.of(FailureKind.OAI_NO_FURTHER, cause=reason, since=since))
        return self._begin(
            replace(self._first, since=since), Note.of(NoteKind.OAI_BEGUN_AGAIN, cause=reason, since=since)
        )

    def _first_since(self) -> str:
        return self._begun.since if self._beginnings else ""

    def _begin_anew(self, reason: Failure) -> Step:
        if self._has_begun_anew:
            return Step(trouble=Failure(FailureKind.OAI_AGAIN_FROM_START, cause=reason))
        self._has_begun_anew = True
        return self._begin(self._first, Note(NoteKind.OAI_BEGUN_AGAIN_FROM_START, cause=reason))

    def _begin(self, asking: Asking, note: Note) -> Step:
        self._beginnings += 1
        self._begun = asking
        self._stale_max = STALE_PAGES_MAX + self._pages
        self._stale = 0
        self._tokens.clear()
        return self._ask(asking, note=note)

    def _ask(self, asking: Asking, *, note: Note | None = None, new: int = 0) -> Step:
        self.asking = asking
        return Step(asking=asking, note=note, records=new)

    def _at_end(self, new: int, *, note: Note | None) -> Step:
        missing = (self.announced or 0) - len(self._seen)
        if self._beginnings and missing > 0 and not self._has_begun_anew:
            step = self._begin_anew(
                Failure.of(FailureKind.OAI_RECORDS_MISSING, missing=missing, announced=self.announced or 0)
            )
            return replace(step, records=new)
        return Step(records=new, note=note)

    def _go_on(self, token: ResumptionToken, *, new: int, has_records: bool) -> Step:
        if token.value in self._tokens:
            return Step(
                records=new,
                trouble=Failure.of(FailureKind.OAI_IN_A_CIRCLE, records=len(self._seen)),
            )
        self._stale = 0 if new else self._stale + 1
        if self._stale >= self._stale_max:
            kind = FailureKind.OAI_ONLY_OLD_RECORDS if has_records else FailureKind.OAI_ONLY_EMPTY_ANSWERS
            return Step(records=new, trouble=Failure.of(kind, answers=self._stale))
        if self._pages >= self._pages_max:
            self.is_over_limit = True
            return Step(records=new)
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

    def _after_error(self, errors: dict[str, OaiError]) -> Step:
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
        return Step(trouble=_failure_of(said, asked))

    def _begin_first(self, asking: Asking, note: Note) -> Step:
        self._first = asking
        self._has_seconds = self._has_seconds and ("T" in asking.since or not asking.since)
        return self._ask(asking, note=note)

    def _token_lost(self) -> Failure:
        expires = self._token.expires if self._token else None
        if expires is None:
            return Failure(FailureKind.OAI_TOKEN_LOST)
        return Failure.of(FailureKind.OAI_TOKEN_EXPIRED, until=f"{expires:%Y-%m-%d %H:%M}")

    def _no_records(self) -> Step:
        if self.asking.token or self._pages:
            return Step(trouble=Failure(FailureKind.OAI_ENDS_IN_THE_MIDDLE))
        if self.asking.since:
            return Step()
        if self.asking.set:
            return Step(note=Note.of(NoteKind.OAI_SET_EMPTY, set=self.asking.set))
        return Step(note=Note(NoteKind.OAI_EMPTY))


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


def _failure_of(error: OaiError, asked: Asking) -> Failure:
    """Return what an error that ends a list means."""
    kind = _KINDS.get(error.code, FailureKind.OAI_ERROR)
    detail: dict[str, Detail] = {"error": str(error) or "without a word", "prefix": asked.prefix or FALLBACK}
    return Failure(kind, {name: detail[name] for name in kind.details})
