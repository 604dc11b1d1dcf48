"""Which sources are meant, and documents that a person names by their addresses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from corpus.errors import BadInput, BadSource
from corpus.run_reasons import Verdict, VerdictKind
from corpus.runs import HarvestRun, RunState
from corpus.store import open_store
from corpus.types import LOCAL_SOURCE
from crawler.sources.load import load_sources, parse_source
from pushcart.harvesting import (
    at_its_address,
    choose_due,
    choose_sources,
    fetch_addresses,
    open_demo_publisher,
    refuse_to_mix,
)
from tests.builders import make_fetched, make_source
from tests.publisher import SamplePublisher

SOURCE = """
slug = "{slug}"
name = "A Publisher"
protocol = "feed"
start = ["https://example.org/{slug}.xml"]
verified = {verified}
"""


def declared(*sources: tuple[str, bool]):
    texts = [SOURCE.format(slug=slug, verified=str(verified).lower()) for slug, verified in sources]
    return [parse_source(text, path=Path("source.toml")) for text in texts]


def slugs(chosen) -> list[str]:
    return [source.slug for source in chosen]


def test_without_a_name_every_verified_source_is_meant():
    assert slugs(choose_sources([], declared=declared(("a", True), ("b", False), ("c", True)))) == ["a", "c"]


def test_a_source_that_was_never_tried_live_wants_to_be_named():
    sources = declared(("a", True), ("b", False))
    assert slugs(choose_sources(["b"], declared=sources)) == ["b"]
    with pytest.raises(BadInput, match="No declared source has been verified yet"):
        choose_sources([], declared=declared(("b", False)))


def test_samples_are_harvested_only_by_name(settings):
    sources = load_sources(settings)
    assert slugs(choose_sources(["sample"], declared=sources)) == ["sample"]
    assert not any(source.is_sample for source in choose_sources([], declared=[*sources, *declared(("a", True))]))


def test_a_name_that_no_source_has_is_said():
    with pytest.raises(BadSource, match="nosuch"):
        choose_sources(["nosuch"], declared=declared(("a", True)))


def test_the_demonstration_publisher_answers_on_another_port_when_its_own_is_taken():
    with open_demo_publisher() as one, open_demo_publisher() as other:
        assert one.url != other.url


def test_samples_keep_their_addresses_whatever_the_port(settings):
    (source,) = choose_sources(["sample"], declared=load_sources(settings))
    with at_its_address(source) as one, at_its_address(source) as other:
        assert one.connect_to != other.connect_to
        assert one.start == other.start == ("http://samples.pushcart.example/publications",)


def test_another_source_stays_where_it_is():
    (source,) = declared(("a", True))
    with at_its_address(source) as ready:
        assert ready == source


def test_samples_are_not_put_among_other_documents(settings):
    sources = load_sources(settings)
    (sample,) = choose_sources(["sample"], declared=sources)
    refuse_to_mix([sample], settings=settings)
    with pytest.raises(BadInput, match="Samples are not mixed with other documents"):
        refuse_to_mix([sample, *declared(("a", True))], settings=settings)
    with open_store(settings) as store:
        store.sources.save(make_source(slug=LOCAL_SOURCE))
        store.files.save(make_fetched(source=LOCAL_SOURCE))
    refuse_to_mix(declared(("a", True)), settings=settings)
    with pytest.raises(BadInput, match="Samples are not mixed with other documents"):
        refuse_to_mix([sample], settings=settings)


@pytest.mark.slow
def test_a_file_and_a_landing_page_are_added_by_their_addresses_once(settings):
    with SamplePublisher() as site:
        pdf = next(entry for entry in site.site.entries if entry.pdf_path)
        page = next(entry for entry in site.site.entries if not entry.pdf_path)
        addresses = [site.url + pdf.pdf_path, site.url + page.path]
        first = fetch_addresses(addresses, settings=settings)
        second = fetch_addresses(addresses, settings=settings)
    assert (first.new, first.failed) == (2, 0)
    assert (second.new, second.unchanged) == (0, 2)
    with open_store(settings) as store:
        kept = store.files.outcomes(source=LOCAL_SOURCE)
    assert sorted(each.url for each in kept) == sorted(addresses)


def a_run(slug: str, *, days_ago: float) -> HarvestRun:
    then = datetime.now(UTC) - timedelta(days=days_ago)
    return HarvestRun(
        source=slug, started=then, ended=then, state=RunState.FINISHED, verdict=Verdict(VerdictKind.AS_EXPECTED)
    )


def test_only_what_is_due_is_chosen_and_what_was_harvested_by_name_before_counts(settings):
    sources = declared(("a", True), ("b", False), ("c", False), ("d", True))
    with open_store(settings) as store:
        for slug, days in (("a", 1), ("c", 30), ("d", 8)):
            store.sources.save(next(each for each in sources if each.slug == slug).as_source())
            store.runs.save(a_run(slug, days_ago=days))
    assert slugs(choose_due([], declared=sources, settings=settings)) == ["c", "d"]
    assert slugs(choose_due(["a", "d"], declared=sources, settings=settings)) == ["d"]


def test_when_nothing_is_due_the_next_one_is_named(settings, capsys):
    sources = declared(("a", True))
    with open_store(settings) as store:
        store.sources.save(sources[0].as_source())
        store.runs.save(a_run("a", days_ago=1))
    assert choose_due([], declared=sources, settings=settings) == []
    assert "No source is due. The next is a, on" in " ".join(capsys.readouterr().err.split())


def test_a_removed_source_is_harvested_only_by_name_until_then(settings):
    sources = declared(("a", True), ("b", True))
    with open_store(settings) as store:
        for source in sources:
            store.sources.save(source.as_source())
            store.runs.save(a_run(source.slug, days_ago=30))
        store.sources.conclude_removal("a", at=datetime.now(UTC))
        removed = store.sources.removed()
    assert slugs(choose_due([], declared=sources, settings=settings)) == ["b"]
    assert slugs(choose_sources([], declared=sources, removed=removed)) == ["b"]
    assert slugs(choose_sources(["a"], declared=sources, removed=removed)) == ["a"]
