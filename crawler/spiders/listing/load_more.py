"""Listings that grow by a button: the endpoint behind it answers JSON, with a piece of HTML or with records in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from scrapy.http import HtmlResponse

from corpus.origins import Origin, OriginPlace
from corpus.reasons import Failure, FailureKind, Skip, SkipKind
from corpus.text import clean_json
from corpus.types import Evidence
from crawler.pages.html_parts import fold, plain_text
from crawler.pages.links import file_kind
from crawler.pages.listed_links import Link, LinkKind, ListPage
from crawler.sources.rules import LoadMore
from crawler.spiders.api.expressions import Unreadable
from crawler.spiders.listing.pager import page_address


def is_json(body: bytes) -> bool:
    """Say whether a body begins as JSON does, whatever its media type."""
    return body[:200].removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"["))


@dataclass(frozen=True, slots=True)
class MoreAnswer:
    """What one JSON answer holds."""

    html: str = ""
    records: tuple[Any, ...] = ()
    following: str = ""
    """Address of the next answer, by its cursor; empty: none is named."""
    trouble: Failure | None = None


def read_answer(body: bytes, rules: LoadMore) -> MoreAnswer:
    """Return what a JSON answer holds. Never raises: what cannot be read is `trouble`."""
    try:
        answer = clean_json(json.loads(body.decode("utf-8-sig", errors="replace"), strict=False))
        pieces = rules.html.value_in(answer) if rules.html else None
        records = (rules.records.value_in(answer) if rules.records else answer) if rules.link else None
        cursor = rules.cursor.value_in(answer) if rules.cursor else None
    except (ValueError, RecursionError) as error:
        return MoreAnswer(trouble=Failure.of(FailureKind.JSON_MALFORMED, error=fold(str(error))[:200]))
    except Unreadable as error:
        return MoreAnswer(trouble=Failure.of(FailureKind.JSON_NOT_BY_RULES, error=str(error)))
    texts = [piece for piece in (pieces if isinstance(pieces, list) else [pieces]) if isinstance(piece, str)]
    is_named = isinstance(cursor, (str, int)) and not isinstance(cursor, bool) and str(cursor) != ""
    return MoreAnswer(
        html="\n".join(texts),
        records=tuple(records) if isinstance(records, list) else (),
        following=rules.address.replace("{cursor}", quote(str(cursor), safe="")) if is_named else "",
    )


def record_links(answer: MoreAnswer, rules: LoadMore, *, url: str, landing: bool) -> ListPage:
    """Return the leads of the records of an answer; addresses are completed with `url`."""
    page = HtmlResponse(url=url, body=b"")
    leads: dict[str, Link] = {}
    skipped: Counter[Skip] = Counter()
    for address, title in _links(answer, rules):
        absolute = page_address(page, address) if address else ""
        if not absolute:
            skipped[Skip(SkipKind.ENTRY_WITHOUT_LINK)] += 1
            continue
        is_file = not landing or file_kind(absolute) == "pdf"
        evidence = {"title": (Evidence(value=title, origin=Origin(OriginPlace.LISTING)),)} if title else {}
        kind = LinkKind.FILE if is_file else LinkKind.LANDING
        leads.setdefault(absolute, Link(url=absolute, kind=kind, evidence=evidence))
    return ListPage(links=tuple(leads.values()), skipped=dict(skipped), records=len(answer.records))


def _links(answer: MoreAnswer, rules: LoadMore) -> Iterator[tuple[str, str]]:
    for record in answer.records:
        try:
            address = rules.link.value_in(record) if rules.link else None
            title = rules.title.value_in(record) if rules.title else None
        except Unreadable:
            address = title = None
        yield address if isinstance(address, str) else "", plain_text(title) if isinstance(title, str) else ""
