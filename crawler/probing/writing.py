"""Write a proposal as a source file: what was found, and in comments why, and what else there was."""

from __future__ import annotations

import json
import re
from textwrap import wrap
from urllib.parse import urlsplit

from crawler.net.addresses import is_private_host, parts_of_host
from crawler.pages.html_parts import fold
from crawler.probing.guess import Proposal
from crawler.probing.site import HarvestCandidate, Value

_LINE_CHARACTERS = 120
_ALTERNATIVES_MAX = 8
_BESIDE = {
    "country": "  # of the domain; leave it out for an international publisher",
    "verified": "  # take this line out when `pushcart sources try` shows what it should",
    "allow_private": "  # it is on this machine, or in a private network",
}
"""What is said beside a key."""


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
    lines = [
        *_comment(f"Proposed by `pushcart sources new {proposal.address}`, from {proposal.requests} answers."),
        *_comment(f"Chosen: {best.words}; {proposal.reason}."),
    ]
    for table, values in _tables(proposal, best, slug=slug).items():
        lines += ["", f"[{table}]"] if table else []
        lines += [
            f"{key} = {_toml(value)}{_BESIDE.get(key, '')}" for key, value in values.items() if value not in ("", ())
        ]
    lines += ["", "# Also found:"] if others else []
    for other in others[:_ALTERNATIVES_MAX]:
        start = f"protocol = {_toml(other.protocol)}, start = {_toml(other.start)}"
        lines += _comment(f"{other.words}: {start}", first="# - ", further="#   ")
    return "\n".join([*lines, ""])


def _tables(proposal: Proposal, best: HarvestCandidate, *, slug: str) -> dict[str, dict[str, Value]]:
    """Return what the file declares, by table; the keys at the top are under an empty name."""
    facts, host = proposal.facts, urlsplit(proposal.homepage).hostname
    tables: dict[str, dict[str, Value]] = {
        "": {
            "slug": slug,
            "name": facts.name or host or slug,
            "homepage": proposal.homepage,
            "country": facts.country,
            "languages": facts.languages,
            "licence": facts.licence,
            "protocol": best.protocol,
            "start": best.start,
            "verified": False,
        }
    }
    for name, value in best.keys.items():
        table, _, key = name.rpartition(".")
        tables.setdefault(".".join(filter(None, (best.protocol, table))), {})[key] = value
    if any(is_private_host(urlsplit(address).hostname or "") for address in (*best.start, proposal.address)):
        tables["polite"] = {"allow_private": True}
    if best.records >= 4:
        # Half of what is known to be there, since not every record has a file.
        known = min(best.records, len(best.urls) or best.records)
        tables["expect.documents_per_run"] = {"at_least": max(1, known // 2)}
    return tables


def _comment(text: str, *, first: str = "# ", further: str = "# ") -> list[str]:
    """Return lines of a comment. What a site says may hold line ends and control characters; a comment must not."""
    return wrap(
        _clean(text),
        _LINE_CHARACTERS,
        initial_indent=first,
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _toml(value: Value) -> str:
    """Return a value as TOML: regexes and selectors in single quotation marks, as they are; all else as in JSON."""
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(each) for each in value)}]"
    text = _clean(value) if isinstance(value, str) else value
    is_raw = isinstance(text, str) and "\\" in text and "'" not in text
    return f"'{text}'" if is_raw else json.dumps(text, ensure_ascii=False)


def _clean(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]+", " ", text)
