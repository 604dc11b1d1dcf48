"""What a site says of itself: name, languages, country, licence, the software that runs it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from scrapy.http import TextResponse

from corpus.vocabulary import load_vocabulary
from crawler.net.addresses import parts_of_host
from crawler.pages.html_parts import fold
from crawler.pages.links import link_address
from crawler.pages.structured_data import site_names

_SOFTWARE = (
    ("DSpace", re.compile(r"dspace", re.IGNORECASE)),
    ("WordPress", re.compile(r"wordpress|/wp-content/|/wp-json/", re.IGNORECASE)),
    ("Drupal", re.compile(r"drupal", re.IGNORECASE)),
    ("EPrints", re.compile(r"eprints", re.IGNORECASE)),
    ("OJS", re.compile(r"open journal systems", re.IGNORECASE)),
    ("Invenio", re.compile(r"invenio", re.IGNORECASE)),
)
_VANITY = re.compile("a[im]|c[co]|eu|fm|gg|i[mos]|l[ay]|me|nu|s[hu]|t[kov]|ws")
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
    codes = [
        *page.xpath("/html/@lang | /html/@xml:lang").getall()[:1],
        *page.xpath("//head/link[@rel='alternate'][@hreflang]/@hreflang").getall(),
    ]
    languages = (re.split("[-_]", code.strip().casefold())[0] for code in codes)
    licence = page.xpath("//*[self::a or self::link][contains(concat(' ', @rel, ' '), ' license ')]/@href").get()
    return SiteFacts(
        name=_name(page),
        languages=tuple(dict.fromkeys(code for code in languages if re.fullmatch("[a-z]{2}", code)))[:8],
        country=country_of(urlsplit(page.url).hostname or ""),
        licence=link_address(page, licence) if licence else "",
        software=_software(page),
    )


def country_of(host: str) -> str:
    """Return the country that a host's domain stands for, alpha-3; empty when it stands for none."""
    suffix = parts_of_host(host).suffix
    ending = suffix.rpartition(".")[2]
    if len(ending) != 2 or (_VANITY.fullmatch(ending) and "." not in suffix):
        return ""
    country = load_vocabulary().country("GB" if ending == "uk" else ending)
    return country.id if country else ""


def _name(page: TextResponse) -> str:
    declared = (
        page.xpath("//meta[@property='og:site_name' or @name='og:site_name']/@content").get(),
        next(site_names(page), ""),
        page.xpath("//meta[@name='application-name']/@content").get(),
    )
    if name := next(filter(None, map(fold, declared)), ""):
        return name
    parts = [part for part in _BETWEEN.split(fold(page.xpath("string(//head/title | //title)").get())) if part] or [""]
    return parts[0 if not urlsplit(page.url).path.strip("/") else -1]


def _software(page: TextResponse) -> str:
    generator = " ".join(page.xpath("//meta[translate(@name, 'G', 'g')='generator']/@content").getall())
    parts = "dspace" if page.xpath("//ds-app | //*[contains(@class, 'ds-artifact')]") else ""
    marks = " ".join(page.xpath("//link/@href | //script/@src").getall()[:200])
    found = (name for text in (generator, parts, marks) for name, regex in _SOFTWARE if regex.search(text))
    return next(found, "")
