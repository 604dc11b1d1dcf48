"""Whether two texts that are largely the same are two issues of one publication, or one template for two countries: by markers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from nlp.works.fingerprints import Fingerprint
from nlp.works.markers import Markers, is_of_country, unpack_markers

_PLACES_MIN = 12
"""Places that two texts share, from which a share of those that changed tells something."""
_CHANGED = 0.04
"""Share of places with another marker, from which two texts are two issues. Other reading changes one in a hundred."""
_CHANGED_READ = 0.1
"""The same of a text that was read from pictures: digits are misread too."""
_NEW_DATE_SEGMENTS = 3
"""Sixteenths of a text in which a date stands that the other text nowhere has, from which it was brought up to date."""
_OTHER_COUNTRIES = 0.25
"""Share of the places of countries with another country, from which a template was filled in for two countries."""


@dataclass(frozen=True, slots=True)
class MarkerLikeness:
    """How the markers of two texts differ beside the same words."""

    places: int
    """With years, months, quarters or versions, that both have."""
    changed: int
    """Those of `places` where each has a marker that the other has not."""
    is_edge_changed: bool
    """Or where each has such a marker at its beginning or end."""
    countries: int
    """Places with countries that both have."""
    other_countries: int
    """Those of `countries` where each has one that the other has not."""
    is_country_replaced: bool
    """At half of `other_countries` and more one country stands for one other: a template, and no list of countries."""
    new_date_segments: int
    """In how many sixteenths of one text, between cover and annex, a date stands that the other has nowhere."""
    country: tuple[str, str]
    """What the texts are about; empty where it is not told."""

    def is_another_issue(self, *, is_read: bool) -> bool:
        """Say whether what is stated of time or version differs.

        Args:
            is_read: one of the texts was read from pictures, with errors.
        """
        if self.new_date_segments >= _NEW_DATE_SEGMENTS:
            return True
        if is_read:
            return self.places >= _PLACES_MIN and self.changed >= _CHANGED_READ * self.places
        return self.is_edge_changed or (self.places >= _PLACES_MIN and self.changed >= _CHANGED * self.places)

    def is_another_country(self, *, is_read: bool) -> bool:
        """Say whether the texts are about two countries.

        Args:
            is_read: one of the texts was read from pictures; half of a name may be misread.
        """
        first, second = self.country
        if first and second:
            return first != second
        return self.is_country_replaced and self.other_countries > _OTHER_COUNTRIES * (1 + is_read) * self.countries


def marker_likeness(one: Fingerprint, other: Fingerprint, *, insides: tuple[range, range]) -> MarkerLikeness:
    """Compare the markers of two texts.

    Args:
        insides: of each text the sixteenths between what differs at its beginning and end: between cover and annex.
    """
    first, second = unpack_markers(one.markers), unpack_markers(other.markers)
    limit = min(first.limit, second.limit)
    both = first.beside.keys() & second.beside.keys()
    every_changed = [place for place in both if _only(first, second, place) and _only(second, first, place)]
    edges = [
        place
        for place in every_changed
        if not is_of_country(place)
        and any(_only(first, second, place).values())
        and any(_only(second, first, place).values())
    ]
    shared = [place for place in both if place <= limit]
    changed = [place for place in every_changed if place <= limit]
    return MarkerLikeness(
        places=sum(not is_of_country(place) for place in shared),
        changed=sum(not is_of_country(place) for place in changed),
        is_edge_changed=bool(edges),
        countries=sum(map(is_of_country, shared)),
        other_countries=sum(map(is_of_country, changed)),
        is_country_replaced=_is_one_for_one(first, second, [place for place in changed if is_of_country(place)]),
        new_date_segments=max(
            _new_date_segments(first, second, insides[0]), _new_date_segments(second, first, insides[1])
        ),
        country=(first.country, second.country),
    )


def _only(markers: Markers, other: Markers, place: int) -> dict[int, bool]:
    """Return the markers that a text has at a place and the other has not there."""
    its = other.beside[place]
    return {value: is_edge for value, is_edge in markers.beside[place].items() if value not in its}


def _is_one_for_one(first: Markers, second: Markers, changed: Sequence[int]) -> bool:
    for markers, other in ((first, second), (second, first)):
        named = Counter(chain.from_iterable(_only(markers, other, place) for place in changed))
        if not named or 2 * max(named.values()) < len(changed):
            return False
    return True


def _new_date_segments(markers: Markers, other: Markers, inside: range) -> int:
    mask = sum(1 << at for at in inside)
    return max(
        ((where & mask).bit_count() for date, where in markers.dates.items() if date not in other.dates), default=0
    )
