"""A source whose site is served here under addresses that are nowhere, as the samples are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from scrapy import Request

from corpus.errors import BadSettings, BadSource
from crawler.net.address_guard import AddressGuard
from crawler.net.addresses import own_places, served_places
from crawler.net.refusals import RequestRefused
from crawler.settings import user_agent
from crawler.sources.load import parse_source
from crawler.sources.model import SourceFile

_SOURCE = """
slug = "s"
name = "S"
protocol = "feed"
start = ["http://site.example/feed"]
connect_to = "{place}"
polite.allow_private = true
"""


def source(place: str = "127.0.0.1:8001") -> SourceFile:
    return parse_source(_SOURCE.format(place=place), path=Path("s.toml"))


def guard(of: SourceFile) -> AddressGuard:
    return AddressGuard(own_places(of), served=served_places(of), connect_to=of.connect_to)


@pytest.mark.parametrize("place", ["127.0.0.1", "http://127.0.0.1:8001", "127.0.0.1:99999", "a b:80", "127.0.0.1:80/x"])
def test_what_is_no_host_and_port_is_refused_with_its_line(place: str) -> None:
    with pytest.raises(BadSource, match=r"line 6.*127\.0\.0\.1:8001"):
        source(place)


def test_its_own_host_is_asked_there_and_other_hosts_are_not() -> None:
    own, other = Request("http://site.example/a.pdf"), Request("http://elsewhere.example/a.pdf")
    for request in (own, other):
        guard(source()).process_request(request)
    assert (own.meta.get("proxy"), own.url) == ("http://127.0.0.1:8001", "http://site.example/a.pdf")
    assert "proxy" not in other.meta


def test_a_redirect_to_another_host_does_not_go_there() -> None:
    redirected = Request("http://elsewhere.example/a.pdf", meta={"proxy": "http://127.0.0.1:8001"})
    guard(source()).process_request(redirected)
    assert "proxy" not in redirected.meta


def test_another_port_of_this_machine_is_not_opened_by_it() -> None:
    with pytest.raises(RequestRefused):
        guard(source()).process_request(Request("http://127.0.0.1:9200/"))


def test_a_contact_is_asked_for_when_the_server_is_elsewhere(settings) -> None:
    assert user_agent(source(), settings).startswith("Pushcart")
    with pytest.raises(BadSettings, match="PUSHCART_CONTACT"):
        user_agent(source("192.0.2.7:80"), replace(settings, contact=""))
