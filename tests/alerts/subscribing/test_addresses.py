"""Addresses that strangers give: which can be written to, and in which form they are kept."""

from __future__ import annotations

import pytest

from alerts.subscribing.addresses import checked_address, checked_lang, checked_timezone, in_brief
from corpus.alerts import Channel
from corpus.errors import BadInput


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("rosa@example.org", "rosa@example.org"),
        ("  rosa@example.org ", "rosa@example.org"),
        ("Rosa+tag@Example.ORG", "Rosa+tag@example.org"),
        ("rosa@münchen.example", "rosa@xn--mnchen-3ya.example"),
        ("o'neill.d@sub.example.org", "o'neill.d@sub.example.org"),
    ],
)
def test_an_email_address_is_kept_as_it_is_written_to(given: str, kept: str) -> None:
    assert checked_address(Channel.EMAIL, given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "rosa",
        "rosa@",
        "@example.org",
        "rosa@localhost",
        "rosa@[127.0.0.1]",
        "rosa@example.org, other@example.org",
        "rosa@example.org\nBcc: other@example.org",
        "rosa@example.org\r\nSubject: hello",
        "rosa\n@example.org",
        '"rosa other"@example.org',
        "Rosa <rosa@example.org>",
        "rosa@example.org%0aBcc:other@example.org",
        "rosa@exa mple.org",
        "rosa\u202e@example.org",
        "rosa\x00@example.org",
        "a" * 65 + "@example.org",
        "rosa@" + "a." * 130 + "org",
    ],
)
def test_what_cannot_be_written_to_or_would_write_headers_is_refused(given: str) -> None:
    with pytest.raises(BadInput):
        checked_address(Channel.EMAIL, given)


@pytest.mark.parametrize(
    "given", ["https://hooks.example.org/a?key=1", "https://8.8.8.8/hook", "https://hooks.example.org:8443/"]
)
def test_an_endpoint_is_a_public_https_address(given: str) -> None:
    assert checked_address(Channel.WEBHOOK, given) == given


@pytest.mark.parametrize(
    "given",
    [
        "",
        "hooks.example.org",
        "http://hooks.example.org/",
        "ftp://hooks.example.org/",
        "https://localhost/hook",
        "https://server/hook",
        "https://printer.local/",
        "https://db.internal/",
        "https://127.0.0.1/",
        "https://10.0.0.5/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fd00::1]/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://127.1/",
        "https://0177.0.0.1/",
        "https://user:word@hooks.example.org/",
        "https://hooks.example.org/#part",
        "https://hooks.example.org/a b",
        "https://hooks.example.org/\r\nHost: other",
        "https://hooks.example.org\\@127.0.0.1/",
        "https://hooks.example.org:99999/",
        "https://hooks.example.org/" + "a" * 1000,
    ],
)
def test_an_endpoint_that_is_private_or_disguised_is_refused(given: str) -> None:
    with pytest.raises(BadInput):
        checked_address(Channel.WEBHOOK, given)


def test_dns_is_asked_only_where_a_setting_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def resolve(*_: object, **__: object) -> None:
        asked.append(True)
        raise OSError("no network in this test")

    monkeypatch.setattr("dns.resolver.Resolver.resolve", resolve)
    checked_address(Channel.EMAIL, "rosa@example.org")
    assert asked == []
    with pytest.raises((BadInput, OSError)):
        checked_address(Channel.EMAIL, "rosa@example.org", asks_dns=True)
    assert asked


def test_time_zones_and_languages_are_those_that_exist() -> None:
    assert checked_timezone("America/Lima") == "America/Lima"
    assert checked_timezone("") == "UTC"
    for wrong in ("Lima", "../../etc/passwd", "America/Lima\n"):
        if wrong.strip() == "America/Lima":
            assert checked_timezone(wrong) == "America/Lima"
            continue
        with pytest.raises(BadInput):
            checked_timezone(wrong)
    assert checked_lang("pt") == "pt"
    with pytest.raises(BadInput):
        checked_lang("de")


def test_a_page_names_the_host_of_an_endpoint_and_not_what_may_be_secret_in_it() -> None:
    assert in_brief(Channel.WEBHOOK, "https://hooks.example.org/T0K3N") == "hooks.example.org"
    assert in_brief(Channel.EMAIL, "rosa@example.org") == "rosa@example.org"


def test_for_development_an_endpoint_may_be_on_this_machine() -> None:
    assert checked_address(Channel.WEBHOOK, "http://127.0.0.1:9000/hook", allows_private=True)
    with pytest.raises(BadInput):
        checked_address(Channel.WEBHOOK, "ftp://127.0.0.1/", allows_private=True)
