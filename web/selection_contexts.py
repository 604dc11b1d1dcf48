"""What pages are given to show of exports and of the reader's selection."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """A format to choose."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ExportForm:
    """What is exported where, by a form that needs no script."""

    action: str
    kept: tuple[tuple[str, str], ...]
    """Names and values that say what is exported."""
    choices: tuple[ExportChoice, ...]
    count: int
    """Documents in the file."""


@dataclass(frozen=True, slots=True)
class MarksForm:
    """What keeps the marks on a page of results."""

    count: int
    """Documents that are selected already, on this page and elsewhere."""
    shown: str
    """Ids of this page's documents, as one text: those without a tick are taken out."""
    back: str
    """This page."""


@dataclass(frozen=True, slots=True)
class SelectedLine:
    """A selected document."""

    id: str
    title: str
    href: str
    lang: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SelectionPage:
    """A selection: the reader's own, or one that someone has sent."""

    documents: tuple[SelectedLine, ...]
    missing: tuple[str, ...]
    """Ids that name no document any more."""
    is_own: bool
    """False: it came with the address."""
    ids: str
    """All of it, as one text."""
    link: str
    """Absolute address that shows it to others; empty when there is nothing in it."""
    most: int
    """How many documents fit in."""
    export: ExportForm | None
    """None: there is nothing to export."""
