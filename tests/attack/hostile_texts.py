"""Twenty texts and pages that are meant to hurt: bait for expressions, signs that are none, depth, bombs. Always the same bytes."""

from __future__ import annotations

import gzip
from collections.abc import Mapping

_HEAD = '<!doctype html><meta charset="utf-8"><title>Street vendors</title>'
_BODY = (
    "<main><h1>Street vendors</h1><p>Street vendors sell food in the markets of Lima, and pay for the place.</p></main>"
)


def hostile_texts() -> Mapping[str, bytes]:
    """Return files by name, with its ending."""
    made = {**_texts(), **_pages()}
    assert len(made) == 20, len(made)
    return made


def _texts() -> dict[str, bytes]:
    return {
        "half-pairs.txt": "Street vendors \ud800 in \udfff Lima.".encode("utf-8", "surrogatepass") * 50,
        "brackets-8,000.txt": b"(" * 8000,
        "vendors-2,000.txt": b"vendors-" * 2000,
        "a1-40,000.txt": b"a1" * 40_000,
        "no-full-stop.txt": b"street vendors and waste pickers of Lima " * 8000,
        "one-word-of-1-mb.txt": b"a" * 1_000_000,
        "marks-without-letters.txt": ("e" + "\u0301" * 50_000).encode(),
        "controls.txt": bytes(range(32)) * 3000 + b"Street vendors\x1b[2J\x1b]0;x\x07 in Lima.",
        "utf16-odd.txt": "Street vendors in Lima. ".encode("utf-16") * 50 + b"\x00",
        "turned-around.txt": "Street \u202evendors\u202c \u2066in\u2069 Lima\ufeff\u200b.".encode() * 200,
        "50,000-pages.txt": b"a\f" * 50_000,
        "dates-and-numbers.txt": b"1.1.1.1.1-1-1/1/1 2019-05-2019-05- " * 3000,
    }


def _pages() -> dict[str, bytes]:
    laughs = "".join(f'<!ENTITY l{one} "{f"&l{one - 1};" * 10}">' for one in range(1, 12))
    return {
        "half-pair-in-json-ld.html": _page(r'{"@type":"Report","name":"\ud800 lone","author":"\udfff"}'),
        "deep-json-ld.html": _page('{"@type":"Report","name":' + '{"a":' * 20_000),
        "numbers-in-json-ld.html": _page('{"@type":"Report","name":1e400,"datePublished":' + "9" * 6000 + ',"inLanguage":NaN}'),
        "100,000-deep.html": (_HEAD + "<div>" * 100_000 + _BODY).encode(),
        "entities.xhtml": f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY l0 "ha">{laughs}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        f"<html><head><title>&l11;&f;</title></head><body>{_BODY}<p>&l11;</p></body></html>".encode(),
        "tables-in-tables.html": (_HEAD + _BODY + "<table><tr><td>" * 3000 + "a").encode(),
        "attributes-and-comments.html": (_HEAD + "<p " + "a='" * 50_000 + "<!--" * 50_000 + _BODY).encode(),
        "packed.html": gzip.compress(b"<p>Street vendors</p>" * 500_000, mtime=0),
    }  # fmt: skip


def _page(json_ld: str) -> bytes:
    return f'{_HEAD}<script type="application/ld+json">{json_ld}</script>{_BODY}'.encode()
