"""What every protocol's spider shares: from a lead to its landing page, from there to its files, and all accounts."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Iterator
from typing import Any

import scrapy
from scrapy.http import Request, Response, TextResponse
from twisted.python.failure import Failure

from corpus.types import FieldEvidence
from corpus.urls import canonical_url
from crawler.addresses import refusal_of
from crawler.choosing import choose_files, translated_pages
from crawler.evidence import kinds_of, landing_evidence
from crawler.html_parts import main_text_length
from crawler.job import HarvestJob
from crawler.keeping import Kept, Offer, confirm, keep, sniff
from crawler.leads import Found, Lead, LeadKind, merge_evidence
from crawler.links import file_kind
from crawler.reasons import read_failure, words_of_status
from crawler.tally import OfferOutcome

BARREN_PAGES_MAX = 2
"""So many pages of a listing in a row that bring no new lead end it: calendars and repeated last pages go on for ever."""
_FILES_FIRST, _LANDING_PAGES_SECOND = 20, 10
"""Priorities of requests: what is nearest to a document goes first, so that the queue stays short."""


class SourceSpider(scrapy.Spider):
    """Harvest one source. A protocol's spider says how its listings are read; everything else is here.

    `job` holds all it works with; see crawler.job.
    """

    name = "source"
    follows_translations = True
    """Whether the translations that a landing page declares are fetched too."""

    def __init__(self, job: HarvestJob, **others: Any) -> None:
        super().__init__(**others)
        self.job = job
        self._listings_seen: set[str] = set()
        self._leads_seen: set[str] = set()

    @abstractmethod
    def read(self, response: Response) -> Found:
        """Return what one page of a listing, or one feed, leads to. Raises nothing; trouble goes to `Found.note`."""

    @abstractmethod
    def further_pages(self, found: Found, *, number: int) -> tuple[str, ...]:
        """Return the addresses that follow page `number` (1-based) of a listing; empty at its end."""

    async def start(self) -> AsyncIterator[Request]:
        """Begin; Scrapy calls this."""
        for address in self.job.source.start:
            for request in self._listing_request(address, number=1, barren=0, referrer=""):
                yield request

    def _listing_request(self, url: str, *, number: int, barren: int, referrer: str) -> Iterator[Request]:
        if url not in self._listings_seen:
            self._listings_seen.add(url)
            yield Request(
                url,
                callback=self.on_listing,
                errback=self.on_listing_failure,
                cb_kwargs={"number": number, "barren": barren},
                meta={"found_on": referrer},
                dont_filter=True,
            )

    def on_listing(self, response: Response, number: int, barren: int) -> Iterator[Request]:
        """Follow the leads of one page of a listing, and the listing itself while it brings new ones."""
        tally = self.job.tally
        tally.listings += 1
        tally.tell(response.url)
        found = self.read(response)
        tally.skip(found.skipped)
        tally.note(f"{response.url}: {found.note}" if found.note else "")
        before = len(self._leads_seen)
        for lead in found.leads:
            yield from self._follow(lead, referrer=response.url)
        barren = 0 if len(self._leads_seen) > before else barren + 1
        if barren < BARREN_PAGES_MAX:
            for url in self.further_pages(found, number=number):
                yield from self._listing_request(url, number=number + 1, barren=barren, referrer=response.url)

    def on_listing_failure(self, failure: Failure) -> None:
        """Count a listing that could not be fetched. The page after the last one is often a 404, and no failure."""
        failed = read_failure(failure)
        is_past_the_end = failed.status in (404, 410) and failed.request.cb_kwargs["number"] > 1
        if not is_past_the_end:
            found_on = failed.request.meta["found_on"]
            self.job.tally.fail_page(failed.request.url, reason=failed.reason, referrer=found_on)

    def _follow(self, lead: Lead, *, referrer: str) -> Iterator[Request]:
        if reason := refusal_of(lead.url, allow_private=self.job.source.polite.allow_private):
            self.job.tally.offer()
            self.job.tally.end_offer(OfferOutcome.FAILED, url=lead.url, reason=reason, referrer=referrer)
            return
        key = canonical_url(lead.url)
        if key in self._leads_seen or lead.url in self._listings_seen:
            return
        self._leads_seen.add(key)
        if ignored := sorted(self.job.source.ignored_kinds & set(lead.kinds)):
            self.job.tally.skip({f"kind: {ignored[0]}": 1})
        elif lead.kind is LeadKind.FILE:
            yield from self._file_request(lead, landing_url="", referrer=referrer)
        else:
            yield Request(
                lead.url,
                callback=self.on_landing,
                errback=self.on_landing_failure,
                cb_kwargs={"lead": lead},
                meta={"found_on": referrer},
                headers={"Referer": referrer} if referrer else {},
                priority=_LANDING_PAGES_SECOND,
                dont_filter=True,
            )

    def on_landing(self, response: Response, lead: Lead) -> Iterator[Request]:
        """Take the files of a landing page, or the page itself when it is the text."""
        tally, source = self.job.tally, self.job.source
        tally.landing_pages += 1
        tally.tell(response.url)
        if not isinstance(response, TextResponse) or sniff(response.body) == "application/pdf":
            self._keep_page(response, evidence=lead.evidence, referrer=response.meta["found_on"])
            return
        evidence = merge_evidence((landing_evidence(response), lead.evidence))
        if ignored := sorted(source.ignored_kinds & kinds_of(evidence)):
            tally.skip({f"kind: {ignored[0]}": 1})
            return
        translations = translated_pages(response, languages=source.languages) if self.follows_translations else ()
        for translation in translations:
            yield from self._follow(translation, referrer=response.url)
        found = choose_files(response, source.files)
        tally.skip(found.skipped)
        files = found.leads or _named_files(lead)
        for file in files:
            merged = merge_evidence((file.evidence, evidence))
            known_lead = Lead(url=file.url, kind=LeadKind.FILE, evidence=merged, kinds=("pdf",))
            yield from self._file_request(known_lead, landing_url=response.url, referrer=response.url)
        if source.files.html_text == "always" or (source.files.html_text == "when_no_pdf" and not files):
            self._keep_text(response, evidence=evidence)

    def on_landing_failure(self, failure: Failure) -> Iterator[Request]:
        """Fall back on the files that were named beside it, or count a publication that was offered and not got."""
        failed = read_failure(failure)
        lead: Lead = failed.request.cb_kwargs["lead"]
        found_on = failed.request.meta["found_on"]
        for file in _named_files(lead):
            yield from self._file_request(file, landing_url=failed.request.url, referrer=found_on)
        if not lead.files:
            outcome = OfferOutcome.REFUSED if failed.is_refused else OfferOutcome.FAILED
            self.job.tally.offer()
            self.job.tally.end_offer(outcome, url=failed.request.url, reason=failed.reason, referrer=found_on)

    def _keep_text(self, response: TextResponse, *, evidence: FieldEvidence) -> None:
        if main_text_length(response) < self.job.source.files.html_characters_min:
            self.job.tally.skip({"no PDF, and too little text": 1})
        else:
            self._keep_page(response, evidence=evidence, referrer=response.meta["found_on"])

    def _keep_page(self, response: Response, *, evidence: FieldEvidence, referrer: str) -> None:
        """Keep an answer that came as a page and is itself the file."""
        assert response.request is not None
        key = canonical_url(response.request.url)
        self.job.tally.offer()
        offer = Offer(url=key, is_pdf=False, evidence=evidence, landing_url=response.url, referrer=referrer)
        self._end(offer, keep(response, offer, self.job))

    def _file_request(self, lead: Lead, *, landing_url: str, referrer: str) -> Iterator[Request]:
        job = self.job
        key = canonical_url(lead.url)
        if landing_url and key in self._leads_seen:
            return
        self._leads_seen.add(key)
        job.tally.offer()
        is_pdf = "pdf" in (*lead.kinds, file_kind(lead.url))
        offer = Offer(url=key, is_pdf=is_pdf, evidence=lead.evidence, landing_url=landing_url, referrer=referrer)
        known = job.store.known_file(job.source.slug, key)
        headers = {"Referer": referrer} if referrer else {}
        if known is not None and job.files.has(known.sha256):
            if job.resumed_since is not None and known.fetched_at >= job.resumed_since:
                self._end(offer, confirm(known, offer, job))
                return
            headers |= {"If-None-Match": known.etag} if known.etag else {}
            headers |= {"If-Modified-Since": known.last_modified} if known.last_modified else {}
        yield Request(
            lead.url,
            callback=self.on_file,
            errback=self.on_file_failure,
            cb_kwargs={"offer": offer},
            meta={"dont_cache": True, "handle_httpstatus_list": [304]},
            headers=headers,
            priority=_FILES_FIRST,
            dont_filter=True,
        )

    def on_file(self, response: Response, offer: Offer) -> None:
        """Keep a file, or note that it is what we hold."""
        if response.status != 304:
            if not offer.is_pdf and isinstance(response, TextResponse):
                merged = merge_evidence((landing_evidence(response), offer.evidence))
                offer = Offer(url=offer.url, is_pdf=False, evidence=merged, referrer=offer.referrer)
            self._end(offer, keep(response, offer, self.job))
            return
        known = self.job.store.known_file(self.job.source.slug, offer.url)
        if known is None:
            self._end(offer, Kept(OfferOutcome.FAILED, words_of_status(304)))
        else:
            self._end(offer, confirm(known, offer, self.job))

    def on_file_failure(self, failure: Failure) -> None:
        """Count a file that could not be fetched, and tell one that vanished from one that never was."""
        failed = read_failure(failure)
        offer: Offer = failed.request.cb_kwargs["offer"]
        outcome = OfferOutcome.REFUSED if failed.is_refused else OfferOutcome.FAILED
        if failed.status in (404, 410) and self.job.store.known_file(self.job.source.slug, offer.url) is not None:
            outcome = OfferOutcome.GONE
        self._end(offer, Kept(outcome, failed.reason))

    def on_own_error(self, error: BaseException, request: Request) -> None:
        """Count an answer over which our own code stumbled: one odd page must not hide in a log."""
        reason = f"Pushcart could not work with this answer ({type(error).__name__}: {error})."
        if (offer := request.cb_kwargs.get("offer")) is not None:
            self._end(offer, Kept(OfferOutcome.FAILED, reason))
        elif "lead" in request.cb_kwargs:
            self.job.tally.offer()
            self.job.tally.end_offer(OfferOutcome.FAILED, url=request.url, reason=reason)
        else:
            self.job.tally.fail_page(request.url, reason=reason)

    def _end(self, offer: Offer, kept: Kept) -> None:
        self.job.tally.end_offer(kept.outcome, url=offer.url, reason=kept.reason, referrer=offer.referrer)


def _named_files(lead: Lead) -> tuple[Lead, ...]:
    """Return the PDFs that a feed entry names beside its landing page."""
    return tuple(Lead(url=url, kind=LeadKind.FILE, evidence=lead.evidence, kinds=("pdf",)) for url in lead.files)
