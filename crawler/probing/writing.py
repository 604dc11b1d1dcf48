"""Write a proposal as a source file: what was found, and in comments why, and what else there was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from crawler.net.addresses import is_private_host, parts_of_host
from crawler.pages.html_parts import fold
from crawler.probing.guess import Proposal
from crawler.probing.site import HarvestCandidate, Value

_LINE_CHARACTERS = 120
_ALTERNATIVES_MAX = 8


def suggested_slug(proposal: Proposal) -> str:
    """Return a slug for a site, from its domain; from its name where the host is a number; never empty."""
    parts = parts_of_host(urlsplit(proposal.homepage).hostname or "")
    words = [each for each in (*parts.subdomain.split("."), parts.domain) if each not in ("", "www")]
    is_name = bool(parts.suffix)
    slug = re.sub(r"[^a-z0-9]+", "-", ("-".join(words) if is_name else fold(proposal.facts.name)).casefold()).strip("-")
    return slug[:63].strip("-") or "a-source"


def source_text(proposal: Proposal, *, slug: str) -> str:
    """Return the source file for the best way that was found, as TOML.

    Raises ValueError: nothing was found.
    """
    if not proposal.candidates:
        raise ValueError(f"nothing was found at {proposal.address}")
    best, *others = proposal.candidates
    return "\n".join(
        [
            *_comment(f"Proposed by `pushcart sources new {proposal.address}`, from {proposal.requests} answers."),
            *_comment(f"Chosen: {best.words}; {proposal.reason}."),
            *_head(proposal, best, slug=slug),
            *_table(best),
            *_polite(proposal, best),
            *_expectation(best),
            *_alternatives(others),
            "",
        ]
    )


def _head(proposal: Proposal, best: HarvestCandidate, *, slug: str) -> Iterator[str]:
    facts = proposal.facts
    yield f"slug = {_toml(slug)}"
    yield f"name = {_toml(facts.name or urlsplit(proposal.homepage).hostname or slug)}"
    yield f"homepage = {_toml(proposal.homepage)}"
    if facts.country:
        yield "# The country of the domain; leave it out for an international publisher."
        yield f"country = {_toml(facts.country)}"
    if facts.languages:
        yield f"languages = {_toml(facts.languages)}"
    if facts.licence:
        yield f"licence = {_toml(facts.licence)}"
    yield f"protocol = {_toml(best.protocol)}"
    yield f"start = {_toml(best.start)}"
    yield "# Take this line out when `pushcart sources try` shows what it should."
    yield "verified = false"


def _table(best: HarvestCandidate) -> Iterator[str]:
    tables: dict[str, list[str]] = {best.protocol: []} if best.keys else {}
    for name, value in best.keys.items():
        table, _, key = name.rpartition(".")
        lines = tables.setdefault(f"{best.protocol}.{table}" if table else best.protocol, [])
        lines.append(f"{key} = {_toml(value)}")
    for table, lines in tables.items():
        yield from ("", f"[{table}]", *lines)


def _polite(proposal: Proposal, best: HarvestCandidate) -> Iterator[str]:
    if any(is_private_host(urlsplit(address).hostname or "") for address in (*best.start, proposal.address)):
        yield ""
        yield "[polite]"
        yield "allow_private = true  # it is on this machine, or in a private network"


def _expectation(best: HarvestCandidate) -> Iterator[str]:
    """Yield what a run must bring: half of what is known to be there, since not every record has a file."""
    if best.records >= 4:
        yield ""
        yield "[expect]"
        yield f"documents_per_run = {{ at_least = {max(1, min(best.records, len(best.urls) or best.records) // 2)} }}"


def _alternatives(others: list[HarvestCandidate]) -> Iterator[str]:
    if others:
        yield ""
        yield "# Also found:"
    for other in others[:_ALTERNATIVES_MAX]:
        yield from _comment(
            f"{other.words}: protocol = {_toml(other.protocol)}, start = {_toml(other.start)}", dash=True
        )


def _comment(words: str, *, dash: bool = False) -> Iterator[str]:
    """Yield words as lines of a comment. What a site says may hold line ends and control characters; a comment must not."""
    line = "# -" if dash else "#"
    for word in _clean(words).split():
        if len(line) + len(word) >= _LINE_CHARACTERS and len(line) > 3:
            yield line
            line = "#  " if dash else "#"
        line = f"{line} {word}"
    yield line


def _toml(value: Value) -> str:
    """Return a value as TOML: patterns and selectors in single quotation marks, as they are; all else as in JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(each) for each in value)}]"
    text = _clean(value)
    return f"'{text}'" if "\\" in text and "'" not in text else json.dumps(text, ensure_ascii=False)


def _clean(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]+", " ", text)
