"""Which part of a page is what: stretches of its text, each with its zone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from corpus.tag_rules import Zone


class ZoneSpan(NamedTuple):
    """A stretch of the text of a page."""

    zone: Zone
    start: int
    """0-based character, inclusive."""
    end: int
    """Exclusive."""


REPEATED = frozenset({Zone.MASTHEAD, Zone.MENU, Zone.TEASER, Zone.RUNNING})
"""Zones that say on each page what the document, or another one, says elsewhere."""

APART = REPEATED | {Zone.CONTENTS, Zone.REFERENCES, Zone.IMPRINT, Zone.BOILERPLATE}
"""Zones whose words do not tell what a page is about."""


def are_in_order(spans: Sequence[ZoneSpan], *, length: int) -> bool:
    """Say whether spans are not empty, do not overlap, ascend, and are in a text of that length."""
    reached = 0
    for _, start, end in spans:
        if start < reached or end <= start:
            return False
        reached = end
    return reached <= length


def without(text: str, spans: Iterable[ZoneSpan], zones: frozenset[Zone]) -> str:
    """Return a text without the stretches of some zones; a blank line is where one was left out between others."""
    kept: list[str] = []
    reached = 0
    for zone, start, end in spans:
        if zone in zones:
            kept.append(text[reached:start].strip("\n"))
            reached = end
    if not reached:
        return text
    kept.append(text[reached:].strip("\n"))
    return "\n\n".join(filter(None, kept))


def only(text: str, spans: Iterable[ZoneSpan], zones: frozenset[Zone]) -> str:
    """Return the stretches of some zones, a blank line between them."""
    return "\n\n".join(text[start:end] for zone, start, end in spans if zone in zones)


def zones_to_json(spans: Sequence[ZoneSpan] | None) -> list[list[Any]] | None:
    """Return spans as JSON: [[zone, start, end], ...]; None: not determined."""
    return None if spans is None else [[span.zone.value, span.start, span.end] for span in spans]


def zones_from_json(stored: Any, *, length: int) -> tuple[ZoneSpan, ...] | None:
    """Undo `zones_to_json`; a zone that this version does not know is body.

    Args:
        length: of the text. Spans that do not fit it are taken as not found.
    """
    if not isinstance(stored, list):
        return None
    spans = tuple(ZoneSpan(_ZONES.get(zone, Zone.BODY), start, end) for zone, start, end in stored)
    return spans if are_in_order(spans, length=length) else None


_ZONES = {zone.value: zone for zone in Zone}
