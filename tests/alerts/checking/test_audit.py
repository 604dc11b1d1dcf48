"""The audit starts from the documents that everybody finds, and notices whoever was not told of them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from alerts.checking.audit import AuditOutcome, keep_report, last_report
from alerts.checking.newest import newest_from_engine, newest_from_site
from corpus.alerts import AttemptOutcome, Frequency, MatchOutcome, StoppedWhy
from corpus.errors import BadInput, EngineUnavailable
from corpus.store.alert_tables import matches
from search_api.indexing import rebuild
from tests.alerts.checking.site import DAY, HOUR, MINUTE, AlertSite, now_at


def told(site: AlertSite, **others) -> dict[AuditOutcome, int]:
    return dict(site.audited(**others).counts)


def test_everybody_who_was_told_in_time_is_fine(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    site.match(site.found(followed, "d1"))
    site.send(followed)
    report = site.audited()
    assert (report.is_good, report.documents, report.searches, dict(report.counts)) == (
        True,
        1,
        1,
        {AuditOutcome.SENT: 1},
    )


def test_17_a_match_that_is_gone_from_the_table_is_noticed(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    site.match(site.found(followed, "d1"))
    site.send(followed)
    site.sweep(followed)
    with site.store._database.writes() as connection:
        connection.execute(sa.delete(matches))
    report = site.audited()
    assert not report.is_good
    assert [(each.subscription, each.document, each.told) for each in report.findings] == [
        (followed.id, "d1", AuditOutcome.MISSING)
    ]


def test_17_matching_that_has_stopped_is_noticed_although_no_queue_says_so(site: AlertSite) -> None:
    site.follow()
    site.document("d1", is_related=False)
    assert site.store.matches.unmatched() == ()
    assert told(site) == {AuditOutcome.IN_TIME: 1}
    assert told(site, at=now_at(plus=3 * HOUR)) == {AuditOutcome.NOT_MATCHED: 1}


@pytest.mark.parametrize(
    ("frequency", "in_time", "late"),
    [
        (Frequency.AT_ONCE, 2 * HOUR, 3 * HOUR),
        (Frequency.DAILY, 25 * HOUR, 27 * HOUR),
        (Frequency.WEEKLY, 7 * DAY, 7 * DAY + 3 * HOUR),
    ],
)
def test_17_a_digest_that_is_never_made_is_noticed_when_its_time_is_over(
    site: AlertSite, frequency: Frequency, in_time: timedelta, late: timedelta
) -> None:
    followed = site.follow(frequency=frequency)
    site.document("d1")
    site.match(site.found(followed, "d1"))
    assert told(site, at=now_at(plus=in_time)) == {AuditOutcome.IN_TIME: 1}
    assert told(site, at=now_at(plus=late)) == {AuditOutcome.UNTOLD: 1}


def test_17_a_message_that_is_never_sent_is_noticed(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    site.match(site.found(followed, "d1"))
    site.send(followed, outcome=AttemptOutcome.TEMPORARY, answer="451", again_in=MINUTE)
    assert told(site) == {AuditOutcome.IN_TIME: 1}
    assert told(site, at=now_at(plus=DAY)) == {AuditOutcome.UNSENT: 1}


def test_a_match_of_the_future_is_noticed_because_the_clock_was_set_back(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    site.match(site.found(followed, "d1"), at=now_at(plus=400 * DAY))
    assert told(site) == {AuditOutcome.UNTOLD: 1}


def test_a_message_that_has_failed_is_noticed_unless_nothing_is_sent_to_its_reader_any_more(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    site.match(site.found(followed, "d1"))
    site.send(followed, outcome=AttemptOutcome.PERMANENT, answer="550 no such user")
    assert told(site) == {AuditOutcome.FAILED: 1}
    site.store.subscriptions.stop(followed.subscriber, StoppedWhy.REFUSED, at=now_at())
    assert told(site) == {AuditOutcome.PAUSED: 1}


def test_a_message_that_came_too_late_is_counted_and_is_no_failure_any_more(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    site.match(site.found(followed, "d1"))
    site.send(followed, at=now_at(plus=DAY))
    report = site.audited(at=now_at(plus=2 * DAY))
    assert (report.is_good, dict(report.counts)) == (True, {AuditOutcome.SENT_LATE: 1})


def test_known_copies_paused_searches_and_old_documents_are_nobodys_fault(site: AlertSite) -> None:
    site.document("d0")
    site.match()
    followed = site.follow()
    paused = site.follow("Lima")
    site.store.subscriptions.pause(paused.id)
    site.document("d1")
    site.match(site.found(followed, "d1", outcome=MatchOutcome.KNOWN, because_of="d0"), site.found(paused, "d1"))
    report = site.audited(at=now_at(plus=9 * DAY))
    assert (report.is_good, dict(report.counts)) == (True, {AuditOutcome.KNOWN: 1, AuditOutcome.PAUSED: 1})


def test_what_was_changed_after_it_had_been_matched_is_told_apart(site: AlertSite) -> None:
    site.follow("harbour")
    site.document("d1")
    site.match()
    site.document("d1", title="Vendors of the harbour")
    assert told(site) == {AuditOutcome.CHANGED: 1}


def test_5_a_search_that_suddenly_shows_nothing_is_a_failure_and_no_success(site: AlertSite) -> None:
    site.document("d1", is_related=False)
    site.engine.close()
    for path in sorted(site.settings.index_dir.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    report = site.audited()
    assert (report.is_good, report.is_empty) == (False, True)
    rebuild(site.engine, site.store)
    assert site.audited().is_good


def test_a_search_that_can_no_longer_be_read_does_not_end_the_audit(site: AlertSite) -> None:
    site.follow("", filters=[("topic", "no_such_topic")])
    site.follow()
    site.document("d1")
    site.match()
    report = site.audited()
    assert (report.unreadable, report.searches, report.failures) == (1, 2, 1)


def test_the_newest_documents_are_those_of_the_search_copies_included(site: AlertSite) -> None:
    for number in range(5):
        site.document(f"d{number}")
    site.same_work("d0", "d4", copies=True)
    rebuild(site.engine, site.store)
    assert newest_from_engine(site.engine, limit=2) == ("d3", "d2")
    assert sorted(newest_from_engine(site.engine, limit=500)) == ["d0", "d1", "d2", "d3", "d4"]


def test_the_last_report_is_kept_and_one_that_is_damaged_is_none(site: AlertSite, tmp_path: Path) -> None:
    site.follow()
    folder = tmp_path / "kept"
    assert last_report(folder) is None
    keep_report(site.audited(), folder)
    kept = last_report(folder)
    assert kept is not None
    assert (kept["is_good"], kept["searches"]) == (True, 1)
    (folder / "alerts-audit.json").write_text('{"at": 3}')
    assert last_report(folder) is None


# ------------------------------------------------------------------ over HTTP


class _Api(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        first = "cursor" not in asked
        hits = [{"id": "d3", "same_work": [{"id": "d1"}]}] if first else [{"id": "d2", "same_work": []}]
        body = json.dumps({"hits": hits, "next": "n" if first else ""}).encode()
        if "/broken/" in self.path:
            body = b"<html>"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def api() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Api)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_newest_documents_can_be_asked_of_a_running_site(api: str) -> None:
    assert newest_from_site(api, limit=500) == ("d3", "d1", "d2")
    assert newest_from_site(f"{api}/", limit=2) == ("d3", "d1")


def test_a_site_that_does_not_answer_as_one_says_so(api: str) -> None:
    with pytest.raises(EngineUnavailable, match="does not answer like the API"):
        newest_from_site(f"{api}/broken", limit=5)
    with pytest.raises(EngineUnavailable):
        newest_from_site("http://127.0.0.1:9", limit=5)
    with pytest.raises(BadInput):
        newest_from_site("file:///etc/passwd", limit=5)
