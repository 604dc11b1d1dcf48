"""From records to leads: the texts that a record names, or the page that describes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.origins import Origin, OriginPlace
from corpus.reasons import Skip, SkipKind
from corpus.types import Evidence, FieldEvidence
from crawler.pages.listed_links import Link, LinkKind, ListPage
from crawler.sources.rules import OaiRules
from crawler.spiders.oai.answer import OaiRecord
from crawler.spiders.oai.record_metadata import OaiFile, RecordMetadata


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
            if record.identifier:
                gone[record.identifier] = None
        elif record.description is None:
            skipped[Skip(SkipKind.RECORD_FORMAT_UNKNOWN)] += 1
        else:
            skipped.update(record.description.skipped)
            choice = _choice(record, record.description, rules)
            skipped.update(choice.skipped)
            for link in choice.links:
                links.setdefault(link.url, link)
    return ListPage(links=tuple(links.values()), skipped=dict(skipped), gone=tuple(gone), records=len(records))


@dataclass(frozen=True, slots=True)
class _Choice:
    links: tuple[Link, ...] = ()
    skipped: tuple[Skip, ...] = ()


def _choice(record: OaiRecord, description: RecordMetadata, rules: OaiRules) -> _Choice:
    """Return the leads of one record, and why it has none."""
    files = tuple(file for file in description.files if rules.admit(file.url))
    denied = (Skip(SkipKind.ADDRESS_DENIED),) * (len(description.files) - len(files))
    page = description.page
    wants_page = rules.landing == "always" or (rules.landing == "when_needed" and not files)
    if wants_page and page:
        if not rules.admit(page):
            denied = (*denied, Skip(SkipKind.ADDRESS_DENIED))
        else:
            return _Choice((_landing(record, description, files),), denied)
    if files:
        return _Choice(tuple(_files(record, description, files)), denied)
    return _Choice((), denied or (Skip(SkipKind.RECORD_WITHOUT_FILE if page else SkipKind.RECORD_WITHOUT_ADDRESS),))


def _landing(record: OaiRecord, description: RecordMetadata, files: Sequence[OaiFile]) -> Link:
    return Link(
        url=description.page,
        kind=LinkKind.LANDING,
        evidence=description.evidence,
        kinds=description.kinds,
        files=tuple(file.url for file in files),
        record=record.identifier,
        modified=record.datestamp,
    )


def _files(record: OaiRecord, description: RecordMetadata, files: Sequence[OaiFile]) -> Iterator[Link]:
    for file in files:
        yield Link(
            url=file.url,
            kind=LinkKind.FILE,
            evidence=_evidence_of_file(description.evidence, file),
            kinds=(*file.kinds, *description.kinds),
            landing_url=description.page,
            record=record.identifier,
            modified=record.datestamp,
        )


def _evidence_of_file(evidence: FieldEvidence, file: OaiFile) -> FieldEvidence:
    """Return the evidence of a record with the language of one of its files in place of those of all of them."""
    if not file.lang:
        return evidence
    origin = next((values[0].origin for values in evidence.values()), Origin(OriginPlace.RECORD))
    return {**evidence, "lang": (Evidence(value=file.lang, origin=origin),)}
