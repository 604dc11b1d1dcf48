"""The arguments of an OAI-PMH request, checked: verbs, dates and what goes with what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from search_api.oai.errors import OaiErrorCode, OaiRefusal

PREFIX = "oai_dc"
_LIST = frozenset({"metadataPrefix", "from", "until", "set", "resumptionToken"})
_ALLOWED: Mapping[str, frozenset[str]] = {
    "Identify": frozenset(),
    "ListMetadataFormats": frozenset({"identifier"}),
    "ListSets": frozenset({"resumptionToken"}),
    "ListIdentifiers": _LIST,
    "ListRecords": _LIST,
    "GetRecord": frozenset({"identifier", "metadataPrefix"}),
}
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "ListIdentifiers": ("metadataPrefix",),
    "ListRecords": ("metadataPrefix",),
    "GetRecord": ("identifier", "metadataPrefix"),
}
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}Z)?", re.ASCII)
_SET = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(?::[A-Za-z0-9\-_.!~*'()]+)*")


@dataclass(frozen=True, slots=True)
class HarvesterRequest:
    """A request in which every argument is one that its verb takes, and every one that it needs is there."""

    verb: str
    arguments: Mapping[str, str]

    def get(self, name: str) -> str:
        """Return an argument; empty when it was not given."""
        return self.arguments.get(name, "")


def read_request(given: Sequence[tuple[str, str]]) -> HarvesterRequest:
    """Return the request of given arguments, in any order.

    Raises OaiRefusal: badVerb, badArgument or cannotDisseminateFormat.
    """
    verbs = [value for name, value in given if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in _ALLOWED:
        raise OaiRefusal(OaiErrorCode.BAD_VERB, f"Give exactly one verb: {', '.join(_ALLOWED)}.")
    verb = verbs[0]
    arguments: dict[str, str] = {}
    for name, value in given:
        if name == "verb":
            continue
        if name not in _ALLOWED[verb]:
            raise _bad(f"{verb} does not take the argument {name[:40]}.")
        if name in arguments:
            raise _bad(f"{name} is given more than once.")
        arguments[name] = value
    if "resumptionToken" in arguments:
        if len(arguments) > 1:
            raise _bad("resumptionToken is exclusive: give no other argument with it.")
        return HarvesterRequest(verb, arguments)
    for name in _REQUIRED.get(verb, ()):
        if not arguments.get(name):
            raise _bad(f"{verb} needs the argument {name}.")
    _check_values(arguments)
    return HarvesterRequest(verb, arguments)


def _check_values(arguments: Mapping[str, str]) -> None:
    if arguments.get("metadataPrefix", PREFIX) != PREFIX:
        raise OaiRefusal(OaiErrorCode.CANNOT_DISSEMINATE_FORMAT, f"Records are given in one format: {PREFIX}.")
    if "set" in arguments and not _SET.fullmatch(arguments["set"]):
        raise _bad("set is not a setSpec. ListSets lists the sets of this repository.")
    since, until = arguments.get("from"), arguments.get("until")
    if since is not None:
        start_of(since)
    if until is not None:
        end_of(until)
    if since is not None and until is not None:
        if len(since) != len(until):
            raise _bad("from and until must have the same granularity.")
        if since > until:
            raise _bad("from must not be later than until.")


def start_of(text: str) -> datetime:
    """Return the beginning of a day or second. Raises OaiRefusal: badArgument."""
    if _MOMENT.fullmatch(text):
        try:
            return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
        except ValueError:
            pass
    raise _bad(f"{text[:40]!r} is not a date: write 2026-11-30 or 2026-11-30T12:00:00Z (UTC).")


def end_of(text: str) -> datetime:
    """Return the moment after a day or second, which is in it no more. Raises OaiRefusal: badArgument."""
    start = start_of(text)
    try:
        return start + (timedelta(seconds=1) if "T" in text else timedelta(days=1))
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _bad(text: str) -> OaiRefusal:
    return OaiRefusal(OaiErrorCode.BAD_ARGUMENT, text)
