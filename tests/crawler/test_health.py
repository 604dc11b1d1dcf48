"""Source files beside what the sources brought."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from corpus.run_reasons import Verdict
from corpus.runs import HarvestRun, RunState
from corpus.source_health import SourceHealth, SourceState
from crawler.sources.declared_now import with_declared
from crawler.sources.model import AddressesSource, Schedule, SourceFile
from tests.builders import A_DAY, make_source


def make_file(slug: str, **others: Any) -> SourceFile:
    plain = {"name": f"Declared {slug}", "start": ("https://office.example/a.pdf",)}
    return AddressesSource(**{"slug": slug} | plain | others)


def make_health(slug: str, state: RunState | None = None) -> SourceHealth:
    run = HarvestRun(slug, A_DAY, A_DAY, state, Verdict.told("Words.")) if state else None
    return SourceHealth(source=make_source(slug), documents=3, files=3, last_run=run)


def test_sources_that_were_never_harvested_are_there_beside_those_that_were() -> None:
    found = with_declared(
        [make_health("wiego", RunState.FINISHED), make_health("own")],
        declared=[make_file("wiego"), make_file("new"), make_file("tried", verified=False)],
    )
    assert [(each.source.slug, each.state) for each in found] == [
        ("new", SourceState.NEVER),
        ("own", SourceState.WELL),
        ("tried", SourceState.UNVERIFIED),
        ("wiego", SourceState.WELL),
    ]
    assert found[3].documents == 3
    assert found[3].source.name == "Declared wiego"
    assert found[1].declared is None


def test_a_source_is_due_when_its_schedule_says_so_and_a_broken_one_after_a_day() -> None:
    every = Schedule(every_days=14)
    well, broken = with_declared(
        [make_health("broken", RunState.BROKEN), make_health("a-well", RunState.FINISHED)],
        declared=[make_file("broken", schedule=every), make_file("a-well", schedule=every)],
    )
    assert well.declared is not None
    assert well.declared.due == A_DAY + timedelta(days=14)
    assert broken.declared is not None
    assert broken.declared.due == A_DAY + timedelta(days=1)


def test_samples_and_what_nobody_tried_are_not_harvested_by_themselves() -> None:
    found = with_declared(
        [],
        declared=[make_file("a", sample=True), make_file("b", verified=False), make_file("c")],
    )
    assert [each.declared.is_scheduled for each in found if each.declared] == [False, False, True]
    assert [each.declared.due for each in found if each.declared] == [None, None, None]


def test_the_samples_are_where_their_file_says_as_other_sources_are() -> None:
    (sample,) = with_declared(
        [make_health("sample")], declared=[make_file("sample", sample=True, homepage="http://elsewhere.example")]
    )
    assert sample.source.homepage == "http://elsewhere.example"
