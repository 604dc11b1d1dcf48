"""Which addresses may be fetched, judged by their spelling, and at which places a source may be private."""

from __future__ import annotations

from pathlib import Path

import pytest
from told import told

from crawler.net.addresses import AddressKind, host_of, is_loopback_host, kind_of_address, own_places, refusal_of
from crawler.sources.load import parse_source

PRIVATE = (
    "http://localhost/",
    "http://LOCALHOST./",
    "http://localhost.localdomain/",
    "http://x.localhost/",
    "http://printer.local/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://127.0.0.1/",
    "http://127.0.0.1./",
    "http://127.1/",
    "http://127.0.1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://2130706433/",
    "http://017700000001/",
    "http://0x7f000001/",
    "http://0x7F.0.0.1/",
    "http://0177.0.0.1/",
    "http://0177.0x0.1/",
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://100.100.100.200/latest/meta-data/",
    "http://168.63.129.16/",
    "http://169.254.169.254/latest/meta-data",
    "http://0xa9fea9fe/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:808:808::]/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "http://[fd00:ec2::254]/",
    "http://[fc00::1]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://１２７.０.０.１/",
    "http://127。0。0。1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://ｌｏｃａｌｈｏｓｔ/",
    "http://localhost:6379/",
)
NO_ADDRESS = (
    "http://4294967297/",
    "http://256.1.1.1/",
    "http://1.2.3.4.5/",
    "http://127.0.0.1.7/",
    "http://0x7f.0x0.0x0.0x1.0x0/",
    "http://good.example\\@127.0.0.1/",
    "http://127.0.0.1\\@good.example/",
    "http://127.0.0.1\\.good.example/",
    "http://good.example\\.evil/",
    "http://127.0.0.1%00.good.example/",
    "http://%31%32%37.0.0.1/",
    "http://127.0.0.1%2f.good.example/",
    "http://exa mple.org/",
    "http://127.0\n.0.1/",
    "http://127.0\t.0.1/",
    "http://a..b/",
    "http://.example/",
    "http://[::1/",
    "http://[127.0.0.1]/",
    "http://good.example:0x50/",
    "http://good.example:99999/",
    "http://" + "a" * 64 + ".example/",
    "http:///nowhere",
    "http://user:secret@good.example/",
    "http://user@good.example/",
    "http://@good.example/",
    "http://good.example#@127.0.0.1:80@127.0.0.1/".replace("#", ":"),
    "file:///etc/passwd",
    "gopher://good.example/",
    "ftp://good.example/",
    "data:text/html,hello",
    "javascript:alert(1)",
    "jar:http://good.example!/",
    "dict://127.0.0.1:11211/",
    "//127.0.0.1/",
    "good.example",
    "",
)


@pytest.mark.parametrize("url", PRIVATE)
def test_no_spelling_of_a_private_address_is_fetched(url):
    assert "private network" in told(refusal_of(url, allow_private=False))


@pytest.mark.parametrize("url", NO_ADDRESS)
def test_what_is_no_plain_web_address_is_not_fetched_even_from_a_private_source(url):
    assert told(refusal_of(url, allow_private=True))


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://100.100.100.200/",
        "http://168.63.129.16/",
        "http://[fd00:ec2::254]/",
        "http://[::ffff:169.254.169.254]/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
    ],
)
def test_the_secrets_of_clouds_are_not_fetched_even_from_a_private_source(url):
    assert "private network" in told(refusal_of(url, allow_private=True))


@pytest.mark.parametrize(
    "url",
    [
        "https://office.example:8443/a?b=c",
        "http://93.184.216.34/",
        "http://office.example./",
        "http://xn--mnchen-3ya.example/",
        "http://münchen.example/",
        "http://under_score.example/",
        "http://3com.example/",
        "http://1.2.3.4.example/",
        "http://[2a00:1450:4001:81b::200e]/",
        "http://[64:ff9b::93.184.216.34]/",
        "http://office.example/a%00b@c",
        "http://office.example/" + "a" * 1900,
    ],
)
def test_ordinary_addresses_are_fetched(url):
    assert told(refusal_of(url, allow_private=False)) == ""


def test_an_over_long_address_is_refused():
    assert "2000 characters" in told(refusal_of("http://office.example/" + "a" * 2000, allow_private=False))


@pytest.mark.parametrize("port", [22, 25, 6379, 11211])
def test_ports_of_other_protocols_are_not_asked(port):
    assert f"Port {port}" in told(refusal_of(f"http://office.example:{port}/", allow_private=False))


def test_a_host_has_one_spelling():
    assert host_of("HTTP://Office.Example.:80/") == host_of("http://ｏｆｆｉｃｅ.example/") == "office.example"
    assert is_loopback_host("[::1]")
    assert is_loopback_host("127.1")
    assert not is_loopback_host("localhost.example")


def test_an_address_inside_another_is_what_counts():
    assert kind_of_address("::ffff:93.184.216.34") is AddressKind.PUBLIC
    assert kind_of_address("::ffff:127.0.0.1") is AddressKind.PRIVATE
    assert kind_of_address("64:ff9b::169.254.169.254") is AddressKind.NEVER


def places(start: str, more: str = ""):
    text = f'slug = "s"\nname = "S"\nprotocol = "listing"\nstart = ["{start}"]\n{more}\n[polite]\nallow_private = true'
    return own_places(parse_source(text, path=Path("s.toml")))


def test_a_private_source_is_private_at_its_own_place_only():
    own = places("http://127.0.0.1:8000/reports")
    assert own.has("http://127.0.0.1:8000/a.pdf")
    assert not own.has("http://127.0.0.1:9200/_search")
    assert not own.has("http://127.0.0.2:8000/")
    assert not own.has("http://10.0.0.1:8000/")


def test_a_private_source_may_send_its_visitors_from_http_to_https():
    own = places("http://intranet.example/")
    assert own.has("https://intranet.example/")
    assert not own.has("https://intranet.example:8443/")


def test_the_file_server_of_a_private_source_is_declared_by_name():
    own = places("http://127.0.0.1:8000/", '[files]\nhosts = ["files.example"]')
    assert own.has("http://files.example:9000/a.pdf")


def test_a_source_that_does_not_ask_for_it_is_private_nowhere():
    text = 'slug = "s"\nname = "S"\nprotocol = "listing"\nstart = ["http://127.0.0.1:8000/"]'
    assert not own_places(parse_source(text, path=Path("s.toml"))).has("http://127.0.0.1:8000/")
