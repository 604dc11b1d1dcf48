"""`pushcart alerts`: what a person or a timer is told, and with which exit code."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pushcart.cli import run
from tests.alerts.checking.site import AlertSite, opened_site


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AlertSite]:
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(tmp_path))
    with opened_site(tmp_path) as opened:
        yield opened


@pytest.fixture
def ask(site: AlertSite, capsys: pytest.CaptureFixture[str]):
    def asked(*arguments: object, code: int = 0) -> Any:
        assert site.engine  # brought up to date
        capsys.readouterr()
        assert run(["alerts", *map(str, arguments), "--json"]) == code
        return json.loads(capsys.readouterr().out)

    return asked


def test_subscriptions_are_listed_with_their_owners(site: AlertSite, ask, capsys) -> None:
    site.follow("vendors")
    site.follow("market", address="ana@example.org", is_confirmed=False)
    assert [each["subscriber"]["address"] for each in ask("list")] == ["rosa@example.org", "ana@example.org"]
    (only,) = ask("list", "--address", "ANA@example.org")
    assert (only["state"], only["query"]) == ("unconfirmed", [["q", "market"]])
    assert run(["alerts", "list"]) == 0
    assert "rosa@example.org" in capsys.readouterr().out


def test_a_search_is_followed_for_an_address_that_is_asked_first(site: AlertSite, ask, monkeypatch, capsys) -> None:
    assert run(["alerts", "follow", "vendors", "--to", "rosa@example.org"]) == 1
    assert "does not send e-mail" in capsys.readouterr().err
    monkeypatch.setenv("PUSHCART_SMTP_HOST", "mail.example.org")
    monkeypatch.setenv("PUSHCART_MAIL_FROM", "alerts@example.org")
    wanted = ["--filter", "country=Peru", "--every", "weekly", "--lang", "es", "--timezone", "America/Lima"]
    assert run(["alerts", "follow", "vendors", "--to", "rosa@example.org", *wanted]) == 0
    assert run(["alerts", "follow", "vendors"]) == 1
    assert run(["alerts", "follow", "--to", "https://hooks.example.com/new"]) == 0
    first, second = ask("list")
    assert (first["state"], first["frequency"]) == ("unconfirmed", "weekly")
    assert first["query"] == [["q", "vendors"], ["country", "PER"]]
    assert (first["subscriber"]["lang"], first["subscriber"]["timezone"]) == ("es", "America/Lima")
    assert second["subscriber"]["channel"] == "webhook"
    assert [len(site.store.messages.of_subscriber(each["subscriber"]["id"])) for each in (first, second)] == [1, 1]


def test_a_preview_counts_what_came_lately(site: AlertSite, ask) -> None:
    site.document("d1")
    site.document("d2", text="Nothing of that.", title="Other")
    assert ask("preview", "vendors") == {"query": [["q", "vendors"]], "days": {"30": 1, "365": 1}, "is_cut": False}
    assert ask("preview", "--filter", "source=sample")["days"] == {"30": 2, "365": 2}
    assert run(["alerts", "preview", "--filter", "country"]) == 1


def test_a_sweep_repairs_and_says_what_it_found(site: AlertSite, ask, capsys) -> None:
    followed = site.follow()
    site.document("d1")
    site.match()
    report = ask("sweep")
    assert (report["swept"], report["added"], report["searches"][0]["named"]) == (1, 1, ["d1"])
    assert ask("sweep", "--subscription", followed.id)["added"] == 0
    assert ask("sweep", "--due")["swept"] == 0
    assert run(["alerts", "sweep", "--subscription", "99"]) == 1
    assert "There is no subscription 99." in capsys.readouterr().err


def test_an_audit_ends_with_1_when_somebody_was_not_told(site: AlertSite, ask, capsys) -> None:
    followed = site.follow()
    site.document("d1")
    site.match(site.found(followed, "d1"))
    assert ask("audit")["is_good"] is True
    site.document("d2")
    site.match()
    report = ask("audit", code=1)
    assert report["findings"] == [{"subscription": followed.id, "document": "d2", "told": "missing"}]
    assert run(["alerts", "audit"]) == 1
    assert "1 missed notification" in capsys.readouterr().err
    assert ask("status")["last_audit_failures"] == 1


def test_why_is_answered_in_words(site: AlertSite, ask, capsys) -> None:
    followed = site.follow("harbour")
    site.document("d1")
    site.match()
    assert ask("why", followed.id, "d1")["state"] == "lacks"
    capsys.readouterr()
    assert run(["alerts", "why", str(followed.id), "d1"]) == 0
    assert capsys.readouterr().out.strip() == "The document does not contain: harbour."


def test_status_counts_what_waits(site: AlertSite, ask) -> None:
    followed = site.follow()
    site.document("d1")
    assert ask("status")["documents_to_match"] == 1
    site.match(site.found(followed, "d1"))
    body = ask("status")
    assert (body["subscribers"], body["matches"]["untold"], body["never_swept"]) == (1, 1, 1)


def test_the_doctor_ends_with_1_where_no_mail_can_be_sent(site: AlertSite, ask) -> None:
    found = {each["name"]: each["health"] for each in ask("doctor", "--offline", code=1)}
    assert (found["host"], found["oldest_document"]) == ("failed", "good")


def test_metrics_are_printed_as_prometheus_reads_them(site: AlertSite, capsys) -> None:
    assert run(["alerts", "metrics"]) == 0
    assert "# TYPE pushcart_alerts_messages gauge" in capsys.readouterr().out


def test_the_worker_logs_as_the_settings_say(site: AlertSite, monkeypatch) -> None:
    monkeypatch.setenv("PUSHCART_LOG_LEVEL", "error")
    assert run(["alerts", "run", "--once"]) == 0
    assert logging.getLogger().level == logging.ERROR
