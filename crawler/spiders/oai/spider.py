"""The spider for publishers that speak OAI-PMH, and from records to links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scrapy.http import Request, Response
from twisted.python.failure import Failure

from corpus.origins import Origin, OriginPlace
from corpus.reasons import Skip, SkipKind
from corpus.types import Evidence, FieldEvidence
from corpus.urls import canonical_url
from crawler.items import Link, LinkKind, ListPage
from crawler.job import HarvestJob
from crawler.net.failures import read_failure
from crawler.sources.rules import OaiRules
from crawler.spiders.oai.list_harvest import NextRequest, RepositoryHarvest, Since, repositories
from crawler.spiders.oai.parse import OaiRecord, read_answer
from crawler.spiders.oai.record_metadata import OaiFile, RecordMetadata
from crawler.spiders.source_spider import SourceSpider


def links_of(records: Sequence[OaiRecord], rules: OaiRules) -> ListPage:
    """Return where records lead, which of them are deleted, and what rules leave out. Touches nothing.

    A record that names texts leads to these (`landing` = `when_needed`), else to the page that describes it.
    """
    links: dict[str, Link] = {}
    skipped: Counter[Skip] = Counter()
    gone: dict[str, None] = {}
    for record in records:
        if not record.identifier:
            skipped[Skip(SkipKind.RECORD_WITHOUT_IDENTIFIER)] += 1
        if record.is_deleted:
            gone |= {record.identifier: None} if record.identifier else {}
        elif record.description is None:
            skipped[Skip(SkipKind.RECORD_FORMAT_UNKNOWN)] += 1
        else:
            skipped.update(record.description.skipped)
            for each in _outcomes(record, record.description, rules):
                if isinstance(each, Link):
                    links.setdefault(each.url, each)
                else:
                    skipped[each] += 1
    return ListPage(links=tuple(links.values()), skipped=dict(skipped), gone=tuple(gone), records=len(records))


def _outcomes(record: OaiRecord, description: RecordMetadata, rules: OaiRules) -> Iterator[Link | Skip]:
    """Yield the links of one record, and why others, or all, are left out."""
    files = tuple(file for file in description.files if rules.admit(file.url))
    is_denied = len(files) < len(description.files)
    yield from (Skip(SkipKind.ADDRESS_DENIED) for _ in range(len(description.files) - len(files)))
    page = description.page
    link = Link(
        url=page,
        kind=LinkKind.LANDING,
        evidence=description.evidence,
        kinds=description.kinds,
        files=tuple(file.url for file in files),
        record=record.identifier,
        modified=record.datestamp,
    )
    if page and (rules.landing == "always" or (rules.landing == "when_needed" and not files)):
        if rules.admit(page):
            yield link
            return
        is_denied = True
        yield Skip(SkipKind.ADDRESS_DENIED)
    for file in files:
        evidence, kinds = _evidence_of_file(description.evidence, file), (*file.kinds, *description.kinds)
        named = replace(link, url=file.url, kind=LinkKind.FILE, files=(), landing_url=page)
        yield replace(named, evidence=evidence, kinds=kinds)
    if not files and not is_denied:
        yield Skip(SkipKind.RECORD_WITHOUT_FILE if page else SkipKind.RECORD_WITHOUT_ADDRESS)


def _evidence_of_file(evidence: FieldEvidence, file: OaiFile) -> FieldEvidence:
    """Return the evidence of a record with the language of one of its files in place of those of all of them."""
    if not file.lang:
        return evidence
    origin = next((values[0].origin for values in evidence.values()), Origin(OriginPlace.RECORD))
    return {**evidence, "lang": (Evidence(value=file.lang, origin=origin),)}


_BEFORE_FILES = 30
"""Priority of an answer that cannot wait; see crawler.spiders.source_spider for those of files and pages."""
_WITH_WORDS = [400, 404, 410, 422]
"""HTTP statuses whose answers are read: repositories put errors of the protocol into them."""
_REPOSITORY = "oai_repository"


class OaiSpider(SourceSpider):
    """Ask repositories for what they are, then for their lists, one after the other: tokens do not live long."""

    name = "oai"
    rules: OaiRules
    asks_since = True
    barren_pages_max = None
    ends_with_404 = False

    def __init__(self, job: HarvestJob, **others: Any) -> None:
        super().__init__(job, **others)
        since = Since(moment=job.since, now=datetime.now(UTC))
        self._repositories = repositories(job.source.start, self.rules, since=since)
        self._hurried: set[str] = set()

    def first_pages(self) -> Iterable[str]:
        """Return the address at which each repository says what it is."""
        return [repository.asking.url for repository in self._repositories if repository.asking is not None]

    def read(self, response: Response) -> ListPage:
        """Return where the records of one answer lead, and what is asked for next."""
        repository: RepositoryHarvest = response.meta[_REPOSITORY]
        answer = read_answer(
            response.body,
            charset=_charset(response),
            base=repository.base,
            languages=self.job.source.languages,
        )
        is_list = repository.asking is not None and repository.asking.verb == "ListRecords"
        step = repository.take(answer, status=response.status)
        if not is_list or (step.trouble and not answer.records):
            # What a repository says of itself is no list, nor is an error: a run that got nothing else is broken.
            self.stats.inc_value("listings", -1)
        if note := repository.over_limit():
            self.stats.cut_short(note)
        found = links_of(answer.records, self.rules)
        announced = [each.announced for each in self._repositories if each.announced is not None]
        return replace(
            found,
            more=self._more(step),
            records=step.records,
            announced=sum(announced) if announced else None,
            trouble=step.trouble,
            note=step.note,
        )

    def further_pages(self, found: ListPage, *, number: int) -> tuple[str, ...]:
        """Return what is asked for next."""
        return found.more

    def on_listing_failure(self, failure: Failure) -> Iterator[Request]:
        """Count a list that could not be fetched, and go on with the next; a repository need not say what it is."""
        failed = read_failure(failure)
        if failed.is_put_off:
            return
        repository: RepositoryHarvest = failed.request.meta[_REPOSITORY]
        step = repository.miss(failed.reason)
        if step.trouble:
            super().on_listing_failure(failure)
        self.stats.note(step.note, at=failed.request.url)
        for url in self._more(step):
            yield from self.list_request(url, number=1, barren=0, referrer="")

    def _more(self, step: NextRequest) -> tuple[str, ...]:
        if step.asking is None:
            return ()
        if step.hurry:
            self._hurried.add(step.asking.url)
        return (step.asking.url,)

    def list_request(self, url: str, *, number: int = 1, barren: int = 0, referrer: str = "") -> Iterator[Request]:
        """Ask, also for what was asked for before: RepositoryHarvest tells lists that are begun again from circles."""
        key = canonical_url(url)
        is_again = key in self._listings_seen
        self._listings_seen.discard(key)
        repository = next(each for each in self._repositories if each.asking is not None and each.asking.url == url)
        for request in super().list_request(url, number=number, barren=barren, referrer=referrer):
            more = {_REPOSITORY: repository, "ask_again": is_again, "handle_httpstatus_list": _WITH_WORDS}
            priority = _BEFORE_FILES if url in self._hurried else request.priority
            yield request.replace(meta={**request.meta, **more}, priority=priority)


def _charset(response: Response) -> str:
    """Return the charset of the Content-Type header; empty when it has none."""
    declared = (response.headers.get(b"Content-Type") or b"").decode("latin-1")
    return declared.rpartition("charset=")[2].split(";")[0].strip(" \"'") if "charset=" in declared else ""
