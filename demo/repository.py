"""The sample publisher's OAI-PMH 2.0 repository (http://www.openarchives.org/OAI/openarchivesprotocol.html)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from demo.collection import SampleCollection
from demo.entries import Entry, stamp_of
from demo.pages import TYPE_NAMES, SitePages
from demo.resumption import LIFETIME, SampleToken, Selection, read_token
from demo.texts import LANGUAGE_NAMES

PER_ANSWER = 10
"""Records or headers in one answer: few, so that lists must be resumed."""
DELETED_FOR_EVER = "oai:samples.pushcart.example:en-withdrawn-before-it-was-printed"
"""A record that was deleted before anyone could harvest it; its datestamp is DELETED_AT."""
DELETED_AT = "2018-02-01T09:00:00Z"


@dataclass(frozen=True, slots=True)
class SampleMetadataFormat:
    """A metadata format; the template `PREFIX.xml` writes it."""

    prefix: str
    schema: str
    namespace: str


FORMATS = {
    each.prefix: each
    for each in (
        SampleMetadataFormat(
            "oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", "http://www.openarchives.org/OAI/2.0/oai_dc/"
        ),
        SampleMetadataFormat("mods", "http://www.loc.gov/standards/mods/v3/mods-3-7.xsd", "http://www.loc.gov/mods/v3"),
        SampleMetadataFormat("xoai", "http://www.lyncode.com/xsd/xoai.xsd", "http://www.lyncode.com/xoai"),
    )
}
_LIST_ARGUMENTS = frozenset({"metadataPrefix", "from", "until", "set", "resumptionToken"})
_ARGUMENTS: Mapping[str, frozenset[str]] = {
    "Identify": frozenset(),
    "ListMetadataFormats": frozenset({"identifier"}),
    "ListSets": frozenset({"resumptionToken"}),
    "GetRecord": frozenset({"identifier", "metadataPrefix"}),
    "ListIdentifiers": _LIST_ARGUMENTS,
    "ListRecords": _LIST_ARGUMENTS,
}
_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?")


class _OaiError(Exception):
    """An OAI-PMH error with its code and words."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """A header, and what it heads."""

    identifier: str
    stamp: str
    sets: tuple[str, ...]
    entry: Entry | None
    """None: the record is deleted."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the repository."""

    origin: str
    arguments: Mapping[str, str]


class SampleRepository:
    """Answers the six verbs. May be used by several threads."""

    def __init__(self, collection: SampleCollection, pages: SitePages) -> None:
        self._collection = collection
        self._pages = pages
        self._verbs: Mapping[str, Callable[[Call], dict[str, object]]] = {
            "Identify": self._identify,
            "ListMetadataFormats": self._list_formats,
            "ListSets": self._list_sets,
            "GetRecord": self._get_record,
            "ListIdentifiers": self._list_records,
            "ListRecords": self._list_records,
        }

    def answer(self, query: str, *, origin: str) -> bytes:
        """Return the XML that answers a query string; an OAI-PMH error is an answer too."""
        pairs = parse_qsl(query, keep_blank_values=True)
        arguments = dict(pairs)
        verb = arguments.pop("verb", "")
        call = Call(origin, arguments)
        values: dict[str, object]
        try:
            if verb not in self._verbs or [name for name, _ in pairs].count("verb") > 1:
                raise _OaiError("badVerb", "The verb is missing, repeated, or not one of the six.")
            if len(arguments) + 1 < len(pairs) or not set(arguments) <= _ARGUMENTS[verb]:
                raise _OaiError("badArgument", "An argument is repeated, or does not belong to this verb.")
            values = self._verbs[verb](call)
        except _OaiError as refusal:
            values = {"code": refusal.code, "words": str(refusal)}
            # The protocol forbids to repeat arguments that are themselves wrong.
            if refusal.code in ("badVerb", "badArgument"):
                verb, arguments = "", {}
        return self._pages.render(
            "oai.xml", verb=verb, arguments=arguments, origin=origin, now=stamp_of(datetime.now(UTC)), **values
        )

    def _identify(self, _call: Call) -> dict[str, object]:
        return {"earliest": self._records()[0].stamp}

    def _list_formats(self, call: Call) -> dict[str, object]:
        if "identifier" in call.arguments:
            self._record(call.arguments["identifier"])
        return {"formats": tuple(FORMATS.values())}

    def _list_sets(self, call: Call) -> dict[str, object]:
        if "resumptionToken" in call.arguments:
            raise _OaiError("badResumptionToken", "The list of sets is given whole.")
        languages = [(f"language:{code}", name) for code, name in LANGUAGE_NAMES.items()]
        types = [(f"type:{code}", name) for code, name in TYPE_NAMES.items()]
        return {"sets": [("language", "By language"), *languages, ("type", "By type"), *types]}

    def _get_record(self, call: Call) -> dict[str, object]:
        prefix = _format(call.arguments.get("metadataPrefix"))
        if "identifier" not in call.arguments:
            raise _OaiError("badArgument", "The argument identifier is missing.")
        return {"records": (self._record(call.arguments["identifier"]),), "prefix": prefix}

    def _list_records(self, call: Call) -> dict[str, object]:
        token = self._token_of(call)
        selection = token.selection if token else _selection_of(call.arguments)
        chosen = tuple(_selected(self._records(), selection))
        if not chosen:
            raise _OaiError("noRecordsMatch", "Nothing matches these arguments.")
        cursor = token.cursor if token else 0
        rest = [each for each in chosen if not token or (each.stamp, each.identifier) > token.after]
        page = rest[:PER_ANSWER]
        following = ""
        expires = datetime.now(UTC).replace(microsecond=0) + LIFETIME
        if len(rest) > len(page):
            after = (page[-1].stamp, page[-1].identifier)
            following = SampleToken(selection, after=after, cursor=cursor + len(page), expires=expires).write()
        return {
            "records": page,
            "prefix": selection.prefix,
            "token": self._next_token(call, following),
            "is_resumed": token is not None,
            "cursor": cursor,
            "total": len(chosen),
            "expires": stamp_of(expires),
        }

    def _token_of(self, call: Call) -> SampleToken | None:
        """Return the token with which a list is resumed; None when it begins. Raises _OaiError."""
        text = call.arguments.get("resumptionToken")
        if text is None:
            return None
        if len(call.arguments) > 1:
            raise _OaiError("badArgument", "A resumption token stands alone.")
        token = self._read_token(text)
        if token is None or token.selection.prefix not in FORMATS:
            raise _OaiError("badResumptionToken", "The resumption token is not valid, or has expired.")
        return token

    def _read_token(self, text: str) -> SampleToken | None:
        return read_token(text)

    def _next_token(self, _call: Call, token: str) -> str:
        """Return the token that an answer names for the next one; empty at the end of a list."""
        return token

    def _record(self, identifier: str) -> SampleRecord:
        for record in self._records():
            if record.identifier == identifier:
                return record
        raise _OaiError("idDoesNotExist", "There is no record of this identifier.")

    def _records(self) -> Sequence[SampleRecord]:
        """Return all records, deleted ones too, by datestamp and identifier."""
        records = [_record_of(entry) for entry in self._collection.everything]
        sets = ("language:en", "type:document")
        records.append(SampleRecord(identifier=DELETED_FOR_EVER, stamp=DELETED_AT, sets=sets, entry=None))
        return sorted(records, key=lambda record: (record.stamp, record.identifier))


def _record_of(entry: Entry) -> SampleRecord:
    return SampleRecord(
        identifier=f"oai:samples.pushcart.example:{entry.slug}",
        stamp=entry.stamp,
        sets=(f"language:{entry.publication.lang}", f"type:{entry.publication.type}"),
        entry=None if entry.is_withdrawn else entry,
    )


def _selection_of(arguments: Mapping[str, str]) -> Selection:
    since, until = arguments.get("from", ""), arguments.get("until", "")
    if any(given and not _is_date(given) for given in (since, until)):
        raise _OaiError("badArgument", "A date is not of the form YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.")
    if since and until and (len(since) != len(until) or since > until):
        raise _OaiError("badArgument", "The dates differ in granularity, or from is later than until.")
    return Selection(
        prefix=_format(arguments.get("metadataPrefix")),
        set=arguments.get("set", ""),
        since=since if len(since) != len("YYYY-MM-DD") else f"{since}T00:00:00Z",
        until=until if len(until) != len("YYYY-MM-DD") else f"{until}T23:59:59Z",
    )


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return _DATE.fullmatch(text) is not None


def _format(prefix: str | None) -> str:
    if prefix is None:
        raise _OaiError("badArgument", "The argument metadataPrefix is missing.")
    if prefix not in FORMATS:
        raise _OaiError("cannotDisseminateFormat", "There are no records in this format; see ListMetadataFormats.")
    return prefix


def _selected(records: Sequence[SampleRecord], selection: Selection) -> Iterator[SampleRecord]:
    for record in records:
        is_in_set = not selection.set or any(f"{each}:".startswith(f"{selection.set}:") for each in record.sets)
        is_late_enough = not selection.since or record.stamp >= selection.since
        is_early_enough = not selection.until or record.stamp <= selection.until
        if is_in_set and is_late_enough and is_early_enough:
            yield record
