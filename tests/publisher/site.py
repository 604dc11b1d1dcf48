"""The site of the demonstration publisher with faults that its pages themselves have: lists, tokens, a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from demo.answers import SampleAnswer, SampleRequest, midnight
from demo.entries import Entry
from demo.json_answers import ListPart
from demo.publication import Publication, load_publications
from demo.repository import Call, SampleRepository
from demo.resumption import SampleToken
from demo.site import BUILT, SampleSite
from tests.publisher.collection import ChangingCollection
from tests.publisher.faults import FaultKind

_ENDLESS_PAGES = 10_000_000
_EVENTS = """<!doctype html><title>Events, month {month}</title><h1>Events</h1>
<p>Nothing is planned for month {month}.</p><p><a rel="next" href="/events?month={next_month}">Next month</a></p>"""
_CALENDAR = b'<p><a href="/events?month=1">Calendar of events</a></p>\n</footer>'


@dataclass(frozen=True, slots=True)
class FaultyRequest(SampleRequest):
    """A request, and what its answer has to suffer from."""

    fault: FaultKind | None = None
    has_calendar: bool = False
    """The calendar of events exists, and home and listing link to it."""


class ForgetfulRepository(SampleRepository):
    """Refuses every resumption token as expired."""

    def _read_token(self, text: str) -> SampleToken | None:
        return None


class RepeatingRepository(SampleRepository):
    """Names the token with which a list was resumed, again and again."""

    def _next_token(self, _call: Call, token: str) -> str:
        return _call.arguments.get("resumptionToken", token)


class FaultySite(SampleSite):
    """The whole site, sound unless a request says otherwise. May be used by several threads."""

    collection: ChangingCollection

    def __init__(self, *, publications: Sequence[Publication] | None = None, pdf_folder: Path | None = None) -> None:
        everything = load_publications() if publications is None else tuple(publications)
        collection = ChangingCollection(everything)
        super().__init__(publications=everything, pdf_folder=pdf_folder, collection=collection)
        self._faulty_repositories = {
            FaultKind.TOKEN_EXPIRES: ForgetfulRepository(collection, self._pages),
            FaultKind.TOKEN_REPEATS: RepeatingRepository(collection, self._pages),
        }

    def answer(self, asked: SampleRequest) -> SampleAnswer:
        """Return what stands at a path."""
        if not isinstance(asked, FaultyRequest):
            return super().answer(asked)
        if asked.path == "/oai" and asked.fault in self._faulty_repositories:
            body = self._faulty_repositories[asked.fault].answer(asked.query, origin=asked.origin)
            return SampleAnswer(body, content_type="text/xml; charset=utf-8")
        if asked.path == "/events" and asked.has_calendar:
            month = asked.number("month")
            return self._page(_EVENTS.format(month=month, next_month=month + 1).encode())
        answer = super().answer(asked)
        if asked.has_calendar and asked.path in ("/", "/publications"):
            return replace(answer, body=answer.body.replace(b"</footer>", _CALENDAR))
        return answer

    def _entry_part(self, entry: Entry, asked: SampleRequest) -> SampleAnswer:
        if isinstance(asked, FaultyRequest) and asked.fault is FaultKind.CHANGED:
            entry = replace(entry, is_revised=True, changed_at=entry.changed_at or midnight(BUILT))
        return super()._entry_part(entry, asked)

    def _part(self, entries: Sequence[Entry], asked: SampleRequest, *, per_page: int) -> ListPart | None:
        if not isinstance(asked, FaultyRequest) or asked.fault is not FaultKind.ENDLESS_LISTING:
            return super()._part(entries, asked, per_page=per_page)
        number, true_last = max(1, asked.number("page")), -(-len(entries) // per_page)
        start = (min(number, true_last) - 1) * per_page  # beyond the true end the last entries repeat
        shown, total = entries[start : start + per_page], len(entries)
        return ListPart(shown, number=number, last=_ENDLESS_PAGES, total=total, origin=asked.origin, per_page=per_page)
