"""Bodies of webhooks by the Standard Webhooks specification: `{type, timestamp, data}`, always valid JSON, always under 20 kB.

The same values give the same bytes, at each attempt.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from alerts.writing.content import (
    ConfirmContent,
    Content,
    DigestContent,
    DigestEntry,
    DigestSearch,
    NoticeContent,
    TestContent,
    kind_of,
)
from alerts.writing.sentences import notice_words, reason_of
from alerts.writing.texts import fit_for_message, plain_text
from corpus.shown import safe_value
from search_api.answers.snippets import Snippet

BODY_MAX = 19_900
"""Bytes of a body: the specification asks for less than 20 kB."""
TYPES: Mapping[str, str] = {
    "digest": "alert.matched",
    "confirm": "alert.confirm",
    "notice": "alert.notice",
    "test": "alert.test",
}
_ROOM = 100
"""Bytes kept for counts that grow while documents are put in."""
_ROOM_OF_SEARCH = 10
"""The same of each search."""


def make_body(content: Content, *, message_id: str) -> bytes:
    """Return the body of a webhook, as it is signed and sent.

    Documents that do not fit are counted in `rest`, of each search and of searches as a whole, with the address that shows all.

    Args:
        content: what it says.
        message_id: public id of the message, also its `webhook-id`.
    """
    content = fit_for_message(content, lang=content.reader.lang)
    match content:
        case DigestContent():
            data = _digest(content, message_id=message_id)
        case ConfirmContent():
            data = _confirm(content)
        case NoticeContent():
            data = _notice(content)
        case TestContent():
            data = {"site": content.site}
    return _json(_body(content, {"message": message_id, **data}))


def _body(content: Content, data: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": TYPES[kind_of(content)], "timestamp": content.reader.made_in_utc.isoformat(), "data": data}


def _confirm(content: ConfirmContent) -> dict[str, Any]:
    return {
        "search": content.search,
        "frequency": str(content.frequency),
        "confirm": content.confirm,
        "not_me": content.not_me,
        "expires": content.expires.isoformat(),
        "site": content.site,
    }


def _notice(content: NoticeContent) -> dict[str, Any]:
    words = notice_words(content)
    return {
        "kind": content.kind.value,
        "title": words.title,
        "text": " ".join(words.paragraphs),
        "search": content.search,
        "endpoint": content.endpoint,
        "messages": content.messages,
        "since": content.since.isoformat() if content.since else None,
        "address": content.action,
    }


def _digest(content: DigestContent, *, message_id: str) -> dict[str, Any]:
    """Return as much of a digest as fits: searches in half of the space, then of each in turn one document more."""
    searches: list[dict[str, Any]] = []
    data = {
        "documents": content.documents,
        "address": content.all_address,
        "frequency": str(content.frequency),
        "searches": searches,
        "rest": {"searches": 0, "documents": 0},
    }
    room = BODY_MAX - _ROOM - len(_json(_body(content, {"message": message_id, **data})))
    shown: list[DigestSearch] = []
    for_documents = room // 2
    for search in content.searches:
        head = _search(search)
        size = len(_json(head)) + _ROOM_OF_SEARCH
        if room - size < for_documents:
            break
        room -= size
        searches.append(head)
        shown.append(search)
    _put_in_documents(shown, searches, room=room, lang=content.reader.lang)
    left = content.searches[len(shown) :]
    data["rest"] = {"searches": len(left), "documents": sum(search.total for search in left)}
    return data


def _put_in_documents(shown: list[DigestSearch], heads: list[dict[str, Any]], *, room: int, lang: str) -> None:
    """Put into each search in turn its next document while there is space; one that does not fit ends its search."""
    open_searches = list(zip(shown, heads, strict=True))
    for place in range(max((len(search.entries) for search in shown), default=0)):
        for each in list(open_searches):
            search, head = each
            document = _document(search.entries[place], lang=lang) if place < len(search.entries) else None
            size = len(_json(document)) + 1 if document else 0
            if document is None or size > room:
                open_searches.remove(each)
                continue
            room -= size
            head["documents"].append(document)
            head["rest"] -= 1


def _search(search: DigestSearch) -> dict[str, Any]:
    return {
        "id": search.id,
        "name": search.name,
        "words": search.words or search.name,
        "total": search.total,
        "rest": search.total,
        "address": search.all_address,
        "search": search.search_address,
        "documents": [],
    }


def _document(entry: DigestEntry, *, lang: str) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "publisher": entry.publisher,
        "year": int(entry.year) if entry.year.isascii() and entry.year.isdecimal() else None,
        "lang": entry.lang,
        "type": entry.kind,
        "address": entry.address,
        "page": entry.page,
        "passage": plain_text(entry.passage),
        "marks": _marks(entry.passage),
        "words": list(entry.words),
        "tags": list(entry.tags),
        "why": reason_of(entry, lang=lang),
        "copies": entry.copies,
        "first_seen": entry.first_seen.isoformat() if entry.first_seen else None,
    }


def _marks(snippet: Snippet) -> list[list[int]]:
    """Return where in the plain text of a snippet words of the search stand: from, up to, in characters, 0-based."""
    marks: list[list[int]] = []
    position = 0
    for text, is_match in snippet:
        if is_match:
            marks.append([position, position + len(text)])
        position += len(text)
    return marks


def _json(value: Any) -> bytes:
    return json.dumps(safe_value(value), ensure_ascii=False, separators=(",", ":")).encode()
