"""Read a feed of any kind (RSS, Atom, JSON Feed), also a broken one: its entries as links, and where it goes on."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import feedparser
from dateparser.date import DateDataParser

from corpus.decoding import declared_in_markup, encoding_of
from corpus.languages import code_of
from corpus.metadata.authors import without_addresses
from corpus.metadata.dates import parse_date
from corpus.origins import Origin, OriginPlace
from corpus.reasons import Failure, FailureKind, Skip, SkipKind
from corpus.run_reasons import Note, NoteKind
from corpus.text import clean_json
from corpus.types import Evidence, FieldEvidence
from corpus.urls import absolute_url, is_web_address
from crawler.items import Link, LinkKind, ListPage
from crawler.pages.html_parts import fold, plain_text
from crawler.pages.links import file_kind
from crawler.sources.rules import FeedRules

_CHARACTERS_MAX = 80
"""Longer texts are no dates, and cost seconds."""
_LANGUAGES = (
    "es", "fr", "pt", "en", "de", "it", "nl", "ca", "gl", "ro", "pl", "cs", "hu", "sv", "da", "nb", "fi", "el", "tr", "ru",
    "uk", "bg", "sr", "hr", "sq", "ar", "fa", "ur", "hi", "bn", "id", "ms", "fil", "vi", "th", "zh", "ja", "ko", "sw", "am",
)  # fmt: skip
"""Tried in this order where the feed's own language does not fit; all 200 of dateparser would cost three seconds."""
_SETTINGS: Any = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"], "STRICT_PARSING": True}
"""Nothing is filled in from today, and `yesterday` is no date."""


def day_of(text: str, *, parsed: Any = None, lang: str = "") -> str:
    """Return a date as `2020-04-09`, or as much of it as the text says (`2020-04`); empty when it says no year. Never raises.

    Args:
        parsed: feedparser's time tuple (UTC) of the same text; None: it could not read it. It guesses at what it does not
            know (`09-04-2020` is 2009 to it), so that it counts only where the text does not speak against it.
        lang: of the feed, as it says; empty when it does not.
    """
    code = code_of(lang)
    given, own = _day(parsed), parse_date(text, lang=code)
    if len(own) < len("2020-04-09"):
        return _in_any_language(text[:_CHARACTERS_MAX], code) or own or given
    # The zone of a moment can make it the day before or after in UTC.
    is_same = bool(given) and abs((date.fromisoformat(given) - date.fromisoformat(own)).days) <= 1
    return given if is_same else own


def _day(parsed: Any) -> str:
    """Return an ISO date from feedparser's time tuple; empty for none and for nonsense years."""
    if not parsed or not 1800 <= parsed[0] <= 2200:
        return ""
    return f"{parsed[0]:04d}-{parsed[1]:02d}-{parsed[2]:02d}"


@lru_cache(maxsize=1024)
def _in_any_language(text: str, lang: str) -> str:
    plain = "".join(str(unicodedata.digit(each, each)) for each in text)
    has_words = any(map(str.isalpha, plain))
    if not re.search(r"\d", plain) or not (has_words or lang not in ("", "en")):
        return ""  # 09/04/2020 is a day in April or in September
    for languages in ([lang] if lang in _LANGUAGES else [], list(_LANGUAGES) if has_words else []):
        if languages and (found := _read(plain, languages)):
            return found
    return ""


def _read(text: str, languages: list[str]) -> str:
    try:
        found = DateDataParser(languages=languages, settings=_SETTINGS).get_date_data(text).date_obj
    except (ValueError, OverflowError, RecursionError):  # days and years that no calendar has
        return ""
    # The year must be one of ours: Thai feeds count from Buddha.
    return found.date().isoformat() if found and 1900 <= found.year <= 2100 else ""


ABSTRACT_CHARACTERS_MAX = 5_000


@dataclass(frozen=True, slots=True)
class EntryLinks:
    """Where one entry leads."""

    page: str = ""
    """Absolute address of its page; empty: none."""
    enclosed: tuple[tuple[str, str], ...] = ()
    """(absolute address, media type) of what it encloses, as the feed says; either may be empty."""
    modified: str = ""
    """When the entry changed last, as the feed says; a moment of publication is none."""


def gather(
    entries: Iterable[tuple[EntryLinks, FieldEvidence]], rules: FeedRules
) -> tuple[tuple[Link, ...], dict[Skip, int]]:
    """Return the links of a feed's entries, each address once, and how many entries gave none, by reason."""
    found: dict[str, Link] = {}
    skipped: Counter[Skip] = Counter()
    for links, evidence in entries:
        offered = tuple(links_of(links, evidence=evidence, rules=rules))
        admitted = [link for link in offered if rules.admit(link.url)]
        fresh = [link for link in admitted if link.url not in found]
        if not offered:
            skipped[Skip(SkipKind.ENTRY_WITHOUT_LINK)] += 1
        elif not admitted:
            skipped[Skip(SkipKind.ADDRESS_DENIED)] += 1
        elif not fresh:
            skipped[Skip(SkipKind.ENTRY_REPEATED)] += 1
        found |= {link.url: link for link in fresh}
    return tuple(found.values()), dict(skipped)


def links_of(links: EntryLinks, *, evidence: FieldEvidence, rules: FeedRules) -> Iterator[Link]:
    """Return the links of an entry: its landing page, which remembers the PDFs that it encloses.

    An entry without a page, or of a feed whose entries have no landing pages, leads to the PDFs, or to the page as a text.
    """
    kinds = tuple(item.value.casefold() for item in evidence.get("keyword", ()))
    enclosed = (address for address, media in links.enclosed if address and file_kind(address, declared=media) == "pdf")
    files = tuple(dict.fromkeys(enclosed))
    if links.page and rules.landing and file_kind(links.page) != "pdf":
        yield Link(
            url=links.page,
            kind=LinkKind.LANDING,
            evidence=evidence,
            kinds=kinds,
            files=files,
            modified=links.modified,
        )
        return
    for address in files or ((links.page,) if links.page else ()):
        yield Link(url=address, kind=LinkKind.FILE, evidence=evidence, kinds=kinds, modified=links.modified)


def absolute(href: Any, base: str) -> str:
    """Return an absolute http(s) address without fragment; empty when it is none."""
    return absolute_url(href, base=base) if isinstance(href, str) and href.strip() else ""


def is_json(body: bytes) -> bool:
    """Say whether a body begins as a JSON object does, whatever its media type."""
    return body[:200].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def read_json_feed(body: bytes, rules: FeedRules, *, url: str) -> ListPage:
    """Return the links of a JSON Feed. Never raises: what is none has no links and `trouble` that says so."""
    try:
        feed = clean_json(json.loads(body.decode("utf-8-sig", errors="replace"), strict=False))
    except (ValueError, RecursionError) as error:
        return ListPage(records=0, trouble=Failure.of(FailureKind.FEED_MALFORMED, error=str(error)[:200]))
    items = feed.get("items")
    if not isinstance(items, list):
        return ListPage(records=0, trouble=Failure(FailureKind.NO_JSON_FEED))
    whole = [item if isinstance(item, dict) else {} for item in items]
    links, skipped = gather(((_item_links(item, base=url), _item_evidence(item, feed=feed)) for item in whole), rules)
    following = absolute(feed.get("next_url"), url)
    more = (following,) if following and following != url else ()
    note = None if items else Note(NoteKind.FEED_EMPTY)
    if feed.get("expired") is True:
        note = Note(NoteKind.FEED_ENDED)
    return ListPage(links=links, more=more, skipped=skipped, records=len(items), note=note)


def _item_links(item: dict[str, Any], *, base: str) -> EntryLinks:
    """Return where an item leads. `url` is its own page; `external_url` is that of another site which it speaks of."""
    page = absolute(item.get("url"), base) or absolute(item.get("external_url"), base)
    if not page and isinstance(identifier := item.get("id"), str) and is_web_address(identifier):
        page = absolute(identifier, base)
    attachments = [
        (absolute(each.get("url"), base), _text(each.get("mime_type")))
        for each in _dicts(item.get("attachments"))
        if each.get("url")
    ]
    return EntryLinks(page=page, enclosed=tuple(attachments), modified=_text(item.get("date_modified")))


def _item_evidence(item: dict[str, Any], *, feed: dict[str, Any]) -> FieldEvidence:
    lang = _text(item.get("language")) or _text(feed.get("language"))
    day = day_of(_text(item.get("date_published")), lang=lang) or day_of(_text(item.get("date_modified")), lang=lang)
    return _evidence(
        title=[plain_text(_text(item.get("title")))],
        author=_item_authors(item) or _item_authors(feed),
        date=[day],
        abstract=[plain_text(_text(item.get("summary")))[:ABSTRACT_CHARACTERS_MAX]],
        lang=[lang],
        keyword=map(_text, _listed(item.get("tags"))),
    )


def _evidence(**told: Iterable[str]) -> FieldEvidence:
    """Return the values of each field that are not empty, each once."""
    values = {name: tuple(dict.fromkeys(filter(None, given))) for name, given in told.items()}
    origin = Origin(OriginPlace.FEED)
    return {
        name: tuple(Evidence(value=each, origin=origin) for each in given) for name, given in values.items() if given
    }


def _item_authors(place: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of authors: `authors` of version 1.1, else `author` of version 1.0."""
    named = _dicts(place.get("authors")) or _dicts([place.get("author")])
    return tuple(name for each in named if (name := without_addresses(_text(each.get("name")))))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in _listed(value) if isinstance(each, dict)]


def _listed(value: Any) -> Iterator[Any]:
    yield from value if isinstance(value, list) else ()


def _text(value: Any) -> str:
    return fold(value) if isinstance(value, str) else ""


_XML_ENCODING = re.compile(rb"\s*+<\?xml\b[^>]{0,100}?\bencoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})")
_REST_OF_ADDRESS = re.compile(r"[<(][\w-]{1,20}>?$")
_BEGINS_WITHIN_ADDRESS = re.compile(r"[a-z0-9-]+\s*(?:\(|$)")


def read_feed(body: bytes, rules: FeedRules, *, url: str, content_type: str = "") -> ListPage:
    """Return the links of a feed. Never raises: what is no feed has no links and `trouble` that says so.

    Every entry is a link, or is counted among `skipped`.

    Args:
        url: where it was fetched, for relative addresses.
        content_type: as the server sent it; its charset counts, and not what it calls the feed.
    """
    if is_json(body):
        return read_json_feed(body, rules, url=url)
    headers = {"content-location": url, "content-type": _with_charset(content_type, body)}
    parsed = feedparser.parse(body, response_headers=headers, sanitize_html=True, resolve_relative_uris=True)
    if not parsed.get("version") and not parsed.entries:
        return ListPage(records=0, trouble=Failure(FailureKind.NO_FEED))
    lang = _text(parsed.feed.get("language"))
    links, skipped = gather(
        ((_links(entry, url), entry_evidence(entry, feed_lang=lang)) for entry in parsed.entries), rules
    )
    return ListPage(
        links=links, more=_more(parsed, url), skipped=skipped, records=len(parsed.entries), note=_note(parsed)
    )


def _with_charset(content_type: str, body: bytes) -> str:
    """Return the media type of a feed with the encoding that its bytes bear out.

    feedparser guesses by statistics where none is declared, and where the declared one is wrong.
    """
    media = content_type.partition(";")[0].strip() or "application/xml"
    in_xml = _XML_ENCODING.match(body[:200])
    declared = [*declared_in_markup(b"", content_type=content_type), *([in_xml[1].decode()] if in_xml else [])]
    encoding = encoding_of(body, declared=declared)
    knows_mark = encoding.startswith("utf-16") or encoding == "utf-8-sig"
    return content_type if knows_mark else f"{media}; charset={encoding}"


def _note(parsed: Any) -> Note | None:
    fault = parsed.get("bozo_exception")
    # A wrong media type or charset in the headers is the commonest fault, and harmless once the feed is recognised.
    harmless = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
    if parsed.get("bozo") and fault is not None and not isinstance(fault, harmless):
        said = fold(str(fault))[:200]
        return Note.of(NoteKind.FEED_MALFORMED, error=said, entries=len(parsed.entries))
    return None if parsed.entries else Note(NoteKind.FEED_EMPTY)


def _more(parsed: Any, base: str) -> tuple[str, ...]:
    """Return the address of the next page of a paged or archived feed (RFC 5005), as one or no address."""
    for rel in ("next", "prev-archive"):
        for link in parsed.feed.get("links", ()):
            if link.get("rel") == rel and (address := absolute(link.get("href"), base)) and address != base:
                return (address,)
    return ()


def _links(entry: Any, base: str) -> EntryLinks:
    linked = [link for link in entry.get("links", ()) if link.get("rel") in ("enclosure", "alternate", "related")]
    # feedparser gives the moment of publication for `updated` where there is none; asking `in` first avoids that.
    modified = entry.get("updated") if "updated" in entry.keys() else ""  # noqa: SIM118  `in entry` is what gives it
    return EntryLinks(
        page=absolute(entry.get("link"), base),
        enclosed=tuple(
            (absolute(link.get("href") or link.get("url"), base), link.get("type") or "") for link in linked
        ),
        modified=_text(modified),
    )


def entry_evidence(entry: Any, *, feed_lang: str = "") -> FieldEvidence:
    """Return what an entry says of its publication, all from the origin `feed`."""
    lang = _text((entry.get("title_detail") or {}).get("language")) or _text(entry.get("dc_language")) or feed_lang
    return _evidence(
        title=[plain_text(_text(entry.get("title")))],
        author=_authors(entry),
        date=[_date(entry, "published", lang=feed_lang) or _date(entry, "updated", lang=feed_lang)],
        abstract=[plain_text(_text(entry.get("summary")))[:ABSTRACT_CHARACTERS_MAX]],
        lang=[lang],
        keyword=[_text(tag.get("term")) for tag in entry.get("tags", ()) if isinstance(tag, dict)],
        licence=[_text(entry.get("license"))],
    )


def _authors(entry: Any) -> list[str]:
    """Return the names of an entry's authors, without their e-mail addresses.

    feedparser takes addresses out of RSS authors, but only the first four letters of their last part: of
    `desk@boletin.example (Rosa Quispe)` it leaves `ple (Rosa Quispe`. What was written is still in `author`, for the last one.
    """
    named = [each for each in entry.get("authors", ()) if isinstance(each, dict)]
    texts = [_joined_again(_text(each.get("name")), _text(each.get("email"))) for each in named]
    if texts and (written := _text(entry.get("author"))) and texts[-1]:
        texts[-1] = written
    return [without_addresses(text) for text in texts]


def _joined_again(name: str, address: str) -> str:
    """Return an author as RSS had it, where feedparser cut an address in two."""
    if not address:
        return name
    name = _REST_OF_ADDRESS.sub("", name)
    if not _BEGINS_WITHIN_ADDRESS.match(name):
        return name
    return f"{address}{name})" if "(" in name else f"{address}{name}"


def _date(entry: Any, name: str, *, lang: str) -> str:
    """Return the day of an entry; empty when it has none."""
    if name not in entry.keys():  # noqa: SIM118  `in entry` gives the moment of publication for `updated`
        return ""
    return day_of(_text(entry.get(name)), parsed=entry.get(f"{name}_parsed"), lang=lang)
