"""The doctor says what is wrong, where, and what to do: with a real server on this machine, and a DNS of our own."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from alerts.checking.dns import check_dns
from alerts.checking.doctor import Health, check_server, check_settings, check_waiting
from alerts.checking.mail_settings import MailSettings
from corpus.alerts import MessageKind
from corpus.settings import Settings
from tests.alerts.checking.site import HOUR, AlertSite, now_at

MAIL = MailSettings("mail.example.org", "Pushcart <alerts@example.org>", "https://pushcart.example")


def healths(checks) -> dict[str, Health]:
    return {each.name: each.health for each in checks}


# ------------------------------------------------------------------ settings


def test_good_settings_are_good() -> None:
    assert set(healths(check_settings(MAIL)).values()) == {Health.GOOD}


@pytest.mark.parametrize(
    ("others", "name", "health", "names"),
    [
        ({"host": ""}, "host", Health.FAILED, "PUSHCART_SMTP_HOST"),
        ({"sender": ""}, "sender", Health.FAILED, "PUSHCART_MAIL_FROM"),
        ({"sender": "alerts at example.org"}, "sender", Health.FAILED, "PUSHCART_MAIL_FROM"),
        ({"public_url": "http://localhost:8000"}, "public_url", Health.WARNING, "PUSHCART_PUBLIC_URL"),
        ({"public_url": "http://pushcart.example"}, "public_url", Health.WARNING, "not encrypted"),
        ({"security": "none"}, "security", Health.WARNING, "PUSHCART_SMTP_SECURITY"),
    ],
)
def test_a_setting_that_is_wrong_is_named(others: dict[str, Any], name: str, health: Health, names: str) -> None:
    (found,) = [each for each in check_settings(replace(MAIL, **others)) if each.name == name]
    assert found.health is health
    assert names in found.words


def test_what_is_known_of_mail_is_what_the_settings_say(settings: Settings) -> None:
    assert (MailSettings.of(settings).host, MailSettings.of(settings).port) == ("", 587)
    given = replace(settings, smtp_host="mail.example", smtp_security="tls", mail_from="a@example.org")
    mail = MailSettings.of(given)
    assert (mail.host, mail.port, mail.sender, mail.public_url) == (
        "mail.example",
        465,
        "a@example.org",
        given.public_url,
    )


def test_the_password_is_in_no_description_of_the_settings() -> None:
    assert "hunter2" not in repr(replace(MAIL, password="hunter2"))


# ------------------------------------------------------------------ the mail server


class _Kept:
    def __init__(self) -> None:
        self.messages: list[bytes] = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:
        if address.startswith("nobody@"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope) -> str:
        self.messages.append(envelope.content)
        return "250 queued as 7"


def _only_rosa(_server, _session, _envelope, _mechanism, data) -> AuthResult:
    return AuthResult(success=data.login == b"rosa" and data.password == b"right", handled=False)


@pytest.fixture
def server() -> Iterator[tuple[_Kept, MailSettings]]:
    kept = _Kept()
    controller = Controller(
        kept, hostname="127.0.0.1", port=0, authenticator=_only_rosa, auth_require_tls=False, auth_required=False
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
    controller.start()
    yield kept, replace(MAIL, host="127.0.0.1", port=controller.port, security="none", seconds_max=3.0)
    controller.stop()


def test_a_server_that_answers_is_good_and_gets_no_message(server) -> None:
    kept, mail = server
    assert healths(check_server(mail, now=now_at())) == {"server": Health.GOOD}
    assert kept.messages == []


def test_a_test_message_is_sent_on_request(server) -> None:
    kept, mail = server
    checks = check_server(mail, to="rosa@example.org", now=now_at())
    assert healths(checks) == {"server": Health.GOOD, "test": Health.GOOD}
    assert "250" in checks[1].words or "queued as 7" in checks[1].words
    assert b"Auto-Submitted: auto-generated" in kept.messages[0]


def test_a_test_message_that_is_refused_says_what_the_server_said(server) -> None:
    _, mail = server
    checks = check_server(mail, to="nobody@example.org", now=now_at())
    assert healths(checks) == {"server": Health.GOOD, "test": Health.FAILED}
    assert "no such user" in checks[1].words


def test_a_wrong_password_is_told_and_not_repeated(server) -> None:
    _, mail = server
    assert healths(check_server(replace(mail, user="rosa", password="right"), now=now_at())) == {"server": Health.GOOD}
    (check,) = check_server(replace(mail, user="rosa", password="wrong-one"), now=now_at())
    assert check.health is Health.FAILED
    assert "rejected the login of rosa" in check.words
    assert "wrong-one" not in check.words


def test_a_server_that_cannot_encrypt_is_not_used_without(server) -> None:
    _, mail = server
    (check,) = check_server(replace(mail, security="starttls"), now=now_at())
    assert check.health is Health.FAILED


def test_a_server_that_is_not_there(server) -> None:
    _, mail = server
    (check,) = check_server(replace(mail, port=9), now=now_at())
    assert check.health is Health.FAILED
    assert check_server(replace(mail, host=""), now=now_at()) == ()


# ------------------------------------------------------------------ DNS


def resolver_of(records: dict[tuple[str, str], list[str]]):
    """Return a resolver that knows these records, and domains above them."""
    import dns.resolver

    class _Resolver(dns.resolver.Resolver):
        def resolve(self, qname: Any, rdtype: Any = "A", *_: Any, raise_on_no_answer: bool = True, **__: Any) -> Any:
            name = str(qname).rstrip(".")
            found = records.get((name, str(rdtype)))
            if found is None and not any(held.endswith(name) for held, _ in records):
                raise dns.resolver.NXDOMAIN
            if found is None:
                if raise_on_no_answer:
                    raise dns.resolver.NoAnswer
                return []
            return [SimpleNamespace(strings=[text.encode()], to_text=lambda text=text: f'"{text}"') for text in found]

    return _Resolver(configure=False)


GOOD = {
    ("example.org", "SOA"): ["ns"],
    ("example.org", "TXT"): ["v=spf1 ip4:192.0.2.1 -all"],
    ("_dmarc.example.org", "TXT"): ["v=DMARC1; p=reject"],
    ("s1._domainkey.example.org", "TXT"): ["v=DKIM1; k=rsa; p=MIIB"],
}


def test_a_domain_that_is_set_up_well() -> None:
    checks = check_dns("example.org", selector="s1", resolver=resolver_of(GOOD))
    assert {name: health for name, health in healths(checks).items() if health is Health.FAILED} == {}
    assert set(healths(checks)) == {"spf", "dmarc", "dkim"}


@pytest.mark.parametrize(
    ("gone", "name"),
    [
        (("example.org", "TXT"), "spf"),
        (("_dmarc.example.org", "TXT"), "dmarc"),
        (("s1._domainkey.example.org", "TXT"), "dkim"),
    ],
)
def test_what_dns_lacks_is_told(gone: tuple[str, str], name: str) -> None:
    domain = f"without-{name}.org"  # checkdmarc remembers answers
    records = {
        (each.replace("example.org", domain), kind): said for (each, kind), said in GOOD.items() if (each, kind) != gone
    }
    assert healths(check_dns(domain, selector="s1", resolver=resolver_of(records)))[name] is Health.FAILED


def test_a_key_that_was_withdrawn_and_one_that_nobody_asks_for() -> None:
    records = GOOD | {("s1._domainkey.example.org", "TXT"): ["v=DKIM1; p="]}
    assert healths(check_dns("example.org", selector="s1", resolver=resolver_of(records)))["dkim"] is Health.FAILED
    assert healths(check_dns("example.org", resolver=resolver_of(records)))["dkim"] is Health.SKIPPED


def test_a_domain_that_does_not_exist() -> None:
    assert healths(check_dns("nowhere.example", resolver=resolver_of(GOOD))) == {"dns": Health.FAILED}


def test_offline_it_says_that_nothing_could_be_asked() -> None:
    import dns.resolver

    class _Offline(dns.resolver.Resolver):
        def resolve(self, *_: Any, **__: Any) -> Any:
            raise dns.resolver.LifetimeTimeout(timeout=1, errors=[])

    assert healths(check_dns("example.org", resolver=_Offline(configure=False))) == {"dns": Health.SKIPPED}


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "checkdmarc.dmarc", None)
    (check,) = check_dns("example.org")
    assert (check.health, "pushcart[dns]" in check.words) == (Health.SKIPPED, True)


# ------------------------------------------------------------------ what waits


def test_a_site_where_nothing_waits(site: AlertSite) -> None:
    assert healths(check_waiting(site.store, now=now_at(), workers_alive=lambda: 2)) == {
        "worker": Health.GOOD,
        "oldest_document": Health.GOOD,
        "oldest_message": Health.GOOD,
    }
    assert healths(check_waiting(site.store, now=now_at()))["worker"] is Health.SKIPPED


def test_a_worker_that_has_died_and_what_waits_for_it(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1", is_related=False)
    site.store.messages.add(followed.subscriber, MessageKind.TEST, public_id="m1", at=now_at())
    later = now_at(plus=2 * HOUR + timedelta(minutes=1))
    assert set(healths(check_waiting(site.store, now=later, workers_alive=lambda: 0)).values()) == {Health.FAILED}
