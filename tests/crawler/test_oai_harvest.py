"""Harvesting a repository over HTTP: sets, changes, deletions, tokens that expire or repeat, a run that goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from told import told

from corpus.files import open_files
from corpus.runs import RunState
from corpus.store import open_store
from crawler.net.cache import PageCache
from tests.crawler.harvesting import harvested, sample_source
from tests.crawler.oai_site import Item, OaiSite
from tests.publisher import SamplePublisher

TODAY = str(datetime.now(UTC).date())


def items(count: int, *, day: int = 1, **others) -> list[Item]:
    return [Item(number, at=f"2020-01-{day + number:02d}", **others) for number in range(count)]


def source_of(site: OaiSite, more: str = ""):
    return sample_source(site.base, protocol="oai", more=more)


def held(settings, site: OaiSite, number: int):
    with open_store(settings) as store:
        return store.files.get("a-publisher", f"{site.url}/files/{number}.pdf")


def test_a_repository_brings_the_file_of_every_record(settings):
    with OaiSite(items(5)) as site:
        run = harvested(source_of(site), settings)
    assert run.state is RunState.FINISHED, run
    assert (run.new, run.records, run.announced, run.is_complete) == (5, 5, 5, True)
    known = held(settings, site, 3)
    assert known.record == "oai:site:3"
    assert [each.value for each in known.evidence["title"]] == ["Street trade in city 3"]
    assert str(known.evidence["title"][0].origin) == "record:oai_dc"


def test_each_set_is_a_list_of_its_own_and_what_is_in_both_comes_once(settings):
    both = [*items(3, sets=("labour",)), Item(7, "2020-02-01", ("trade",)), Item(8, "2020-02-02", ("labour", "trade"))]
    with OaiSite([*both, Item(9, "2020-03-01", ("music",))]) as site:
        run = harvested(source_of(site, more='[oai]\nsets = ["labour", "trade"]'), settings)
    assert [query.get("set", "") for query in site.lists()] == ["labour", "", "trade"]
    assert (run.new, run.records, run.announced) == (5, 6, 6)


def test_a_deleted_record_flags_its_file_which_stays_readable(settings):
    with OaiSite(items(3)) as site:
        harvested(source_of(site), settings)
        site.change(1, deleted=True, at=TODAY)
        run = harvested(source_of(site), settings)
        again = harvested(source_of(site), settings)
    assert (run.gone, run.failed, again.gone) == (1, 0, 0)
    known = held(settings, site, 1)
    assert known.gone_at is not None
    assert "deleted" in told(known.gone_reason)
    assert open_files(settings).read(known.sha256).startswith(b"%PDF-")


def test_a_later_run_asks_only_for_what_changed(settings):
    with OaiSite(items(6)) as site:
        harvested(source_of(site), settings)
        site.asked.clear()
        site.change(4, version=2, at=TODAY)
        run = harvested(source_of(site), settings)
    assert [query["from"] for query in site.lists()] == [str((datetime.now(UTC) - timedelta(days=2)).date())]
    assert site.downloads() == ["/files/4.pdf"]
    assert (run.records, run.changed, run.new) == (1, 1, 0)
    assert run.state is RunState.FINISHED


def test_a_later_run_in_which_nothing_changed_is_quiet(settings):
    with OaiSite(items(3)) as site:
        harvested(source_of(site), settings)
        run = harvested(source_of(site), settings)
    assert (run.state, run.records, run.pages_failed, run.is_complete) == (RunState.FINISHED, 0, 0, True)


def test_changes_are_asked_for_to_the_second_where_the_repository_knows_seconds(settings):
    with OaiSite(items(2), granularity="YYYY-MM-DDThh:mm:ssZ") as site:
        harvested(source_of(site), settings)
        site.asked.clear()
        harvested(source_of(site), settings)
    (query,) = site.lists()
    asked = datetime.strptime(query["from"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(hours=48) <= datetime.now(UTC) - asked < timedelta(hours=49)


def test_a_repository_that_does_not_say_what_it_is_is_harvested_all_the_same(settings):
    with OaiSite(items(3)) as site:
        site.no_identify = True
        run = harvested(source_of(site), settings)
    assert (run.new, run.pages_failed, run.is_complete) == (3, 0, True)
    assert "did not identify itself" in told(run)


def test_an_expired_token_goes_on_from_the_last_day_that_came(settings):
    with OaiSite(items(9)) as site:
        site.expiring = {"//4"}
        run = harvested(source_of(site), settings)
    assert [query.get("from", query.get("resumptionToken")) for query in site.lists()] == [
        None, "//2", "//4", "2020-01-04", "/2020-01-04/2", "/2020-01-04/4",
    ]  # fmt: skip
    assert (run.new, run.records, run.announced, run.is_complete) == (9, 9, 9, True)
    assert "restarted from 2020-01-04" in told(run)


def test_an_expired_token_of_an_unordered_list_begins_it_again_once(settings):
    with OaiSite(items(6)[::-1]) as site:
        site.expiring = {"//4"}
        run = harvested(source_of(site), settings)
    assert [query.get("resumptionToken", "first") for query in site.lists()] == ["first", "//2", "//4"] * 2
    assert (run.new, run.records, run.is_complete) == (6, 6, True)
    assert len(site.downloads()) == 6


@pytest.mark.parametrize(
    ("days", "words"),
    [([1, 1, 1, 1], "Restarting the list from 2020-01-01 did not help"), ([4, 3, 2, 1], "from its beginning")],
)
def test_tokens_that_are_never_good_end_in_words(settings, days, words):
    with OaiSite([Item(number, f"2020-01-{day:02d}") for number, day in enumerate(days)]) as site:
        site.expires_for_ever = {"//2", "/2020-01-01/2"}
        run = harvested(source_of(site), settings)
    assert (run.new, run.pages_failed, run.is_complete) == (2, 1, False)
    assert "no longer accepts its own resumption token" in told(run.failures[0].reason)
    assert words in told(run.failures[0].reason)
    assert len(site.lists()) <= 10


def test_an_http_error_in_place_of_a_lost_token_is_understood(settings):
    with OaiSite(items(5)) as site:
        site.expiring, site.lost_status = {"//2"}, 410
        run = harvested(source_of(site), settings)
    assert (run.new, run.pages_failed, run.is_complete) == (5, 0, True)


def test_a_token_that_repeats_ends_in_words(settings):
    with OaiSite(items(4)) as site:
        site.repeating_token = "//2"
        run = harvested(source_of(site), settings)
    assert len(site.lists()) == 2
    assert "in a circle" in told(run.failures[0].reason)
    assert (run.new, run.is_complete) == (4, False)


def test_a_format_that_is_not_there_and_sets_that_are_not_there_are_done_without(settings):
    with OaiSite(items(3)) as site:
        site.no_sets = True
        run = harvested(source_of(site, more='[oai]\nformat = "mods"\nsets = ["a", "b"]'), settings)
    assert (run.new, run.records, run.pages_failed) == (3, 3, 0)
    assert "does not offer mods" in told(run)
    assert "has no sets" in told(run)


def leave_unfinished(settings) -> None:
    """Leave the last run as a killed one leaves itself: begun an hour ago, not ended, no moment known before it."""
    cache = PageCache(settings.data_dir / "harvest" / "a-publisher.sqlite")
    cache.follow_rules("those of nobody")
    cache.begin_run(datetime.now(UTC) - timedelta(hours=1))
    cache.close()


def test_a_run_that_goes_on_after_a_kill_asks_for_no_list_again(settings):
    with OaiSite(items(6)) as site:
        harvested(source_of(site), settings)
        leave_unfinished(settings)
        site.asked.clear()
        run = harvested(source_of(site), settings)
    assert site.asked == []
    assert (run.new, run.unchanged, run.records) == (0, 6, 6)


def test_a_run_that_goes_on_with_a_token_that_has_expired_meanwhile_is_complete(settings):
    with OaiSite(items(6)[::-1]) as site:
        site.expires_for_ever = {"//4"}
        harvested(source_of(site), settings)
        leave_unfinished(settings)
        site.expires_for_ever = set()
        site.asked.clear()
        run = harvested(source_of(site), settings)
    # The kept answers lead to a kept refusal; the list that is begun again because of it is not taken from what is kept.
    assert [query.get("resumptionToken", "first") for query in site.lists()] == ["first", "//2", "//4"]
    assert (run.unchanged, run.new, run.records, run.is_complete) == (4, 2, 6, True)


def test_no_more_answers_are_read_than_are_allowed(settings):
    with OaiSite(items(8)) as site:
        run = harvested(source_of(site, more="[oai]\npages_max = 2"), settings)
    assert (run.new, run.is_complete) == (4, False)
    assert "pages_max" in told(run)


def test_a_repository_that_has_moved_is_broken_and_not_quiet(settings):
    with OaiSite(items(2)) as site:
        harvested(source_of(site), settings)
        site.has_moved = True
        run = harvested(source_of(site), settings)
    assert (run.state, run.listings, run.gone, run.is_complete) == (RunState.BROKEN, 0, 0, False)
    assert "No list could be read" in told(run)
    assert [told(failure.reason) for failure in run.failures] == ["The server answered 404 (not found)."]


@pytest.mark.parametrize("form", ["oai_dc", "mods", "xoai"])
def test_the_sample_publisher_gives_the_same_files_in_every_format(settings, form):
    with SamplePublisher() as site:
        more = f'[oai]\nformat = "{form}"'
        run = harvested(sample_source(f"{site.url}/oai", protocol="oai", more=more), settings)
    assert run.state is RunState.FINISHED
    assert (run.new, run.gone, run.failed, run.pages_failed) == (run.records - 1, 0, 0, 0)  # one record is deleted
    assert run.records == run.announced


def test_a_repository_is_asked_by_windows_that_leave_no_day_out_and_ask_for_none_twice(settings):
    days = ["2020-01-01", "2020-01-10", "2021-05-15", "2023-03-01", TODAY]
    with OaiSite([Item(number, at=day) for number, day in enumerate(days)], at_once=9) as site:
        site.earliest = "2020-01-01"
        run = harvested(source_of(site, more="[oai]\nwindow_days = 500"), settings)
        spans = [(query["from"], query["until"]) for query in site.lists()]
        later = harvested(source_of(site, more="[oai]\nwindow_days = 500"), settings)
        assert len(site.lists()) == len(spans) + 1
    assert (run.new, run.failed, run.pages_failed, run.is_complete) == (5, 0, 0, True)
    assert (spans[0], spans[-1][1]) == (("2020-01-01", "2021-05-14"), TODAY)
    between = [(date.fromisoformat(before[1]), date.fromisoformat(after[0])) for before, after in pairwise(spans)]
    assert all(end + timedelta(days=1) == begin for end, begin in between)
    assert (later.unchanged, later.pages_failed) == (1, 0)


def test_only_records_about_the_subject_are_fetched_and_the_others_are_counted(settings):
    with OaiSite(items(3)) as site:
        run = harvested(source_of(site, more='about = ["city [02]"]\n[oai]\nlanding = "never"'), settings)
        assert site.downloads() == ["/files/0.pdf", "/files/2.pdf"]
    assert (run.new, told(run.skipped_by)) == (2, {"not about the subject of the source": 1})
