"""What a repository is asked and what it answers, as values (OAI-PMH 2.0). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from corpus.reasons import Failure
from crawler.spiders.oai.formats import describe
from crawler.spiders.oai.markup import Markup, text_of
from crawler.spiders.oai.record_metadata import RecordMetadata
from crawler.spiders.xml import Element, local

_MOMENT = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?")


def read_moment(text: str) -> datetime | None:
    """Return a datestamp as an aware moment, midnight for a day; None for what is none. A wrong zone is taken for UTC."""
    found = _MOMENT.match(text.strip())
    if found is None:
        return None
    try:
        return datetime(*(int(part or 0) for part in found.groups()[:6]), tzinfo=UTC)  # type: ignore[misc,arg-type]
    except ValueError:
        return None


def write_moment(moment: datetime, *, has_seconds: bool) -> str:
    """Return a moment as a repository wants it (OAI-PMH 2.0, 3.3), cut down to its day or second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ" if has_seconds else "%Y-%m-%d")


_ARGUMENTS = frozenset({"verb", "metadataPrefix", "set", "from", "until", "resumptionToken", "identifier"})


@dataclass(frozen=True, slots=True)
class OaiRequest:
    """One request."""

    base: str
    """Address of the repository, as the source file gives it; a query of its own is kept."""
    verb: str
    prefix: str = ""
    set: str = ""
    """setSpec; empty: the whole repository."""
    since: str = ""
    """`from`, in the form that the repository wants; empty: everything is asked for."""
    until: str = ""
    """As `since`, the other end; empty: there is none."""
    token: str = ""
    """resumptionToken; where there is one, no other argument is sent."""

    @property
    def url(self) -> str:
        """Return its address."""
        parts = urlsplit(self.base)
        own = [
            (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in _ARGUMENTS
        ]
        given = (
            (("resumptionToken", self.token),)
            if self.token
            else (("metadataPrefix", self.prefix), ("set", self.set), ("from", self.since), ("until", self.until))
        )
        query = urlencode([*own, ("verb", self.verb), *((name, value) for name, value in given if value)])
        return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, ""))


@dataclass(frozen=True, slots=True)
class OaiRecord:
    """One record of a list."""

    identifier: str
    """As the repository gives it, `oai:...`; empty: it gives none."""
    datestamp: str
    """When it changed last, as the repository gives it; empty: it does not say."""
    is_deleted: bool = False
    description: RecordMetadata | None = None
    """None: it is deleted, or its metadata are in no format that is read here."""


@dataclass(frozen=True, slots=True)
class ResumptionToken:
    """Where a list goes on."""

    value: str
    """Empty: the list is at its end."""
    list_size: int | None = None
    """How many records the whole list has (completeListSize); None: the repository does not say."""
    expires: datetime | None = None
    """Until when it is good; None: the repository does not say."""


@dataclass(frozen=True, slots=True)
class OaiError:
    """An error, as the repository names it."""

    code: str
    """`noRecordsMatch`, `badResumptionToken` ... (OAI-PMH 2.0, 3.6)."""
    words: str = ""
    """What it says besides; often nothing."""

    def __str__(self) -> str:
        return f"{self.code}: {self.words}" if self.words else self.code


@dataclass(frozen=True, slots=True)
class OaiIdentity:
    """What a repository says of itself (Identify)."""

    name: str = ""
    earliest: datetime | None = None
    """No record is older; None: it does not say."""
    has_seconds: bool = False
    """Whether moments are asked for with seconds; else by days, which every repository understands."""
    deleted: str = ""
    """`persistent`, `transient` or `no`: whether it says which records are deleted; empty: it does not say."""


@dataclass(frozen=True, slots=True)
class MetadataFormat:
    """A format in which a repository gives records."""

    prefix: str
    namespace: str


@dataclass(frozen=True, slots=True)
class OaiAnswer:
    """One answer."""

    records: tuple[OaiRecord, ...] = ()
    token: ResumptionToken | None = None
    """None: the answer has none, which is as good as an empty one when it is complete."""
    errors: tuple[OaiError, ...] = ()
    repository: OaiIdentity | None = None
    formats: tuple[MetadataFormat, ...] = ()
    at: datetime | None = None
    """When it was answered, by the repository's clock."""
    trouble: Failure | None = None
    """Why this is no answer of a repository; None when it is one."""
    fault: str = ""
    """Why its XML is not well formed; empty when it is."""
    is_cut: bool = False
    """Whether it breaks off before its end. What was complete of it is here."""


def read_answer(body: bytes, *, charset: str = "", base: str = "", languages: tuple[str, ...] = ()) -> OaiAnswer:
    """Return what an answer says. Never raises: what is no answer has `trouble`.

    Args:
        charset: of the Content-Type header; empty when it has none.
        base: address of the repository: pages on its own site are nearer to a record than others.
        languages: of the source, ISO 639-1; titles in these come first.
    """
    markup = Markup(body, charset=charset)
    records: list[OaiRecord] = []
    errors: list[OaiError] = []
    formats: list[MetadataFormat] = []
    token: ResumptionToken | None = None
    repository: OaiIdentity | None = None
    at: datetime | None = None
    for part in markup.parts():
        match local(part):
            case "record":
                records.append(_record(part, base=base, languages=languages))
            case "header":
                records.append(_header(part))
            case "resumptionToken":
                token = _token(part)
            case "error":
                errors.append(OaiError(code=(part.get("code") or "").strip(), words=text_of(part)[:300]))
            case "Identify":
                repository = _repository(part)
            case "metadataFormat":
                formats.append(
                    MetadataFormat(prefix=_said(part, "metadataPrefix"), namespace=_said(part, "metadataNamespace"))
                )
            case "responseDate":
                at = read_moment(text_of(part))
    return OaiAnswer(
        records=tuple(records),
        token=token,
        errors=tuple(errors),
        repository=repository,
        formats=tuple(formats),
        at=at,
        trouble=markup.trouble,
        fault=markup.fault,
        is_cut=markup.is_cut,
    )


def _record(part: Element, *, base: str, languages: tuple[str, ...]) -> OaiRecord:
    header = metadata = None
    for child in part:
        if local(child) == "header":
            header = child
        elif local(child) == "metadata":
            metadata = child
    known = _header(header) if header is not None else OaiRecord(identifier="", datestamp="")
    if known.is_deleted or metadata is None:
        return known
    # DSpace puts XOAI's own `metadata` element into that of the record; other formats have one root.
    roots = [child for child in metadata if local(child)]
    description = describe(roots, base=base, languages=languages) if roots else None
    return OaiRecord(identifier=known.identifier, datestamp=known.datestamp, description=description)


def _header(header: Element) -> OaiRecord:
    status = " ".join((header.get("status") or "").split()).casefold()
    return OaiRecord(
        identifier=_said(header, "identifier"), datestamp=_said(header, "datestamp"), is_deleted=status == "deleted"
    )


def _token(part: Element) -> ResumptionToken:
    size = (part.get("completeListSize") or "").strip()
    return ResumptionToken(
        # Folding would change a token with blanks inside; only those around it are none of it.
        value="".join(part.itertext()).strip(),
        list_size=int(size) if re.fullmatch(r"\d{1,12}", size) else None,
        expires=read_moment(part.get("expirationDate") or ""),
    )


def _repository(part: Element) -> OaiIdentity:
    return OaiIdentity(
        name=_said(part, "repositoryName"),
        earliest=read_moment(_said(part, "earliestDatestamp")),
        has_seconds="hh" in _said(part, "granularity").casefold(),
        deleted=_said(part, "deletedRecord").casefold(),
    )


def _said(parent: Element, name: str) -> str:
    """Return the text of the first child of that name, white space folded; empty when there is none."""
    for child in parent:
        if local(child) == name:
            return text_of(child)
    return ""
