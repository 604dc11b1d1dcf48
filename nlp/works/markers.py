"""What a text itself says of its time, edition and country: years, months, quarters, versions, countries, and the words beside.

Two issues of one publication differ in little else. `Guide, October 2022` and `Guide, November 2022` have the same words
beside another month; a guide that is brought up to date names a month that the older one does not know; a template that is
filled in for two countries has the name of the one where the other has that of the other. A new cover, an annex, errors of
text recognition, and columns in another order bring other words along, and put no other marker beside the same ones.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import NamedTuple
from zlib import crc32

from corpus.vocabulary.places import PlaceKind, load_places
from nlp.works.titles import ISSUE_WORDS, MEETINGS, MONTH_NUMBERS, number_of, ordinal_of, season_of, short_issue
from nlp.works.words import SEGMENTS, words_to_compare

_BESIDE = 3
"""Words before and behind a marker by which its place is known."""
_REACH = 12
"""Words among which these are looked for: of a table of numbers there are none."""
_ROW = 4
"""Markers beside each other that are a row."""
_FRONT_WORDS, _BACK_WORDS = 300, 100
"""Words of a text at its beginning and end: cover, title page, imprint, colophon."""
_PLACES_MAX = 384
"""Places that are kept of a text, those at its edges aside; those of the smallest hashes, so that two texts keep the same."""
_DATES_MAX = 400
_TOP = 2**32 - 1
_EDGE = 0x8000
_YEARS = {str(year): year for year in range(1950, 2050)}
_SPANS = {
    written: crc32(written.encode()) & 0x7FFF
    for year in range(1950, 2050)
    for written in (f"{year}{(year + 1) % 100:02}", *(f"{year}{year + more}" for more in range(1, 10)))
}
"""`2018-19`, `2018-2021`: their hyphens are gone."""
_SHORT = {
    word: issue
    for letter in "qtvh"
    for number in range(1, 21)
    for word in (f"{letter}{number}", f"{number}{letter}")
    if (issue := short_issue(word)) is not None
}
_VERSIONS = frozenset(("edition", "edicion", "edicao", "version", "versao", "revision", "rev", "draft"))
_STATES = {
    word: number
    for number, words in enumerate(
        (
            ("draft", "borrador", "brouillon", "rascunho", "provisional", "provisoire"),
            ("preliminary", "preliminar", "preliminaire"),
            ("final", "finale", "definitive", "definitivo", "definitif"),
            ("revised", "revisada", "revisado", "revisee", "revise", "revista", "revisto"),
            ("corrected", "corregida", "corregido", "corrigee", "corrige", "corrigida", "corrigido"),
            ("updated", "actualizada", "actualizado", "actualisee", "actualise", "atualizada", "atualizado"),
        )
    )
    for word in words
}  # fmt: skip
_MAIN_COUNT_MIN = 4
_MAIN_TIMES = 2
"""A country is what a text is about when it is named so often, and so many times as often as any other."""


class IssueMarker(NamedTuple):
    """A marker in a list of words."""

    start: int
    end: int
    kind: str
    """`y`ear, `p`eriod of years, `m`onth, `c`ountry, `t` for a state (draft, final); else its letter in `Marks.issue`."""
    value: int
    """15 bits."""
    place: str = ""
    """ISO alpha-3 of a country."""


@dataclass(frozen=True, slots=True)
class Markers:
    """The markers of a text, as they are kept."""

    beside: Mapping[int, Mapping[int, bool]]
    """By a hash of kind and neighbouring words (odd of countries): the values beside these, and whether they are at an edge."""
    limit: int
    """Up to which hash all are kept; beyond it those that are at an edge too."""
    dates: Mapping[int, int]
    """By year, or by year and month (year * 13 + month): in which sixteenths of the body it stands, a bit each, and
    bit 16 for what the body leaves out."""
    country: str
    """What it is about, by how often countries are named: ISO alpha-3; empty: several, or none."""


def markers_of(body: Sequence[str], apart: Sequence[str]) -> Markers:
    """Return the markers of a text by its words, see words_to_compare; pure."""
    found = [list(_found(words)) for words in (body, apart)]
    beside: dict[int, dict[int, bool]] = {}
    _add_places(beside, body, found[0], back=_BACK_WORDS)
    # What the body leaves out ends with references, whose dates are those of others.
    _add_places(beside, apart, found[1], back=0)
    limit = _TOP
    if len(beside) > _PLACES_MAX:
        limit = sorted(beside)[_PLACES_MAX - 1]
        beside = {place: values for place, values in beside.items() if place <= limit or any(values.values())}
    named = Counter(each.place for each in chain(*found) if each.place)
    return Markers(beside, limit, _dates(body, *found), _main_country(named))


def _main_country(named: Counter[str]) -> str:
    first, second = (*named.most_common(2), ("", 0), ("", 0))[:2]
    return first[0] if first[1] >= max(_MAIN_COUNT_MIN, _MAIN_TIMES * second[1]) else ""


def _add_places(
    beside: dict[int, dict[int, bool]], words: Sequence[str], markers: Sequence[IssueMarker], *, back: int
) -> None:
    """Add for each marker the words before it and those behind it, other markers and numbers left out.

    Args:
        back: words at the end that are an edge.
    """
    marked = {at for each in markers for at in range(each.start, each.end)}
    for each in _without_rows(markers):
        is_edge = each.start < _FRONT_WORDS or each.start >= len(words) - back
        before = _plain(words, range(each.start - 1, max(each.start - _REACH, 0) - 1, -1), marked)
        behind = _plain(words, range(each.end, min(each.end + _REACH, len(words))), marked)
        for side, neighbours in (("<", before), (">", behind)):
            if len(neighbours) == _BESIDE:
                place = crc32(" ".join([side, each.kind, *neighbours]).encode()) & ~1 | (each.kind == "c")
                values = beside.setdefault(place, {})
                values[each.value] = values.get(each.value, False) or is_edge


def _without_rows(markers: Sequence[IssueMarker]) -> Iterator[IssueMarker]:
    """Yield the markers but those of rows, as the years below a chart, which are read in any order."""
    row: list[IssueMarker] = []
    for each in markers:
        if row and each.start > row[-1].end:
            yield from row if len(row) < _ROW else ()
            row = []
        row.append(each)
    yield from row if len(row) < _ROW else ()


def _plain(words: Sequence[str], around: range, marked: set[int]) -> list[str]:
    """Return the first words of a stretch that are neither numbers nor markers."""
    found: list[str] = []
    for at in around:
        word = words[at]
        if at not in marked and word and not word[0].isdigit():
            found.append(word)
            if len(found) == _BESIDE:
                break
    return found


def _dates(body: Sequence[str], found: Sequence[IssueMarker], apart: Sequence[IssueMarker]) -> dict[int, int]:
    dates: dict[int, int] = {}
    for markers, is_body in ((found, True), (apart, False)):
        before: IssueMarker | None = None
        for each in markers:
            if each.kind not in "ym":
                continue
            bit = 1 << (each.start * SEGMENTS // len(body) if is_body else SEGMENTS)
            if each.kind == "y":
                dates[each.value] = dates.get(each.value, 0) | bit
            if before is not None and before.kind != each.kind and each.start - before.end <= 1:
                year, month = (before.value, each.value) if each.kind == "m" else (each.value, before.value)
                dates[year * 13 + month] = dates.get(year * 13 + month, 0) | bit
            before = each
    return dict(sorted(dates.items(), key=lambda each: -each[0])[:_DATES_MAX])


def _found(words: Sequence[str]) -> Iterator[IssueMarker]:
    """Yield the markers among words, in their order."""
    openings, reached = _openings(), 0
    for at in [at for at, word in enumerate(words) if word in openings]:
        if at >= reached and (marker := _marker(words, at)) is not None:
            yield marker
            reached = marker.end


@cache
def _openings() -> frozenset[str]:
    """Return the words of which a marker may begin or, before its number, consist."""
    return frozenset((*_YEARS, *_SPANS, *MONTH_NUMBERS, *_SHORT, *_country_names(), *ISSUE_WORDS, *_VERSIONS, *_STATES))


def _marker(words: Sequence[str], at: int) -> IssueMarker | None:
    """Return the marker that is at a word; None: the word means something else here."""
    word = words[at]
    if (year := _YEARS.get(word)) is not None:
        return IssueMarker(at, at + 1, "y", year)
    if (month := MONTH_NUMBERS.get(word)) is not None:
        return IssueMarker(at, at + 1, "m", month)
    if (span := _SPANS.get(word)) is not None:
        return IssueMarker(at, at + 1, "p", span)
    if (short := _SHORT.get(word)) is not None:
        return IssueMarker(at, at + 1, short[0], 100 * int(short[1]))
    for rest, country in _country_names().get(word, ()):
        if tuple(words[at + 1 : at + 1 + len(rest)]) == rest:
            return IssueMarker(at, at + 1 + len(rest), "c", crc32(country.encode()) & 0x7FFF, country)
    numbered = _numbered(words, at) if word in ISSUE_WORDS or word in _VERSIONS else None
    return IssueMarker(at, at + 1, "t", _STATES[word]) if numbered is None and word in _STATES else numbered


def _numbered(words: Sequence[str], at: int) -> IssueMarker | None:
    """Return a version, volume, number, week, quarter or half with the number behind or before it."""
    word = words[at]
    before, behind = (words[at - 1] if at else ""), (words[at + 1] if at + 1 < len(words) else "")
    letter = "v" if word in _VERSIONS else ISSUE_WORDS[word]
    if letter == "p":
        return None
    if letter in "qs" and (season := season_of(before)):
        return IssueMarker(at - 1, at + 1, letter, 100 * season)
    if letter == "v" and not before.isdigit() and (ordinal := ordinal_of(before)):
        return IssueMarker(at - 1, at + 1, letter, 100 * int(ordinal))
    number = number_of(behind) if behind.isdigit() or letter in "vq" else ""
    if not number or len(number) > 2:
        return None
    further = words[at + 2] if at + 2 < len(words) else ""
    exact = int(further) if letter == "v" and further.isdigit() and len(further) < 3 else 0
    return IssueMarker(at, at + 2, letter, 100 * int(number) + exact)


@cache
def _country_names() -> Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Return by the first word of a country's name its further words and the country, the longest first."""
    owners: dict[tuple[str, ...], set[str]] = {}
    for name in load_places().names:
        words = tuple(words_to_compare([name.surface]))
        if name.kind is not PlaceKind.NAME or name.weak or not words or words[-1] in MEETINGS:
            continue
        if len("".join(words)) > 3:
            owners.setdefault(words, set()).add(name.concept)
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for words, countries in sorted(owners.items(), key=lambda each: (-len(each[0]), each[0])):
        if len(countries) == 1:
            found.setdefault(words[0], []).append((words[1:], next(iter(countries))))
    return {first: tuple(rest) for first, rest in found.items()}


def is_of_country(place: int) -> bool:
    """Say whether a place of `Markers.beside` is one of a country."""
    return bool(place & 1)


def pack_markers(markers: Markers) -> bytes:
    """Return markers as they are stored."""
    beside = [
        (place, value | (_EDGE if is_edge else 0))
        for place, values in markers.beside.items()
        for value, is_edge in values.items()
    ]
    head = struct.pack("<IHH3s", markers.limit, len(beside), len(markers.dates), markers.country.encode())
    places = b"".join(struct.pack("<IH", *each) for each in beside)
    return head + places + b"".join(struct.pack("<HI", *each) for each in markers.dates.items())


def country_of(packed: bytes) -> str:
    """Return `Markers.country` of stored markers."""
    return packed[8:11].rstrip(b"\0").decode()


def unpack_markers(packed: bytes) -> Markers:
    """Undo `pack_markers`."""
    limit, count, date_count, country = struct.unpack_from("<IHH3s", packed)
    start = struct.calcsize("<IHH3s")
    beside: dict[int, dict[int, bool]] = {}
    for place, value in struct.iter_unpack("<IH", packed[start : start + 6 * count]):
        beside.setdefault(place, {})[value & ~_EDGE] = bool(value & _EDGE)
    dates = dict(struct.iter_unpack("<HI", packed[start + 6 * count : start + 6 * (count + date_count)]))
    return Markers(beside, limit, dates, country.rstrip(b"\0").decode())
