"""What a site says of itself: name, languages, country, licence, the software that runs it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy.http import TextResponse

from corpus.text import clean_json
from corpus.vocabulary import load_vocabulary
from crawler.net.addresses import parts_of_host
from crawler.pages.html_parts import fold

_SOFTWARE = (
    ("DSpace", re.compile(r"dspace", re.IGNORECASE)),
    ("WordPress", re.compile(r"wordpress|/wp-content/|/wp-json/", re.IGNORECASE)),
    ("Drupal", re.compile(r"drupal", re.IGNORECASE)),
    ("EPrints", re.compile(r"eprints", re.IGNORECASE)),
    ("OJS", re.compile(r"open journal systems", re.IGNORECASE)),
    ("Invenio", re.compile(r"invenio", re.IGNORECASE)),
)
_VANITY = frozenset(
    (
        "ai",
        "am",
        "cc",
        "co",
        "eu",
        "fm",
        "gg",
        "im",
        "io",
        "is",
        "la",
        "ly",
        "me",
        "nu",
        "sh",
        "su",
        "tk",
        "to",
        "tv",
        "ws",
    )
)
"""Country domains that are as often taken for how they read as for where the publisher is."""
_BETWEEN = re.compile(r"(?<!\s)\s++[|–—·»-]\s+|(?:(?<!\s)\s++)?\|\s*")


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What a site says of itself; empty where it says nothing."""

    name: str = ""
    languages: tuple[str, ...] = ()
    """ISO 639-1, the page's own first."""
    country: str = ""
    """ISO 3166-1 alpha-3, of the domain."""
    licence: str = ""
    software: str = ""
    """A name of _SOFTWARE."""


def facts_of(page: TextResponse) -> SiteFacts:
    """Return what a page says of its site. Touches nothing."""
    return SiteFacts(
        name=_name(page),
        languages=_languages(page),
        country=country_of(urlsplit(page.url).hostname or ""),
        licence=_licence(page),
        software=_software(page),
    )


def country_of(host: str) -> str:
    """Return the country that a host's domain stands for, alpha-3; empty when it stands for none."""
    suffix = parts_of_host(host).suffix
    ending = suffix.rpartition(".")[2]
    if len(ending) != 2 or (ending in _VANITY and "." not in suffix):
        return ""
    country = load_vocabulary().country("GB" if ending == "uk" else ending)
    return country.id if country else ""


def _name(page: TextResponse) -> str:
    if said := fold(page.xpath("//meta[@property='og:site_name' or @name='og:site_name']/@content").get()):
        return said
    for node in _json_ld(page):
        kinds = node.get("@type")
        kind = " ".join(kinds) if isinstance(kinds, list) else str(kinds)
        if re.search(r"Organi[sz]ation|WebSite", kind) and isinstance(node.get("name"), str) and node["name"].strip():
            return fold(node["name"])
    if said := fold(page.xpath("//meta[@name='application-name']/@content").get()):
        return said
    parts = [part for part in _BETWEEN.split(fold(page.xpath("string(//head/title | //title)").get())) if part]
    if not parts:
        return ""
    is_home = not urlsplit(page.url).path.strip("/")
    return parts[0] if is_home or len(parts) == 1 else parts[-1]


def _json_ld(page: TextResponse) -> Iterator[dict[str, Any]]:
    for script in page.xpath("//script[@type='application/ld+json']/text()").getall():
        try:
            found = clean_json(json.loads(script))
        except (ValueError, RecursionError):
            continue
        roots = found if isinstance(found, list) else [found]
        for root in roots:
            if isinstance(root, dict):
                graph = root.get("@graph")
                yield from (
                    each for each in [root, *(graph if isinstance(graph, list) else ())] if isinstance(each, dict)
                )


def _languages(page: TextResponse) -> tuple[str, ...]:
    codes = [
        *page.xpath("/html/@lang | /html/@xml:lang").getall()[:1],
        *page.xpath("//head/link[@rel='alternate'][@hreflang]/@hreflang").getall(),
    ]
    plain = (code.strip().casefold().replace("_", "-").split("-")[0] for code in codes)
    return tuple(dict.fromkeys(code for code in plain if re.fullmatch("[a-z]{2}", code)))[:8]


def _licence(page: TextResponse) -> str:
    href = page.xpath("//*[self::a or self::link][contains(concat(' ', @rel, ' '), ' license ')]/@href").get()
    try:
        return urljoin(page.url, fold(href)) if href else ""
    except ValueError:
        return ""


def _software(page: TextResponse) -> str:
    said = " ".join(page.xpath("//meta[translate(@name, 'G', 'g')='generator']/@content").getall())
    marks = " ".join(page.xpath("//link/@href | //script/@src").getall()[:200])
    powered = "DSpace" if page.xpath("//ds-app | //*[contains(@class, 'ds-artifact')]") else ""
    for text in (said, powered, marks):
        for name, pattern in _SOFTWARE:
            if pattern.search(text):
                return name
    return ""
