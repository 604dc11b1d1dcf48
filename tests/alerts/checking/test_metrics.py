"""Metrics of alerts say what is in the records at the moment of asking, and nothing of who follows what."""

from __future__ import annotations

from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from alerts.checking.audit import keep_report, last_report
from alerts.metrics import metrics_text
from corpus.alerts import AttemptOutcome
from tests.alerts.checking.site import MINUTE, AlertSite, now_at


def read(site: AlertSite, **others) -> dict[tuple[str, ...], float]:
    text = metrics_text(site.store, now=now_at(), **others).decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_metrics_of_a_site_without_alerts_are_all_zero(site: AlertSite) -> None:
    assert set(read(site).values()) == {0.0}


def test_metrics_count_what_is_followed_matched_and_sent(site: AlertSite) -> None:
    followed, _ = site.follow(), site.follow("Lima", is_confirmed=False)
    site.document("d1")
    site.match(site.found(followed, "d1"), at=now_at(plus=-20 * MINUTE))
    site.send(followed)
    site.document("d2")
    site.match(site.found(followed, "d2"), at=now_at(plus=-10 * MINUTE))
    site.send(followed, outcome=AttemptOutcome.TEMPORARY, again_in=MINUTE, public_id="m2")
    site.document("d3", is_related=False)
    found = read(site)
    assert found["pushcart_alerts_subscriptions", "active"] == 1
    assert found["pushcart_alerts_subscriptions", "unconfirmed"] == 1
    assert found["pushcart_alerts_matches", "new"] == 2
    assert found["pushcart_alerts_documents_to_match",] == 1
    assert (found["pushcart_alerts_messages", "sent"], found["pushcart_alerts_messages", "waiting"]) == (1, 1)
    assert found["pushcart_alerts_attempts_last_day", "accepted"] == 1
    assert found["pushcart_alerts_attempts_last_day", "temporary"] == 1
    assert found["pushcart_alerts_delay_seconds_count", "at_once"] == 1
    assert found["pushcart_alerts_delay_seconds_bucket", "at_once", "900"] == 0
    assert found["pushcart_alerts_delay_seconds_bucket", "at_once", "3600"] == 1
    assert found["pushcart_alerts_oldest_waiting_seconds", "message"] < 60
    assert found["pushcart_alerts_unswept",] == 1


def test_metrics_say_how_the_last_audit_ended(site: AlertSite) -> None:
    site.follow()
    site.document("d1", is_related=False)
    keep_report(site.audited(at=now_at(plus=timedelta(days=1))), site.settings.data_dir)
    found = read(site, last_audit=last_report(site.settings.data_dir))
    assert found["pushcart_alerts_last_audit_good",] == 0
    assert found["pushcart_alerts_last_audit_pairs", "not_matched"] == 1


def test_metrics_name_nobody(site: AlertSite) -> None:
    site.follow("secret wish", address="rosa@example.org")
    text = metrics_text(site.store, now=now_at()).decode()
    assert "rosa" not in text
    assert "secret" not in text
