"""Read an RSS or Atom feed, also a broken one: its entries as leads, and where it goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import feedparser
from parsel import Selector

from corpus.types import Evidence, FieldEvidence
from crawler.html_parts import fold
from crawler.leads import Found, Lead, LeadKind
from crawler.links import file_kind
from crawler.protocols.feed.rules import FeedRules

ABSTRACT_CHARACTERS_MAX = 5_000


def read_feed(body: bytes, rules: FeedRules, *, url: str, content_type: str = "") -> Found:
    """Return the leads of a feed. Never raises: what is no feed has no leads and a note that says so.

    An entry leads to its landing page, and remembers the PDFs that it encloses; an entry without a page, or of a feed whose
    entries have no landing pages, leads to the PDFs, or to the page as a text.

    Args:
        url: where it was fetched, for relative addresses.
        content_type: as the server sent it; its charset counts.
    """
    headers = {"content-location": url}
    if content_type:
        headers["content-type"] = content_type
    parsed = feedparser.parse(body, response_headers=headers, sanitize_html=True, resolve_relative_uris=True)
    leads: dict[str, Lead] = {}
    skipped: Counter[str] = Counter()
    for entry in parsed.entries:
        offered = tuple(_leads_of(entry, base=url, rules=rules, feed_lang=_text(parsed.feed.get("language"))))
        if not offered:
            skipped["entry without a link"] += 1
        for lead in offered:
            if rules.addresses.admit(lead.url):
                leads.setdefault(lead.url, lead)
            else:
                skipped["address denied"] += 1
    return Found(leads=tuple(leads.values()), more=_more(parsed, url), skipped=dict(skipped), note=_note(parsed))


def _note(parsed: Any) -> str:
    if not parsed.get("version") and not parsed.entries:
        return "This is neither RSS nor Atom."
    fault = parsed.get("bozo_exception")
    # A wrong media type or charset in the headers is the commonest fault, and harmless once the feed is recognised.
    harmless = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
    if parsed.get("bozo") and fault is not None and not isinstance(fault, harmless):
        return f"The feed is not well formed ({fold(str(fault))[:200]}); {len(parsed.entries)} entries could be read."
    return ""


def _more(parsed: Any, base: str) -> tuple[str, ...]:
    """Return the address of the next page of a paged or archived feed (RFC 5005), as one or no address."""
    for rel in ("next", "prev-archive"):
        for link in parsed.feed.get("links", ()):
            if link.get("rel") == rel and (address := _address(link.get("href"), base)) and address != base:
                return (address,)
    return ()


def _leads_of(entry: Any, *, base: str, rules: FeedRules, feed_lang: str) -> Iterator[Lead]:
    evidence = entry_evidence(entry, feed_lang=feed_lang)
    kinds = tuple(item.value.casefold() for item in evidence.get("keyword", ()))
    page = _address(entry.get("link"), base)
    enclosed = [
        address
        for link in (*entry.get("enclosures", ()), *_alternates(entry))
        if (address := _address(link.get("href") or link.get("url"), base))
        and file_kind(address, declared=link.get("type") or "") == "pdf"
    ]
    files = tuple(dict.fromkeys(enclosed))
    if page and rules.landing and file_kind(page) != "pdf":
        yield Lead(url=page, kind=LeadKind.LANDING, evidence=evidence, kinds=kinds, files=files)
    else:
        for address in files or ((page,) if page else ()):
            yield Lead(url=address, kind=LeadKind.FILE, evidence=evidence, kinds=kinds)


def _alternates(entry: Any) -> list[Any]:
    return [link for link in entry.get("links", ()) if link.get("rel") in ("alternate", "related")]


def entry_evidence(entry: Any, *, feed_lang: str = "") -> FieldEvidence:
    """Return what an entry says of its publication, all from the origin `feed`."""
    found: dict[str, tuple[Evidence, ...]] = {}
    for name, values in {
        "title": [_plain(entry.get("title"))],
        "author": [_text(author.get("name")) for author in entry.get("authors", ()) if isinstance(author, dict)],
        "date": [_day(entry.get("published_parsed")) or _day(entry.get("updated_parsed"))],
        "abstract": [_plain(entry.get("summary"))[:ABSTRACT_CHARACTERS_MAX]],
        "lang": [
            _text((entry.get("title_detail") or {}).get("language")) or _text(entry.get("dc_language")) or feed_lang
        ],
        "keyword": [_text(tag.get("term")) for tag in entry.get("tags", ()) if isinstance(tag, dict)],
        "licence": [_text(entry.get("license"))],
    }.items():
        if given := tuple(dict.fromkeys(value for value in values if value)):
            found[name] = tuple(Evidence(value=value, origin="feed") for value in given)
    return found


def _day(moment: Any) -> str:
    """Return an ISO date from feedparser's time tuple (UTC); empty for none and for nonsense years."""
    if not moment or not 1800 <= moment[0] <= 2200:
        return ""
    return f"{moment[0]:04d}-{moment[1]:02d}-{moment[2]:02d}"


def _plain(markup: Any) -> str:
    """Return the text of a value that may hold markup."""
    text = _text(markup)
    return fold(Selector(text=text, type="html").xpath("string(.)").get()) if "<" in text or "&" in text else text


def _text(value: Any) -> str:
    return fold(value) if isinstance(value, str) else ""


def _address(href: Any, base: str) -> str:
    """Return an absolute http(s) address without fragment; empty when it is none."""
    if not isinstance(href, str) or not href.strip():
        return ""
    try:
        url = urldefrag(urljoin(base, href.strip())).url
        return url if urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname else ""
    except ValueError:
        return ""
