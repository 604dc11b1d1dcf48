"""The order in which one repository is asked: what it is, which formats it has, then one list after the other. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from corpus.reasons import Failure, FailureKind
from corpus.run_reasons import Note, NoteKind
from crawler.protocols.oai.answer import OaiAnswer, OaiIdentity
from crawler.protocols.oai.asking import Asking
from crawler.protocols.oai.formats import FALLBACK, choose_prefix
from crawler.protocols.oai.list_walk import ListWalk, Step
from crawler.protocols.oai.moments import read_moment, write_moment
from crawler.protocols.oai.rules import OaiRules

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


class RepositoryWalk:
    """Where the reading of one repository stands. At any time one request is on its way: `asking`."""

    def __init__(self, base: str, rules: OaiRules, *, since: Since) -> None:
        self.base = base
        self.asking: Asking | None = Asking(base=base, verb="Identify")
        self._rules = rules
        self._since = since
        self._repository = OaiIdentity()
        self._prefix = rules.format
        self._lists: list[ListWalk] = []
        self._set = ""
        self._left: list[tuple[str, str, str]] | None = None
        """Set, `from` and `until` of the lists that are still to be asked for; None: the repository was not asked who it is."""

    @property
    def announced(self) -> int | None:
        """Return how many records all lists so far have, as the repository says; None: it says it of none."""
        sizes = [each.announced for each in self._lists if each.announced is not None]
        return sum(sizes) if sizes else None

    def take(self, answer: OaiAnswer, *, status: int = 200) -> Step:
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

    def miss(self, reason: Failure) -> Step:
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

    def _take_identify(self, answer: OaiAnswer) -> Step:
        self._repository = answer.repository or OaiIdentity()
        step = self._after_identify()
        if answer.repository is None:
            return replace(step, note=Note(NoteKind.OAI_UNKNOWN, cause=answer.trouble or _said(answer)))
        if self._since.moment is not None and self._repository.deleted in ("no", "transient"):
            return replace(step, note=Note(NoteKind.OAI_DELETIONS_NOT_KEPT))
        return step

    def _after_identify(self) -> Step:
        if self._rules.format == FALLBACK:
            return self._next_list()
        return Step(asking=Asking(base=self.base, verb="ListMetadataFormats"))

    def _next_list(self) -> Step:
        if self._left is None:
            spans = spans_of(self._since, self._repository, self._rules)
            self._left = [(each, *span) for each in self._rules.sets or ("",) for span in spans]
        if self._lists and self._lists[-1].is_without_sets:
            self._left = [each for each in self._left if each[0] == self._set]
        if not self._left:
            return Step()
        self._set, since, until = self._left.pop(0)
        first = Asking(base=self.base, verb="ListRecords", prefix=self._prefix, set=self._set, since=since, until=until)
        walk = ListWalk(first, has_seconds=self._repository.has_seconds, pages_max=self._rules.pages_max)
        self._lists.append(walk)
        return Step(asking=first)

    def _take_list(self, answer: OaiAnswer, *, status: int) -> Step:
        walk = self._lists[-1]
        if status != 200 and answer.trouble:
            said = Failure.of(FailureKind.HTTP_STATUS, status=status)
            step = walk.lose(said) if status in _LOST else Step(trouble=said)
        else:
            step = walk.take(answer)
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


def repositories(bases: Sequence[str], rules: OaiRules, *, since: Since) -> tuple[RepositoryWalk, ...]:
    """Return the walks of all repositories of a source, each once."""
    return tuple(RepositoryWalk(base, rules, since=since) for base in dict.fromkeys(bases))
