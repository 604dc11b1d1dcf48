"""Searches that a stranger might send, thought up by a seeded die: from slips of the finger to those that are meant to cost."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from urllib.parse import quote

PLACES = ("/api/v1/search", "/search", "/feed.atom")
WORDS = ("street", "vendors", "a", "of", "the", "Lima", "comercio", "ambulante", "recicladores", "économie", "São",
         "market", "2019", "10.1000/182", "x1", "l'économie", "home-based", "hostileword", "الباعة", "街头", "🛒")  # fmt: skip
FIELDS = ("title", "author", "publisher", "country", "group", "region", "sector", "topic", "year", "lang", "type",
          "source", "doi", "nofield", "TITLE", "")  # fmt: skip
SIGNS = ("(", ")", '"', "-", "+", "*", "~", "~2", "~999999999", "^5", ":", "..", "OR", "AND", "NOT", "|", "&&", "\\", "/",
         "[", "]", "{", "}", "<", ">", "%", "?", "!", "'", "\u201c", "\u00ad", "\u202e", "\u200b", "\ufeff", "\u0301",
         "\x00", "\x1b[2J", "\n", "\t", "\u2028", "\ud800", "\U0010ffff", "\uff1a", "\u0130", "\ufb01", "\u1e9e")  # fmt: skip
NUMBERS = ("0", "-1", "1", "100", "101", "999999999", "9223372036854775807", "9223372036854775808", "1e400", "NaN",
           "\u0663", "\u00b2", "0x10", "1_0", " 1 ", "", "1" * 400)  # fmt: skip
PARAMETERS = ("q", "country", "region", "sector", "group", "topic", "lang", "source", "type", "year", "about", "sort",
              "limit", "cursor", "page", "offset", "Q", "q[]")  # fmt: skip
VALUES = ("PER", "per", "COL", "419", "wb:SSA", "income:low", "street_vendors", "social_protection", "es", "und", "wiego",
          "report", "true", "newest", "oldest", "first_seen", "relevance", "2010..2020", "2020..2010", "..", "9999..",
          "0000", "-5..5", "../../etc/passwd", "<script>alert(1)</script>", "'; DROP TABLE documents; --", "{{7*7}}",
          "${jndi:ldap://127.0.0.1/x}", "%00", "\r\nSet-Cookie: x=1")  # fmt: skip
ALPHABET = "abcdefghijklmnopqrstuvwxyz"

COSTLY = (
    "a," * 1000,
    "a, " * 660,
    " ".join(f"{one}{two}*" for one in ALPHABET for two in "aeioustr")[:1999],
    " OR ".join(f"{one}{two}*" for one in ALPHABET for two in "aeiou")[:1999],
    " ".join(f"ve{letter}dor~2" for letter in ALPHABET * 8)[:1999],
    " OR ".join(f"stre{letter}t~" for letter in ALPHABET * 8)[:1999],
    " ".join(f'"{letter} vend"*' for letter in ALPHABET * 8)[:1999],
    '"' + "of the " * 280 + '"~999',
    '"' + " ".join("vendors street" for _ in range(130)) + '"~100',
    "(" * 1000 + "a" + ")" * 999,
    "-" * 2000,
    "-a " * 600,
    "NOT " * 499 + "a",
    "((a OR b) " * 199,
    "title:" * 333,
    "title:(" * 285,
    "country:" + "x" * 1990,
    '"' * 2000,
    "*" * 2000,
    "~" * 2000,
    "a1" * 1000,
    "vendors-" * 250,
    "a" * 2000,
    "\u0301" * 2000,
    "e" + "\u0301" * 1999,
    "\ufdfa" * 2000,
    "ﬁ" * 2000,
    "🛒" * 2000,
    "街" * 2000,
    "year:0000..9999 " * 120,
    " ".join(f"lang:{one}{two}" for one in ALPHABET for two in ALPHABET)[:1999],
    "a.b.c.d." * 250,
    "http://a/" * 222,
    "x@" * 1000,
    "a'" * 1000,
    "1.000.000,00 " * 150,
    "of " * 660,
    "aa* bb~ " * 250,
)
"""Of 2,000 characters at most, the longest that the settings admit: each is meant to cost as much as it can."""


def forged_cursors() -> list[str]:
    """Return cursors that no answer ever gave: numbers beyond every bound, foreign types, other shapes, no base64 at all."""
    prints = ("2b7e55b9", "", "0" * 8)
    numbers = (999999999, 10**9 - 1, 2**31, 2**63, 2**64, -1, 0, 1, 10**400, True, None, "1", 1.5, [1])
    rows: list[object] = [[each, number, "x", 0.0] for each in prints for number in numbers]
    rows += [["2b7e55b9", 1, "x", score] for score in (-1.0, 1e308, "NaN", None, 10**400)]
    rows += [["2b7e55b9", 1, key, 0.0] for key in ("\ud800", "\x00", "k" * 10_000, None, {}, 5)]
    rows += [{}, [], None, 1, "x", [[]] * 4, ["2b7e55b9"] * 400]
    written = [_encoded(json.dumps(row)) for row in rows]
    infinite = ('["2b7e55b9",1,"x",Infinity]', '["2b7e55b9",Infinity,"x",0]', '["2b7e55b9",NaN,"x",NaN]')
    written += [_encoded(text) for text in infinite]
    written += [_encoded("[" * 5000), _encoded('{"a":' * 1000), "A", "====", "\x00", "é", "-_" * 5000, "W10", "%"]
    return written


THE_CURSOR = "WyIyYjdlNTViOSIsOTk5OTk5OTk5LCJ4IiwwLjBd"
"""Asks for the hits after the 999,999,999th of `q=street&sort=newest`: 48 GB, where that number reaches the engine."""


def _encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def cursor_for(first: str, *, position: int, key: str = "x", score: float = 0.0) -> str:
    """Return a true cursor with another position, key and score: the print of the search is right, the rest is forged.

    Args:
        first: the cursor that the server gave. Signed or otherwise unreadable ones are changed at their end.
    """
    try:
        row = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
        changed = [row[0], position, key, score, *row[4:]]
    except (ValueError, TypeError, LookupError, KeyError):
        return first[:-4] + "AAAA"
    return _encoded(json.dumps(changed))


def fuzzed(count: int, *, seed: int) -> Iterator[str]:
    """Yield so many targets (path and query), at the API, the pages and the feed in turn; equal arguments give equal targets."""
    dice = random.Random(seed)
    costly = max(1, count // 60)
    for number in range(count):
        place = PLACES[(number + number // 60) % len(PLACES)]
        if number % 60 == 30 and number // 60 < costly:
            yield f"{place}?q={quoted(COSTLY[(number // 60) % len(COSTLY)])}"
        else:
            yield f"{place}?{_address(dice)}"


def _address(dice: random.Random) -> str:
    parts = [f"q={quoted(_text(dice))}"] if dice.random() < 0.9 else []
    for _ in range(dice.choice((0, 0, 0, 1, 1, 2, 5))):
        name = dice.choice(PARAMETERS)
        value = dice.choice((dice.choice(VALUES), dice.choice(NUMBERS), _text(dice)[:60]))
        if name == "cursor":
            value = dice.choice(forged_cursors())[:1500]
        parts.append(f"{quoted(name)}={quoted(value)}")
    if dice.random() < 0.05:
        parts += [f"country={quoted(dice.choice(VALUES))}"] * dice.choice((2, 50, 150))
    if dice.random() < 0.04:
        parts.append(
            dice.choice(("%", "%ff=%fe", "q=%ed%a0%80", "&&&&", "=", "q=%c0%af", ";q=a;", "q=a%26sort=x", "q"))
        )
    dice.shuffle(parts)
    return "&".join(parts)


def _text(dice: random.Random) -> str:
    kind = dice.random()
    if kind < 0.1:
        return dice.choice(WORDS + SIGNS) * dice.choice((2, 10, 60, 300))
    if kind < 0.15:
        return "".join(
            chr(dice.choice((dice.randrange(0x250), dice.randrange(0x11_0000)))) for _ in range(dice.randint(1, 60))
        )
    pieces = []
    for _ in range(dice.choice((1, 1, 2, 3, 4, 6, 12, 40))):
        piece = dice.choice(WORDS)
        if dice.random() < 0.25:
            piece = f"{dice.choice(FIELDS)}:{dice.choice((piece, dice.choice(VALUES), dice.choice(NUMBERS)))}"
        if dice.random() < 0.35:
            sign = dice.choice(SIGNS)
            piece = dice.choice((sign + piece, piece + sign, f" {sign} ", piece + sign + piece))
        if dice.random() < 0.1:
            piece = f'"{piece} {dice.choice(WORDS)}"'
        if dice.random() < 0.1:
            piece = f"({piece})"
        pieces.append(piece)
    return dice.choice((" ", " ", "", ",", "-", "\u00a0")).join(pieces)


def quoted(text: str) -> str:
    """Return a text as it stands in an address, half pairs included."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")
