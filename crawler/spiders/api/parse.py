"""Read one answer of a JSON API by its mapping: records as links, the address of the next answer, what went wrong.

Pure: bytes in, values out. An answer of any shape is survived; what cannot be read is counted and said.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any
from urllib.parse import quote

from parsel import Selector

from corpus.origins import Origin
from corpus.reasons import Failure, FailureKind, Skip, SkipKind
from corpus.run_reasons import Note, NoteKind
from corpus.text import clean_json
from corpus.types import Evidence, FieldEvidence
from corpus.urls import absolute_url, is_web_address
from crawler.items import Link, LinkKind, ListPage, merge_evidence
from crawler.pages.html_parts import fold, plain_text
from crawler.pages.landing_metadata import VALUE_CHARACTERS_MAX
from crawler.pages.links import file_kind
from crawler.pages.publication_files import not_the_publication
from crawler.sources.fields import Expression, Unreadable, date_of_parts
from crawler.sources.rules import ApiRules, RecordMapping
from crawler.spiders.api.requests import ApiPage, next_address, whole_number

DEPTH_MAX = 4
"""Lists are looked into so deep."""
VALUES_MAX = 500
"""Most values of one field of one record; physics papers have thousands of authors."""
FILES_LOOKED_AT_MAX = 2_000
_DOI = re.compile(r"10\.\d{4,9}/\S+")


@dataclass(frozen=True, slots=True)
class ApiFile:
    """A file that a record names."""

    url: str
    """Absolute."""
    kind: str
    """As crawler.pages.links.file_kind; empty when neither name, type nor address say it."""
    name: str = ""
    lang: str = ""


def texts_of(value: Any) -> tuple[str, ...]:
    """Return the texts in a value, each once: a text or number itself, or those of a list. Objects say nothing."""
    found: dict[str, None] = {}
    for each in _scalars(value):
        if len(found) >= VALUES_MAX:
            break
        text = each if isinstance(each, str) else _number(each)
        if plain := plain_text(text[: 4 * VALUE_CHARACTERS_MAX])[:VALUE_CHARACTERS_MAX]:
            found[plain] = None
    return tuple(found)


def dates_of(value: Any) -> tuple[str, ...]:
    """Return the dates in a value: as texts_of, and [2024, 3, 5] as `2024-03-05`."""
    innermost = value
    while isinstance(innermost, list) and innermost:
        innermost = innermost[0]
    # Two years as texts are two dates; numbers in a list are the parts of one.
    if isinstance(value, list) and isinstance(innermost, int) and (date := date_of_parts(value)):
        return (date,)
    return texts_of(value)


def dois_of(value: Any) -> tuple[str, ...]:
    """Return the DOIs in a value, without the address of a resolver before them."""
    # As they are: a DOI may have angle brackets in it, which are no markup.
    given = (str(each)[:2000] for each in _scalars(value))
    found = (_DOI.search(text) for text in given)
    return tuple(dict.fromkeys(match[0].rstrip(".,;") for match in found if match))


def doi_address(doi: str) -> str:
    """Return the address at which a DOI is resolved."""
    return f"https://doi.org/{quote(doi, safe='/:;()._-')}"


def is_said(value: Any) -> bool:
    """Say whether a value that marks something is there: not false, null, 0, empty, or a word for no."""
    if isinstance(value, str):
        return value.strip().casefold() not in ("", "0", "false", "no", "n", "null", "none")
    return bool(value)


def files_of(value: Any, *, base: str) -> tuple[ApiFile, ...]:
    """Return the files in a value: addresses, or objects with `url`, `name`, `type`, `lang`; each address once.

    Args:
        base: address of the answer, for relative addresses.
    """
    found: dict[str, ApiFile] = {}
    for given in islice(_flat(value), FILES_LOOKED_AT_MAX):
        if isinstance(given, (str, dict)) and (named := _named(given, base)) is not None:
            found.setdefault(named.url, named)
    return tuple(found.values())


def address_of(value: Any, *, base: str) -> str:
    """Return the first web address in a value, absolute and without fragment; empty when there is none."""
    for text in texts_of(value):
        if url := _absolute(text, base):
            return url
    return ""


def _scalars(value: Any) -> Iterator[str | int | float]:
    return (each for each in _flat(value) if isinstance(each, (str, int, float)) and not isinstance(each, bool))


def _flat(value: Any, deep: int = 0) -> Iterator[Any]:
    """Yield a value, or those of a list and of the lists in it."""
    if not isinstance(value, list):
        yield value
    elif deep < DEPTH_MAX:
        for each in value:
            yield from _flat(each, deep + 1)


def _number(value: float) -> str:
    try:
        return str(int(value)) if value == int(value) else str(value)
    except (ValueError, OverflowError):  # not a number, or infinite: JSON as Python reads it has both
        return ""


def _named(given: str | dict[str, Any], base: str) -> ApiFile | None:
    if isinstance(given, str):
        url = _absolute(given, base)
        return ApiFile(url=url, kind=file_kind(url)) if url else None
    url = _absolute(_first(given.get("url")), base)
    if not url:
        return None
    name = _first(given.get("name"))
    kind = file_kind(name or url, declared=_first(given.get("type"))) or file_kind(url)
    return ApiFile(url=url, kind=kind, name=name, lang=_first(given.get("lang")))


def _first(value: Any) -> str:
    return next(iter(texts_of(value)), "")


def _absolute(text: str, base: str) -> str:
    if not text or (" " in text.strip() and not is_web_address(text)):
        return ""
    return absolute_url(fold(text).replace(" ", "%20"), base=base)


RECORDS_MAX = 50_000
"""More records in one answer are not read: no API gives so many, and a hostile one would fill the memory."""
FILES_MAX = 20
"""Most files of one record; a book in a repository can be there chapter by chapter."""


@dataclass(frozen=True, slots=True)
class AnswerRead:
    """What one answer of a list says."""

    found: ListPage
    ids: tuple[str, ...] = ()
    """Of all its records, as far as they have one: by them a list that repeats itself is noticed."""


@dataclass(slots=True)
class _ApiReading:
    """What is counted while one answer is read."""

    rules: ApiRules
    url: str
    skipped: Counter[Skip] = field(default_factory=Counter)
    unreadable: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By name of the expression and what is wrong."""

    def value(self, name: str, expression: Expression | None, record: Any) -> Any:
        """Return what an expression finds in a record; None when it finds nothing or cannot work with what it finds."""
        if expression is None:
            return None
        try:
            return expression.value_in(record)
        except Unreadable as error:
            self.unreadable[name, str(error)] += 1
            return None

    def note(self) -> Note | None:
        """Say what could not be read, what is most frequent; None when everything could."""
        if not self.unreadable:
            return None
        ((name, error), records) = self.unreadable.most_common(1)[0]
        return Note.of(NoteKind.VALUES_UNREADABLE, records=records, name=name, error=error)


def read_answer(body: bytes, rules: ApiRules, *, url: str, number: int = 1, link_header: str = "") -> AnswerRead:
    """Return what one answer of a list leads to. Never raises: what is no answer has a trouble that says so.

    Args:
        url: where it was fetched.
        number: 1-based, of the answers of its list.
        link_header: the headers `Link` of the answer, joined by commas.
    """
    answer, trouble = parse_json(body)
    if trouble:
        return AnswerRead(ListPage(records=0, trouble=trouble))
    reading = _ApiReading(rules, url)
    total = whole_number(reading.value("total", rules.total, answer))
    records, trouble = _records_of(answer, reading, total=total)
    if trouble:
        return AnswerRead(ListPage(records=0, trouble=trouble))
    links: dict[tuple[str, str], Link] = {}
    gone: list[str] = []
    ids: dict[str, None] = {}
    for record in records:
        if not isinstance(record, dict):
            reading.skipped[Skip(SkipKind.RECORD_NO_OBJECT)] += 1
            continue
        name = next(iter(texts_of(reading.value("id", rules.id, record))), "")
        if name and name in ids:
            reading.skipped[Skip(SkipKind.RECORD_REPEATED)] += 1
            continue
        ids |= {name: None} if name else {}
        if is_said(reading.value("deleted", rules.deleted, record)):
            gone += [name] if name else []
            continue
        modified = next(iter(texts_of(reading.value("modified", rules.modified, record))), "")
        nothing = Link(url="", kind=LinkKind.RECORD, record=name, modified=modified)
        for link in _links_of(rules, record, reading, before=nothing):
            links.setdefault((link.kind, link.url), link)
    page = ApiPage(url=url, answer=answer, count=len(records), total=total, link_header=link_header)
    more = next_address(rules, page)
    found = ListPage(
        links=tuple(links.values()),
        more=(more,) if more else (),
        skipped=dict(reading.skipped),
        gone=tuple(gone),
        records=len(records),
        announced=total,
        trouble=_wall(rules, total) if number == 1 else None,
        note=reading.note(),
    )
    return AnswerRead(found, ids=tuple(ids))


def read_details(body: bytes, link: Link, rules: ApiRules, *, url: str, level: int) -> ListPage:
    """Return what a further answer about one record leads to.

    Args:
        link: what the record said, and the answers about it before this one.
        level: 1-based, of the answers about this record.
    """
    answer, trouble = parse_json(body)
    if trouble:
        return ListPage(records=0, trouble=trouble)
    details = rules.details
    for _ in range(level - 1):
        details = details.details if details else None
    if details is None:
        return ListPage(records=0)
    reading = _ApiReading(rules, url)
    links = _links_of(details, answer, reading, before=link)
    return ListPage(links=tuple(links), records=0, skipped=dict(reading.skipped), note=reading.note())


def parse_json(body: bytes) -> tuple[Any, Failure | None]:
    """Return a parsed answer, and why it cannot be parsed; None when it can."""
    text = body.decode("utf-8-sig", errors="replace")
    try:
        return clean_json(json.loads(text)), None
    except RecursionError:
        return None, Failure(FailureKind.JSON_TOO_DEEP)
    except ValueError as error:
        if text.lstrip()[:1] == "<":
            title = fold(Selector(text=text[:50_000], type="html").xpath("string(//title)").get())
            if not title:
                return None, Failure(FailureKind.PAGE_FOR_JSON)
            return None, Failure.of(FailureKind.PAGE_FOR_JSON_TITLED, title=title[:100])
        if not text.strip():
            return None, Failure(FailureKind.ANSWER_EMPTY)
        return None, Failure.of(FailureKind.NO_JSON, error=str(error))


def _records_of(answer: Any, reading: _ApiReading, *, total: int | None) -> tuple[list[Any], Failure | None]:
    """Return the records of an answer, and why there are none to read; None when nothing is wrong."""
    records = reading.value("records", reading.rules.records, answer)
    if isinstance(records, dict):
        records = list(records.values())
    if isinstance(records, list) and len(records) <= RECORDS_MAX:
        # An empty list with `"message": "success"` beside it is no error.
        said = None if records else _said_error(answer, reading, keys=("error", "errors"))
        return records, said
    if isinstance(records, list):
        return [], Failure.of(FailureKind.TOO_MANY_RECORDS, records=len(records), limit=RECORDS_MAX)
    said = _said_error(answer, reading, keys=("error", "errors", "message"))
    if said or total != 0:
        return [], said or Failure(FailureKind.NO_LIST_OF_RECORDS)
    return [], None


def _said_error(answer: Any, reading: _ApiReading, *, keys: tuple[str, ...]) -> Failure | None:
    """Return what an answer without records says of the reason; None when it says nothing.

    Args:
        keys: where that usually stands, for mappings that do not say it.
    """
    rules = reading.rules
    found = reading.value("error", rules.error, answer)
    if found is None and rules.error is None and isinstance(answer, dict):
        found = next((answer[key] for key in keys if is_said(answer.get(key))), None)
        if isinstance(found, list) and found:
            found = found[0]
        if isinstance(found, dict):
            found = [found.get(key) for key in ("message", "detail", "title", "reason")]
    words = "; ".join(texts_of(found))[:300]
    return Failure.of(FailureKind.API_SAYS, text=words) if words else None


def _wall(rules: ApiRules, total: int | None) -> Failure | None:
    most = rules.window_max
    if not most or total is None or total <= most:
        return None
    return Failure.of(FailureKind.LIST_LIMITED, records=total, limit=most)


def _links_of(mapping: RecordMapping, record: Any, reading: _ApiReading, *, before: Link) -> Iterator[Link]:
    """Yield what a record, or a further answer about it, leads to: its files, more about it, or its page.

    Args:
        before: what is known of the record so far.
    """
    rules = reading.rules
    own = _evidence_of(mapping, record, reading)
    evidence = merge_evidence((before.evidence, own))
    kinds = tuple(dict.fromkeys((*before.kinds, *(item.value.casefold() for item in own.get("type", ())))))
    landing = address_of(reading.value("landing_page", mapping.landing_page, record), base=reading.url)
    landing = landing or before.landing_url
    if landing and not rules.admit(landing):
        reading.skipped[Skip(SkipKind.ADDRESS_DENIED)] += 1
        landing = ""
    files = _files_of(mapping, record, reading, title=next((item.value for item in evidence.get("title", ())), ""))
    known = replace(before, url=landing, evidence=evidence, kinds=kinds, landing_url=landing)
    details = reading.value("address", mapping.details.address, record) if mapping.details and not files else None
    if files and rules.landing != "always":
        yield from (_file_link(file, known, origin=rules.origin) for file in files)
    elif more := address_of(details, base=reading.url):
        yield replace(known, url=more, kind=LinkKind.RECORD)
    else:
        yield from _landing_link(known, files, reading)


def _landing_link(known: Link, files: tuple[ApiFile, ...], reading: _ApiReading) -> Iterator[Link]:
    doi = next(iter(dois_of([item.value for item in known.evidence.get("doi", ())])), "")
    url = known.url or (doi_address(doi) if doi else "")
    if reading.rules.landing == "never":
        reading.skipped[Skip(SkipKind.RECORD_WITHOUT_FILE)] += 1
    elif url:
        named = tuple(file.url for file in files)
        yield replace(known, url=url, kind=LinkKind.LANDING, files=named, landing_url="")
    elif files:
        yield from (_file_link(file, known, origin=reading.rules.origin) for file in files)
    else:
        reading.skipped[Skip(SkipKind.RECORD_WITHOUT_ADDRESS)] += 1


def _file_link(file: ApiFile, known: Link, *, origin: Origin) -> Link:
    lang = {"lang": (Evidence(value=file.lang, origin=origin),)} if file.lang else {}
    kinds = ("pdf", *known.kinds) if file.kind == "pdf" else known.kinds
    evidence = merge_evidence((lang, known.evidence))
    return replace(known, url=file.url, kind=LinkKind.FILE, evidence=evidence, kinds=kinds)


def _evidence_of(mapping: RecordMapping, record: Any, reading: _ApiReading) -> FieldEvidence:
    evidence: dict[str, tuple[Evidence, ...]] = {}
    for name, expression in mapping.fields.items():
        value = reading.value(name, expression, record)
        if value is None:
            continue
        values = dates_of(value) if name == "date" else dois_of(value) if name == "doi" else texts_of(value)
        if values:
            evidence[name] = tuple(Evidence(value=each, origin=reading.rules.origin) for each in values)
    return evidence


def _files_of(mapping: RecordMapping, record: Any, reading: _ApiReading, *, title: str) -> tuple[ApiFile, ...]:
    """Return the files of a record that are the publication: its PDFs, or what may be one when nothing says it is."""
    chosen: dict[str, list[ApiFile]] = {"pdf": [], "": []}
    for file in files_of(reading.value("files", mapping.files, record), base=reading.url):
        if file.kind not in chosen:
            reading.skipped[Skip(SkipKind.IGNORED_KIND, file.kind)] += 1
        elif not reading.rules.admit(file.url):
            reading.skipped[Skip(SkipKind.ADDRESS_DENIED)] += 1
        elif skip := not_the_publication(file.name or file.url.rpartition("/")[2], title=title):
            reading.skipped[skip] += 1
        else:
            chosen[file.kind].append(file)
    files = chosen["pdf"] or chosen[""]
    if len(files) > FILES_MAX:
        reading.skipped[Skip(SkipKind.TOO_MANY_FILES)] += len(files) - FILES_MAX
    return tuple(files[:FILES_MAX])
