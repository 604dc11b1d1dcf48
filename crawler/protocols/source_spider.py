"""What every protocol's spider shares: from a lead to its landing page, from there to its files, and all accounts."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import scrapy
from scrapy.http import Request, Response, TextResponse
from twisted.python.failure import Failure as TwistedFailure

from corpus.reasons import Failure, FailureKind, Skip, SkipKind
from corpus.store.former_keys import former_key
from corpus.types import FetchedFile, FieldEvidence
from corpus.urls import AddressKey, canonical_url, is_same_address, sent_url
from crawler.addresses import own_places, refusal_of
from crawler.choosing import choose_files, translated_pages
from crawler.declaration import SourceFile
from crawler.evidence import kinds_of, landing_evidence
from crawler.failures import failure_of_status, may_pass, read_failure
from crawler.html_parts import main_text_length
from crawler.job import HarvestJob
from crawler.keeping import Kept, Offer, confirm, keep, sniff, validators
from crawler.kept_pages import Mark
from crawler.leads import Lead, LeadKind, ListPage, file_of_page, merge_evidence, named_files
from crawler.links import file_kind, with_usable_base
from crawler.tally import OfferOutcome

_NOT_THERE = (404, 410)
_LISTS_FIRST, _FILES_FIRST, _LANDING_PAGES_SECOND = 30, 20, 10
"""Priorities of requests: what is nearest to a document goes first, so that the queue stays short."""
AS_WRITTEN: Final = {"verbatim_url": True}
"""For `Request.meta`: Scrapy sends the address as `sent_url` spells it, and its cache does not take `?a` for `?a=`."""


class SourceSpider(scrapy.Spider):
    """Harvest one source. A protocol's spider says how its listings are read; everything else is here.

    `job` holds all it works with; see crawler.job.
    """

    name = "source"
    follows_translations = True
    """Whether the translations that a landing page declares are fetched too."""
    lists_everything = True
    """Whether a complete run has seen all that the publisher offers: what it did not see is no longer listed."""
    asks_since = False
    """Whether the protocol can be asked for what changed since a moment (`job.since`)."""
    accepts = ""
    """Media types that lists are asked for, as in the header Accept; empty: as for every page."""
    lists_first = False
    """Whether a list is read before what it leads to: where the address of its next page is good for minutes only."""
    barren_pages_max: int | None = 2
    """So many pages of a list in a row that bring no new lead end it: calendars and repeated last pages go on for ever.
    None: only the list itself says where it ends."""
    ends_with_404 = True
    """Whether a page after the first that is not there (404, 410) is the end of the list, and no failure."""

    def __init__(self, job: HarvestJob, **others: Any) -> None:
        super().__init__(**others)
        self.job = job
        self._own = own_places(job.source)
        self._listings_seen: set[AddressKey] = set()
        self._leads_seen: set[AddressKey] = set()
        self._formerly_seen: set[str] = set()

    @classmethod
    def can_ask_since(cls, source: SourceFile) -> bool:
        """Say whether a source can be asked for what changed since a moment."""
        return cls.asks_since

    @abstractmethod
    def read(self, response: Response) -> ListPage:
        """Return what one page of a listing, or one feed, leads to. Raises nothing; trouble goes to `Found.note`."""

    @abstractmethod
    def further_pages(self, found: ListPage, *, number: int) -> tuple[str, ...]:
        """Return the addresses that follow page `number` (1-based) of a listing; empty at its end."""

    def first_pages(self) -> Iterable[str]:
        """Return the addresses of the first page of each list."""
        return self.job.source.start

    async def start(self) -> AsyncIterator[Request]:
        """Begin; Scrapy calls this."""
        for address in self.first_pages():
            for request in self._listing_request(address, number=1, barren=0, referrer=""):
                yield request

    def _listing_request(self, url: str, *, number: int, barren: int, referrer: str) -> Iterator[Request]:
        key = canonical_url(url)
        if key not in self._listings_seen:
            self._listings_seen.add(key)
            yield Request(
                sent_url(url),
                callback=self.on_listing,
                errback=self.on_listing_failure,
                cb_kwargs={"number": number, "barren": barren},
                meta={"found_on": referrer} | AS_WRITTEN,
                headers={"Accept": self.accepts} if self.accepts else {},
                priority=_LISTS_FIRST if self.lists_first else 0,
                dont_filter=True,
            )

    def on_listing(self, response: Response, number: int, barren: int) -> Iterator[Request]:
        """Follow the leads of one page of a listing, and the listing itself while it brings new ones."""
        tally = self.job.tally
        tally.listings += 1
        tally.tell(response.url)
        response = with_usable_base(response)
        found = self.read(response)
        tally.count(found, url=response.url)
        for record in found.gone:
            self._end_record(record)
        before = len(self._leads_seen)
        for lead in found.leads:
            yield from self._follow(lead, referrer=response.url)
        barren = 0 if len(self._leads_seen) > before else barren + 1
        if self.barren_pages_max is None or barren < self.barren_pages_max:
            for url in self.further_pages(found, number=number):
                yield from self._listing_request(url, number=number + 1, barren=barren, referrer=response.url)

    def _end_record(self, record: str) -> None:
        """Flag the files of a record that the publisher has deleted."""
        for known in self.job.store.files.of_record(self.job.source.slug, record):
            if known.gone_at is not None:
                continue  # repositories list deleted records for ever; it was news once
            self._end_gone(known, reason=Failure(FailureKind.RECORD_DELETED))

    def _end_gone(self, known: FetchedFile, *, reason: Failure) -> None:
        self.job.tally.offer()
        offer = Offer(url=known.url, is_pdf=False, evidence={}, referrer=known.referrer)
        self._end(offer, Kept(OfferOutcome.GONE, reason))

    def on_listing_failure(self, failure: TwistedFailure) -> Iterator[Request] | None:
        """Count a listing that could not be fetched. The page after the last one is often a 404, and no failure.

        A protocol that can go on without this page returns what is asked for instead.
        """
        failed = read_failure(failure)
        if failed.is_put_off:
            return None
        number = failed.request.cb_kwargs["number"]
        is_past_the_end = self.ends_with_404 and failed.status in _NOT_THERE and number > 1
        if not is_past_the_end:
            found_on = failed.request.meta["found_on"]
            self.job.tally.fail_page(failed.request.url, reason=failed.reason, referrer=found_on)
        return None

    def _follow(self, lead: Lead, *, referrer: str) -> Iterator[Request]:
        if reason := refusal_of(sent_url(lead.url), allow_private=self._own.has(lead.url)):
            self.job.tally.offer()
            self.job.tally.end_offer(OfferOutcome.FAILED, url=lead.url, reason=reason, referrer=referrer)
            return
        key = canonical_url(lead.url)
        if key in self._leads_seen or key in self._listings_seen:
            return
        self._leads_seen.add(key)
        if ignored := sorted(self.job.source.ignored_kinds & set(lead.kinds)):
            self.job.tally.skip({Skip(SkipKind.IGNORED_KIND, ignored[0]): 1})
        elif lead.record and lead.evidence and not self._is_about(lead.evidence):
            self.job.tally.skip({Skip(SkipKind.OFF_SUBJECT): 1})
        elif lead.modified and self._is_marked(lead, key=key):
            pass
        elif lead.kind is LeadKind.FILE:
            yield from self._file_request(lead, landing_url=lead.landing_url, referrer=referrer)
        else:
            yield self._page_request(lead, referrer=referrer)

    def _is_about(self, evidence: FieldEvidence) -> bool:
        """Say whether what is known of a publication is about the subject of the source (`about`)."""
        subject = self.job.source.about
        told = [each.value for name in ("title", "keyword", "abstract") for each in evidence.get(name, ())]
        return not subject or any(pattern.is_in(value) for value in told for pattern in subject)

    def _page_request(self, lead: Lead, *, referrer: str) -> Request:
        """Return the request for a landing page; a protocol with leads to records asks for those its own way."""
        return Request(
            sent_url(lead.url),
            callback=self.on_landing,
            errback=self.on_landing_failure,
            cb_kwargs={"lead": lead},
            meta={"found_on": referrer} | AS_WRITTEN,
            headers={"Referer": referrer} if referrer else {},
            priority=_LANDING_PAGES_SECOND,
            dont_filter=True,
        )

    def _is_marked(self, lead: Lead, *, key: AddressKey) -> bool:
        """Say whether a lead is dated as it was when it was last followed; then what it led to counts as confirmed."""
        job = self.job
        mark = job.cache.mark_of(key)
        if mark is None or mark.modified != lead.modified:
            return False
        held = job.store.files.described_at(job.source.slug, mark.known_as)
        if len(held) < mark.files or not all(job.files.has(known.sha256) for known in held):
            return False
        for known in held:
            job.tally.offer()
            job.store.files.touch(job.source.slug, known.url, at=datetime.now(UTC))
            job.tally.end_offer(OfferOutcome.UNCHANGED, url=known.url)
        if not mark.files:
            job.tally.skip({Skip(SkipKind.NO_PUBLICATION_UNCHANGED): 1})
        return True

    def on_landing(self, response: Response, lead: Lead) -> Iterator[Request]:
        """Take the files of a landing page, or the page itself when it is the text."""
        tally, source = self.job.tally, self.job.source
        tally.landing_pages += 1
        tally.tell(response.url)
        response = with_usable_base(response)
        if not isinstance(response, TextResponse) or sniff(response.body) == "application/pdf":
            self._keep_page(response, evidence=lead.evidence, referrer=response.meta["found_on"])
            self._remember(lead, files=1, known_as=response.url)
            return
        evidence = merge_evidence((landing_evidence(response), lead.evidence))
        if ignored := sorted(source.ignored_kinds & kinds_of(evidence)):
            tally.skip({Skip(SkipKind.IGNORED_KIND, ignored[0]): 1})
            self._remember(lead, files=0, known_as=response.url)
            return
        if not self._is_about(evidence):
            tally.skip({Skip(SkipKind.OFF_SUBJECT): 1})
            self._remember(lead, files=0, known_as=response.url)
            return
        translations = translated_pages(response, languages=source.languages) if self.follows_translations else ()
        for translation in translations:
            yield from self._follow(translation, referrer=response.url)
        found = choose_files(response, source.files)
        tally.skip(found.skipped)
        files = found.leads or named_files(lead)
        is_text = source.files.html_text == "always" or (source.files.html_text == "when_no_pdf" and not files)
        kept_text = is_text and self._keep_text(response, lead, evidence=evidence)
        # Before its files: one that fails takes the mark away again.
        led_to = len(files) + kept_text
        # A page with next to no text may be one of a bad hour ("back soon"), and is asked for again.
        if led_to or main_text_length(response) >= source.files.html_characters_min:
            self._remember(lead, files=led_to, known_as=response.url)
        for file in files:
            known_lead = file_of_page(file, evidence=evidence, record=lead.record)
            yield from self._file_request(known_lead, landing_url=response.url, referrer=response.url)

    def _remember(self, lead: Lead, *, files: int, known_as: str) -> None:
        mark = Mark(key=canonical_url(lead.url), modified=lead.modified, files=files, known_as=canonical_url(known_as))
        self.job.cache.remember(mark)

    def on_landing_failure(self, failure: TwistedFailure) -> Iterator[Request]:
        """Fall back on the files that were named beside it, or count a publication that was offered and not got."""
        failed = read_failure(failure)
        if failed.is_put_off:
            return
        lead: Lead = failed.request.cb_kwargs["lead"]
        found_on = failed.request.meta["found_on"]
        for file in named_files(lead):
            yield from self._file_request(file, landing_url=failed.request.url, referrer=found_on)
        if failed.status in _NOT_THERE:
            for known in self._files_behind(lead):
                self._end_gone(known, reason=Failure(FailureKind.LANDING_PAGE_GONE))
        else:
            self._note_listed(lead)
        if not lead.files:
            outcome = OfferOutcome.REFUSED if failed.is_refused else OfferOutcome.FAILED
            self.job.tally.offer()
            self.job.tally.end_offer(outcome, url=failed.request.url, reason=failed.reason, referrer=found_on)

    def _files_behind(self, lead: Lead) -> tuple[FetchedFile, ...]:
        """Return the files that a landing page led to when it was last read, also when it redirected."""
        mark = self.job.cache.mark_of(canonical_url(lead.url))
        return self.job.store.files.described_at(self.job.source.slug, mark.known_as if mark else lead.url)

    def _note_listed(self, lead: Lead) -> None:
        """Record that what a page leads to is still listed, and so not gone, although the page could not be fetched now."""
        for known in self._files_behind(lead):
            self.job.store.files.touch_listed(self.job.source.slug, known.url, at=datetime.now(UTC))

    def _keep_text(self, response: TextResponse, lead: Lead, *, evidence: FieldEvidence) -> bool:
        """Keep a landing page as the text, unless it says too little; say whether it was kept."""
        if main_text_length(response) < self.job.source.files.html_characters_min:
            self.job.tally.skip({Skip(SkipKind.TOO_LITTLE_TEXT): 1})
            return False
        found_on = response.meta["found_on"]
        self._keep_page(response, evidence=evidence, referrer=found_on, record=lead.record)
        return True

    def _keep_page(self, response: Response, *, evidence: FieldEvidence, referrer: str, record: str = "") -> None:
        """Keep an answer that came as a page and is itself the file."""
        assert response.request is not None
        self.job.tally.offer()
        offer = Offer(
            url=response.request.url,
            is_pdf=False,
            evidence=evidence,
            landing_url=response.url,
            referrer=referrer,
            record=record,
            is_heir=self._is_heir(response.request.url),
        )
        self._end(offer, keep(response, offer, self.job))

    def _is_heir(self, url: str) -> bool:
        """Say whether a link is the first of this run with its former key: the only one that was fetched in those days."""
        formerly = former_key(url)
        is_first = formerly not in self._formerly_seen
        self._formerly_seen.add(formerly)
        return is_first

    def _file_request(self, lead: Lead, *, landing_url: str, referrer: str) -> Iterator[Request]:
        job = self.job
        key = canonical_url(lead.url)
        if landing_url and not lead.landing_url and key in self._leads_seen:
            return
        self._leads_seen.add(key)
        job.tally.offer()
        is_pdf = "pdf" in (*lead.kinds, file_kind(lead.url))
        offer = Offer(
            url=sent_url(lead.url),
            is_pdf=is_pdf,
            evidence=lead.evidence,
            landing_url=landing_url,
            referrer=referrer,
            record=lead.record,
            instead=lead.instead,
            is_heir=self._is_heir(lead.url),
            mark=Mark(key=key, modified=lead.modified, files=1, known_as=key) if lead.modified else None,
        )
        # Whether it is private is for the guard to say; Scrapy makes no request of a malformed address.
        if reason := refusal_of(offer.url, allow_private=True):
            job.tally.end_offer(OfferOutcome.FAILED, url=offer.url, reason=reason, referrer=referrer)
            yield from self._ask_instead(offer, reason)
            return
        known = job.store.files.get(job.source.slug, offer.url)
        headers = {"Referer": referrer} if referrer else {}
        # What was kept before migration 0009 may be another file, which had the same key then: it is fetched once more.
        is_same = known is not None and is_same_address(known.url, offer.url)
        if known is not None and is_same and job.files.has(known.sha256):
            if job.resumed_since is not None and known.fetched_at >= job.resumed_since:
                self._end(offer, confirm(known, offer, job))
                return
            headers |= validators(known)
        yield Request(
            offer.url,
            callback=self.on_file,
            errback=self.on_file_failure,
            cb_kwargs={"offer": offer},
            meta={"dont_cache": True, "handle_httpstatus_list": [304]} | AS_WRITTEN,
            headers=headers,
            priority=_FILES_FIRST,
            dont_filter=True,
        )

    def _ask_instead(self, offer: Offer, reason: Failure | None) -> Iterator[Request]:
        """Ask for the files that a page links when the one that it declares cannot be had, now or later."""
        if reason is None or may_pass(reason):
            return
        self.job.tally.take_back({Skip(SkipKind.NOT_DECLARED): len(offer.instead)})
        for lead in offer.instead:
            yield from self._file_request(lead, landing_url=offer.landing_url, referrer=offer.landing_url)

    def on_file(self, response: Response, offer: Offer) -> Iterator[Request]:
        """Keep a file, or note that it is what we hold."""
        if response.status != 304:
            if not offer.is_pdf and isinstance(response, TextResponse):
                response = with_usable_base(response)
                merged = merge_evidence((landing_evidence(response), offer.evidence))
                offer = replace(offer, evidence=merged)
            kept = keep(response, offer, self.job)
            self._end(offer, kept)
            yield from self._ask_instead(offer, kept.reason)
            return
        known = self.job.store.files.get(self.job.source.slug, offer.url)
        if known is None:
            self._end(offer, Kept(OfferOutcome.FAILED, failure_of_status(304)))
        else:
            self._end(offer, confirm(known, offer, self.job))

    def on_file_failure(self, failure: TwistedFailure) -> Iterator[Request]:
        """Count a file that could not be fetched, and tell one that vanished from one that never was."""
        failed = read_failure(failure)
        if failed.is_put_off:
            return
        offer: Offer = failed.request.cb_kwargs["offer"]
        outcome = OfferOutcome.REFUSED if failed.is_refused else OfferOutcome.FAILED
        if failed.status in _NOT_THERE and self.job.store.files.get(self.job.source.slug, offer.url) is not None:
            outcome = OfferOutcome.GONE
        self._end(offer, Kept(outcome, failed.reason))
        yield from self._ask_instead(offer, failed.reason)

    def on_own_error(self, error: BaseException, request: Request) -> None:
        """Count an answer over which our own code stumbled: one odd page must not hide in a log."""
        reason = Failure.of(FailureKind.OWN_ERROR, error=f"{type(error).__name__}: {error}")
        if (offer := request.cb_kwargs.get("offer")) is not None:
            self._end(offer, Kept(OfferOutcome.FAILED, reason))
        elif "lead" in request.cb_kwargs:
            self.job.tally.offer()
            self.job.tally.end_offer(OfferOutcome.FAILED, url=request.url, reason=reason)
        else:
            self.job.tally.fail_page(request.url, reason=reason)

    def _end(self, offer: Offer, kept: Kept) -> None:
        job, slug, now = self.job, self.job.source.slug, datetime.now(UTC)
        if kept.outcome is OfferOutcome.GONE:
            assert kept.reason is not None  # whatever is gone is gone for a reason
            job.store.files.mark_gone(slug, offer.url, at=now, reason=kept.reason)
        elif kept.outcome in (OfferOutcome.FAILED, OfferOutcome.REFUSED):
            job.store.files.touch_listed(slug, offer.url, at=now)
            for known_as in filter(None, (offer.landing_url, offer.url)):
                job.cache.doubt(canonical_url(known_as))
        elif offer.mark is not None:
            job.cache.remember(offer.mark)
        self.job.tally.end_offer(kept.outcome, url=offer.url, reason=kept.reason, referrer=offer.referrer)
