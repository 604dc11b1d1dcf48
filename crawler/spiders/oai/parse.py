"""What a repository is asked and what it answers, as values (OAI-PMH 2.0), also where the XML of an answer is broken. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from html.entities import html5
from io import BytesIO
from itertools import islice, pairwise
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree

from corpus.decoding import decoded
from corpus.reasons import Failure, FailureKind
from crawler.spiders.oai.formats import describe
from crawler.spiders.oai.record_metadata import RecordMetadata
from crawler.spiders.xml import (
    PARSER,
    Element,
    PackingBroken,
    declared_encoding,
    local,
    text_of,
    unpacked,
    without_forbidden,
)

_PREFIX = r"(?:[\w.-]+:)?"
_ROOT_TAG = re.compile(rf"<{_PREFIX}OAI-PMH(?:\s[^<>]*)?>")
_END = re.compile(rb"</(?:[\w.-]+:)?OAI-PMH\s*>")
_BEGINNING = re.compile(rf"<{_PREFIX}(?:record(?:\s[^<>]*)?>\s*(?=<{_PREFIX}header[\s/>])|resumptionToken[\s/>])")
"""Where a record of the list, or its token, begins; MARCXML's `record` has no header."""
_COMPLETE = re.compile(rf"</{_PREFIX}record\s*>|<{_PREFIX}resumptionToken(?:\s[^<>]*)?(?:/>|>[^<]*</)")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)(?:([A-Za-z]\w{1,30});)?")
_NUMBERED = re.compile(r"&#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));")
_INLINE = re.compile(r"</?(?:b|i|u|a|em|strong|sub|sup|span|font|small)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:p|br|div|ul|ol|li|hr|table|tr|td|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE)


def text_in(answer: bytes, *, charset: str) -> str:
    """Return the text of an answer. Declarations are often wrong: what can be read as UTF-8 is UTF-8.

    Args:
        charset: that of the Content-Type header; empty when it has none.
    """
    return decoded(answer, declared=("utf-8-sig", declared_encoding(answer[:400]), charset))


def mended_pieces(text: str) -> Iterator[bytes]:
    """Yield an answer in pieces, each under the root's own start tag, as UTF-8: what stands first, each record, the token.

    So a fault in one record does no harm to the next one. A record that breaks off is left out: its last address would be
    cut in two.
    """
    begun = _ROOT_TAG.search(text)
    if begun is None:
        return
    root, body = begun[0], text[begun.end() :]
    if end := re.search(rf"</{_PREFIX}OAI-PMH\s*>", body):
        body = body[: end.start()]
    begins = [found.start() for found in _BEGINNING.finditer(body)]
    bounds = [0, *begins, len(body)]
    for number, (start, stop) in enumerate(pairwise(bounds)):
        piece = body[start:stop]
        is_last = number == len(bounds) - 2
        if number == 0 or not is_last or _COMPLETE.search(piece):
            yield f"{root}{_mended(piece)}".encode("utf-8", "replace")


def _mended(text: str) -> str:
    """Return XML without the faults that repositories are known for; other faults stay."""
    text = without_forbidden(text)
    if "&" in text:
        text = _NUMBERED.sub(_numbered, text)
        text = _BARE_AMPERSAND.sub(_named, text)
    return _BLOCK.sub(" ", _INLINE.sub("", text))


def _named(found: re.Match[str]) -> str:
    """Return the character of an HTML entity that XML does not know, or an ampersand that is only that."""
    name = found[1]
    return "&amp;" if name is None else html5.get(f"{name};", f"&amp;{name};")


def _numbered(found: re.Match[str]) -> str:
    """Return a character reference, or a blank where it means a character that XML forbids."""
    number = int(found[1], 16) if found[1] else int(found[2])
    is_lawful = number in (9, 10, 13) or 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD
    return found[0] if is_lawful or 0x10000 <= number <= 0x10FFFF else " "


ANSWER_BYTES_MAX = 64 * 1024 * 1024
"""A longer answer is not read: repositories send some hundred records at once, which are a few MiB."""

_PARTS = ("record", "header", "resumptionToken", "error", "Identify", "metadataFormat", "responseDate")
_HOLDERS = frozenset({"OAI-PMH", "ListRecords", "GetRecord", "ListIdentifiers", "ListMetadataFormats"})
"""Elements whose children are parts: MARCXML has a `record` too, inside of `metadata`."""
_ROOT = re.compile(rb"<(?:[\w.-]+:)?OAI-PMH[\s>]")


class Markup:
    """One answer. Its parts are read one after the other, and dropped when the next one is asked for."""

    def __init__(self, body: bytes, *, charset: str = "") -> None:
        """Begin.

        Args:
            body: as it came, perhaps still gzipped.
            charset: that of the Content-Type header; empty when it has none.
        """
        self.trouble: Failure | None = None
        """Why this is no answer of a repository; None when it is one."""
        self.fault = ""
        """After `parts` came to its end: why it was not well formed; empty when it was."""
        self._charset = charset
        self._body = self._opened(body)
        self.is_cut = not self.trouble and not _END.search(self._body)
        """Whether it breaks off before its end."""

    def _opened(self, body: bytes) -> bytes:
        opened = bytearray()
        try:
            for piece in unpacked(body):
                opened += piece
                if len(opened) > ANSWER_BYTES_MAX:
                    self.trouble = Failure.of(FailureKind.OAI_TOO_LONG, mebibytes=ANSWER_BYTES_MAX // 1024**2)
                    return b""
        except PackingBroken as broken:
            if not broken.is_cut:
                self.trouble = Failure.of(FailureKind.OAI_PACKING_DAMAGED, error=str(broken))
                return b""
        if b"\0" in opened[:4] or declared_encoding(bytes(opened[:2])) == "utf-16":
            opened[:] = text_in(bytes(opened), charset=self._charset).encode("utf-8", "replace")
        if _ROOT.search(opened) is None:
            self.trouble = _no_answer(bytes(opened))
        return bytes(opened)

    def parts(self) -> Iterator[Element]:
        """Yield the parts that an answer has directly: records, errors, tokens, formats. Each is complete.

        What is well formed is read as it is. From the first fault on, a mended copy is read in its place.
        """
        if self.trouble:
            return
        came = 0
        try:
            for part in _parts(
                self._body.lstrip(b"\xef\xbb\xbf \t\r\n"), tags=tuple(f"{{*}}{name}" for name in _PARTS)
            ):
                came += 1
                yield part
        except etree.XMLSyntaxError as error:
            self.fault = " ".join(str(error.msg).split())[:200]
        if self.fault:
            pieces = mended_pieces(text_in(self._body, charset=self._charset))
            mended = (part for piece in pieces for part in _parts(piece, recover=True))
            yield from islice(mended, came, None)


def _parts(body: bytes, *, tags: tuple[str, ...] | None = None, recover: bool = False) -> Iterator[Element]:
    """Yield each part and drop it afterwards, so that a long answer takes no more memory than a short one."""
    events = etree.iterparse(BytesIO(body), tag=tags, recover=recover, **PARSER)
    for _, element in events:
        parent = element.getparent()
        if parent is None or local(parent) not in _HOLDERS or local(element) not in _PARTS:
            continue
        yield element
        element.clear()
        while element.getprevious() is not None:
            del parent[0]


def _no_answer(body: bytes) -> Failure:
    """Return what came in place of an answer."""
    start = body[:20_000]
    if not start.strip():
        return Failure(FailureKind.OAI_NOTHING_SENT)
    if re.search(rb"<(!doctype html|html|head|body)[\s>]", start, re.IGNORECASE):
        title = re.search(rb"<title[^<>]*+>(.{0,500}?)</title", start, re.IGNORECASE | re.DOTALL)
        words = " ".join(unescape(title[1].decode("utf-8", "replace")).split())[:120] if title else ""
        return (
            Failure.of(FailureKind.OAI_PAGE_SENT_TITLED, title=words) if words else Failure(FailureKind.OAI_PAGE_SENT)
        )
    return Failure(FailureKind.OAI_SOMETHING_ELSE)


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
