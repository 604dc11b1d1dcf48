"""The bodies of concepts, sources and the state of things. Names here stay; new ones may be added."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from corpus.messages.reasons import reason_in_words
from corpus.messages.runs import run_in_words
from corpus.messages.skips import skips_in_words
from corpus.runs import HarvestRun, RunFailure
from corpus.source_health import SourceHealth, what_next
from search_api.answers.coverage import Coverage
from search_api.api.run_names import run_name


class ConceptBody(BaseModel):
    """An entry of the vocabulary."""

    id: str
    labels: dict[str, str] = Field(description="in en, es, fr and pt")
    broader: list[str]
    codes: dict[str, str]
    note: str
    count: int = Field(description="documents that have it, narrower ones included")


class VocabularyBody(BaseModel):
    """One kind of concept."""

    facet: str
    concepts: list[ConceptBody]


class FacetListBody(BaseModel):
    """The kinds of concept, and how many each has."""

    facets: dict[str, int]


class RunBody(BaseModel):
    """A harvest of a source: what it came to."""

    name: str = Field(
        description="identifies the run within its source, permanently", examples=["20261123T064500.123456Z"]
    )
    started: datetime
    ended: datetime
    state: str = Field(description="finished, broken, paused, interrupted or crashed")
    words: str = Field(description="the state and its reason, for a person")
    verdict: str = Field(description="the reason as a name such as `as_expected` or `too_few`")
    since: datetime | None = Field(description="only changes since then were requested; null: everything")
    is_complete: bool = Field(description="the run was complete")
    offered: int = Field(
        description="files that lists and landing pages offered; each is in one of the next six counts"
    )
    new: int
    changed: int
    unchanged: int
    gone: int = Field(description="no longer at the publisher (404, 410, deleted record); kept here")
    refused: int = Field(description="by robots.txt")
    failed: int
    not_ended: int = Field(description="files that an interrupted run did not reach")
    unlisted: int = Field(description="no longer listed by the publisher; kept here")
    skipped: int = Field(description="by a rule of the source file")
    skipped_by: dict[str, int] = Field(description="the same by rule, in words")
    expected: int | None = Field(description="the least number of files that the source is expected to have")
    announced: int | None = Field(description="the number of records that the publisher announces")
    held: int = Field(description="files of the source after the run")
    records: int = Field(description="records and entries in its lists")
    listings: int = Field(description="pages of lists that were read")
    landing_pages: int
    pages_failed: int = Field(description="lists that could not be read")
    requests: int
    not_modified: int = Field(description="answers 304 (not modified)")
    bytes: int
    failures_listed: int = Field(description="addresses whose failure the report of the run lists")

    @classmethod
    def of(cls, run: HarvestRun) -> RunBody:
        """Return the body of a run."""
        return RunBody(**_run_values(run))


def _run_values(run: HarvestRun) -> dict[str, Any]:
    own = {
        "name": run_name(run.started),
        "failures_listed": len(run.failures),
        "skipped_by": skips_in_words(run.skipped_by),
        "words": run_in_words(run),
        "verdict": run.verdict.kind,
    }
    return own | {name: getattr(run, name) for name in RunBody.model_fields if name not in own}


class FailureBody(BaseModel):
    """An address that could not be fetched or used."""

    url: str
    reason: str = Field(description="for a person")
    kind: str = Field(description="the reason as a name such as `http_status`")
    detail: dict[str, str | int | float] = Field(description="what is known of the case, such as the `status`")
    referrer: str = Field(description="the page on which the address was found; empty: a start address")

    @classmethod
    def of(cls, failure: RunFailure) -> FailureBody:
        """Return the body of a failure."""
        return cls(
            url=failure.url,
            reason=reason_in_words(failure.reason),
            kind=failure.reason.kind,
            detail=dict(failure.reason.detail),
            referrer=failure.referrer,
        )


class RunReportBody(RunBody):
    """A harvest with each of its failures."""

    failures: list[FailureBody] = Field(description="the first 200, in order of occurrence")
    failures_left_out: int = Field(description="how many more were counted")

    @classmethod
    def of(cls, run: HarvestRun) -> RunReportBody:
        """Return the body of a run with its failures."""
        failures = [FailureBody.of(each) for each in run.failures]
        return RunReportBody(**_run_values(run), failures=failures, failures_left_out=run.failures_left_out)


class RunsBody(BaseModel):
    """The harvests of a source, newest first."""

    total: int
    runs: list[RunBody]
    next: str = Field(description="give it as `cursor` to get the runs before these; empty: there are none")


class SourceBody(BaseModel):
    """A publisher's collection and its health."""

    slug: str
    name: str
    homepage: str
    protocol: str
    country: str | None
    languages: list[str]
    licence: str
    note: str = Field(description="for a librarian")
    is_sample: bool
    is_declared: bool = Field(description="it has a source file")
    verified: bool | None = Field(description="verified on the live site; null: it has no source file")
    state: str = Field(description="well, broken, crashed, paused, interrupted, never_harvested or not_verified")
    what_next: str = Field(description="what the operator can do about it; empty: nothing")
    every_days: float | None = Field(description="from one run to the next; null: no schedule")
    scheduled: bool = Field(description="`pushcart harvest --due` harvests it")
    due: datetime | None = Field(description="null: at once if it is scheduled, otherwise never automatically")
    documents: int
    files: int
    gone: int = Field(description="files that the publisher no longer has; kept here")
    outcomes: dict[str, int] = Field(description="files by how their reading ended")
    pages_read: int
    page_total: int = Field(description="pages that its files say they have")
    newest: datetime | None = Field(description="when its newest document was first seen")
    last_run: RunBody | None = Field(description="null: never harvested")

    @classmethod
    def of(cls, health: SourceHealth) -> SourceBody:
        """Return the body of a source."""
        return SourceBody(**_source_values(health), last_run=RunBody.of(health.last_run) if health.last_run else None)


def _source_values(health: SourceHealth) -> dict[str, Any]:
    source, declared = health.source, health.declared
    return {
        "slug": source.slug,
        "name": source.name,
        "homepage": source.homepage,
        "protocol": source.protocol,
        "country": source.country,
        "languages": list(source.languages),
        "licence": source.licence,
        "note": declared.note if declared else "",
        "is_sample": source.is_sample,
        "is_declared": declared is not None,
        "verified": declared.verified if declared else None,
        "state": health.state,
        "what_next": what_next(health),
        "every_days": declared.every / timedelta(days=1) if declared and declared.every else None,
        "scheduled": bool(declared and declared.is_scheduled),
        "due": declared.due if declared else None,
        "documents": health.documents,
        "files": health.files,
        "gone": health.gone,
        "outcomes": dict(health.outcomes),
        "pages_read": health.pages_read,
        "page_total": health.page_total,
        "newest": health.newest,
    }


class CoverageBody(BaseModel):
    """How much was read, and how much of that can be found."""

    documents: int
    documents_indexed: int
    pages_read: int
    page_total: int = Field(description="pages that the files of the documents say they have")
    pages_indexed: int
    pages_without_words: int = Field(description="images and empty pages, which have no text to search")
    pages_missing: int = Field(description="pages with text that are not searchable yet")
    changes_behind: int = Field(description="how many changes, at most, the index does not show yet")

    @classmethod
    def of(cls, coverage: Coverage) -> CoverageBody:
        """Return the body of a coverage."""
        return cls(**{name: getattr(coverage, name) for name in cls.model_fields})


class SourceReportBody(SourceBody):
    """A source with the whole report of its last run, and with what of its documents can be found."""

    last_report: RunReportBody | None = Field(description="`last_run` with its failures")
    coverage: CoverageBody | None = Field(description="null: the search index does not answer")

    @classmethod
    def whole(cls, health: SourceHealth, *, coverage: Coverage | None) -> SourceReportBody:
        """Return the body of a source with its report and coverage."""
        run = health.last_run
        return SourceReportBody(
            **_source_values(health),
            last_run=RunBody.of(run) if run else None,
            last_report=RunReportBody.of(run) if run else None,
            coverage=CoverageBody.of(coverage) if coverage else None,
        )


class SourcesBody(BaseModel):
    """All sources: declared ones, and those that have brought something."""

    sources: list[SourceBody]


class StatusBody(BaseModel):
    """What is held and what of it can be searched."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "documents": 12480,
                    "pages": 611000,
                    "indexed": 12480,
                    "behind": 0,
                    "outcomes": {"read": 12480, "scanned": 12},
                    "engine": "tantivy 0.27.0",
                }
            ]
        }
    )

    documents: int
    pages: int
    indexed: int = Field(description="documents that can be searched")
    behind: int = Field(description="how many changes, at most, the index does not show yet")
    index_misfit: str = Field(
        default="", description="why the index must be rebuilt, in words; empty: it is up to date"
    )
    index_rebuild: str = Field(default="", description="the progress of a rebuild; empty: none is running")
    outcomes: dict[str, int]
    engine: str
