"""The order in which one repository is asked: what it is, which formats it has, then one list after the other. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from corpus.reasons import Failure, FailureKind
from corpus.run_reasons import Note, NoteKind
from crawler.sources.rules import OaiRules
from crawler.spiders.oai.answer import OaiAnswer, OaiIdentity
from crawler.spiders.oai.formats import FALLBACK, choose_prefix
from crawler.spiders.oai.list_harvest import ListHarvest, NextRequest
from crawler.spiders.oai.moments import write_moment
from crawler.spiders.oai.requests import OaiRequest

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
        self._sets_left: list[str] = list(rules.sets) or [""]

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
        if not self._sets_left or (self._lists and self._lists[-1].is_without_sets):
            return NextRequest()
        first = OaiRequest(
            base=self.base,
            verb="ListRecords",
            prefix=self._prefix,
            set=self._sets_left.pop(0),
            since=since_argument(self._since, self._repository, overlap=timedelta(hours=self._rules.overlap_hours)),
        )
        walk = ListHarvest(first, has_seconds=self._repository.has_seconds, pages_max=self._rules.pages_max)
        self._lists.append(walk)
        return NextRequest(asking=first)

    def _take_list(self, answer: OaiAnswer, *, status: int) -> NextRequest:
        walk = self._lists[-1]
        if status != 200 and answer.trouble:
            said = Failure.of(FailureKind.HTTP_STATUS, status=status)
            step = walk.lose(said) if status in _LOST else NextRequest(trouble=said)
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


def repositories(bases: Sequence[str], rules: OaiRules, *, since: Since) -> tuple[RepositoryHarvest, ...]:
    """Return the walks of all repositories of a source, each once."""
    return tuple(RepositoryHarvest(base, rules, since=since) for base in dict.fromkeys(bases))
