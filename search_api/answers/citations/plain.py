"""Citations as plain text, for a footnote; they need no style."""

from __future__ import annotations

from search_api.answers.citations.reference import Reference, ReferenceKind


def plain_citation(reference: Reference) -> str:
    """Return authors (year). Title. Publisher. Series. Page. Address; the day of access where there is no DOI."""
    publisher, series = reference.publisher, reference.series
    who = "; ".join(name.inverted for name in reference.authors) or publisher
    year = reference.year or "n.d."
    parts = [f"{who} ({year})" if who else f"({year})", reference.title]
    if reference.authors and publisher:
        parts.append(publisher)
    if series.name or series.number:
        within = "In " if reference.kind is ReferenceKind.CHAPTER else ""
        parts.append(within + ", ".join(each for each in (series.name, _place(reference)) if each))
    if reference.page:
        parts.append(f"p. {reference.page}")
    text = "".join(f"{part.rstrip('.')}. " for part in parts) + reference.address
    is_dated = reference.accessed and (reference.page or not reference.doi)
    return f"{text} (accessed {reference.accessed})" if is_dated else text.rstrip()


def _place(reference: Reference) -> str:
    volume, number = reference.series.volume, reference.series.number
    return f"{volume}({number})" if volume and number else volume or number
