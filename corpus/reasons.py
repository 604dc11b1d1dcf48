"""Why something did not come about, as values: failures, and what rules of a harvest leave out.

Nothing below the pages, the API, the feed and the command puts these into words: corpus.messages does, in the language of
the reader. So code can ask for a reason without reading a sentence, and a stored reason outlives the wording.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from corpus.text import clean, is_clean

Detail = str | int | float


class KindWithDetails(StrEnum):
    """A kind that names the details which a reason of it has."""

    details: tuple[str, ...]

    def __new__(cls, value: str, *details: str) -> Self:
        made = str.__new__(cls, value)
        made._value_ = value
        made.details = details
        return made


def cleaned_details(kind: KindWithDetails, given: Mapping[str, Detail]) -> Mapping[str, Detail]:
    """Return the details of a reason in the order of its kind, texts cleaned. Raises ValueError: they are others."""
    if set(given) != set(kind.details):
        raise ValueError(f"a reason of the kind {kind} has {kind.details or 'no details'}, got {sorted(given)}")
    return {name: clean(each) if isinstance(each := given[name], str) else each for name in kind.details}


class FailureKind(KindWithDetails):
    """What went wrong. Stored by value: a kind may be added, and none renamed without a migration.

    `error` and `text` are what a library, a server or a person said, in whatever language.
    """

    OTHER = "other", "text"
    """Known in words only: stored before there were kinds, or said by someone else."""

    # Reading a file.
    LOCKED = "locked"
    DAMAGED = "damaged"
    CALLED_PDF = "called_pdf"
    BYTES_UNREADABLE = "bytes_unreadable", "error"
    READER_CRASHED = "reader_crashed", "error"
    NO_BYTES = "no_bytes"
    ONLY_BLANKS = "only_blanks"
    NO_PAGES = "no_pages"
    NOTHING_ON_PAGES = "nothing_on_pages"
    NO_TEXT_ON_PAGE = "no_text_on_page"
    NO_TEXT_IN_FILE = "no_text_in_file"
    PICTURES_OF_PAGES = "pictures_of_pages", "pages"
    FONTS_WITHOUT_MEANING = "fonts_without_meaning", "pages"
    PARTLY_PICTURES = "partly_pictures", "pages", "page_total"
    TOO_MANY_BYTES = "too_many_bytes", "mebibytes", "limit"
    TOO_MANY_PAGES = "too_many_pages", "page_total", "limit"
    MORE_PAGES = "more_pages", "limit"
    """As TOO_MANY_PAGES, of a file that does not say how many it has."""
    READING_TIMED_OUT = "reading_timed_out", "seconds", "pages"
    """`pages`: read until then and kept; 0 is none."""
    READING_OUT_OF_MEMORY = "reading_out_of_memory", "mebibytes", "pages"
    UNSUPPORTED = "unsupported", "name"

    # Tagging a document.
    TAGGING_TIMED_OUT = "tagging_timed_out", "seconds"
    TAGGING_OUT_OF_MEMORY = "tagging_out_of_memory", "mebibytes"
    TAGGER_FAILED = "tagger_failed", "error"

    # A publisher that no longer has a file.
    NO_LONGER_LISTED = "no_longer_listed"
    RECORD_DELETED = "record_deleted"
    LANDING_PAGE_GONE = "landing_page_gone"

    # Addresses that are not fetched.
    ADDRESS_TOO_LONG = "address_too_long", "limit"
    ADDRESS_MALFORMED = "address_malformed"
    SCHEME_NOT_FETCHED = "scheme_not_fetched", "scheme"
    ADDRESS_WITH_USER = "address_with_user"
    ADDRESS_WITHOUT_HOST = "address_without_host"
    PRIVATE_ADDRESS = "private_address", "host"
    PRIVATE_NAME = "private_name", "host", "address"
    PORT_OF_ANOTHER_PROTOCOL = "port_of_another_protocol", "port"
    REFUSED_BY_ROBOTS = "refused_by_robots"
    ROBOTS_UNKNOWN = "robots_unknown"
    """Has a cause."""
    SERVER_LEFT_ALONE = "server_left_alone", "status", "seconds"
    RUN_PAUSED = "run_paused"
    NOT_SENT = "not_sent"

    # Requests that brought no answer, or one that is no use.
    HTTP_STATUS = "http_status", "status"
    REDIRECT_TO_NOWHERE = "redirect_to_nowhere", "status"
    REDIRECT_MALFORMED = "redirect_malformed"
    REDIRECTS_IN_A_CIRCLE = "redirects_in_a_circle"
    COMPRESSED_BOMB = "compressed_bomb"
    TLS_FAILED = "tls_failed", "error"
    NOT_HTTP = "not_http"
    TIMED_OUT = "timed_out"
    CONNECTION_REFUSED = "connection_refused"
    HOST_NOT_FOUND = "host_not_found"
    FILE_TOO_LARGE = "file_too_large"
    PAGE_TOO_LARGE = "page_too_large", "mebibytes"
    CUT_OFF = "cut_off"
    CONNECTION_BROKE = "connection_broke"
    UNREACHABLE = "unreachable"
    SCHEME_UNSUPPORTED = "scheme_unsupported"
    CANNOT_BE_UNPACKED = "cannot_be_unpacked"
    HEADERS_WITHOUT_END = "headers_without_end"
    CONNECTION_FAILED = "connection_failed", "error"
    EMPTY_FILE = "empty_file"
    PAGE_FOR_PDF = "page_for_pdf"
    BOT_CHECK = "bot_check", "name"
    """The server sent a page that only a browser with scripts gets past; the detail names its maker."""
    NEITHER_PDF_NOR_HTML = "neither_pdf_nor_html", "content_type"
    OWN_ERROR = "own_error", "error"

    # Lists that cannot be read, or not to their end.
    JSON_MALFORMED = "json_malformed", "error"
    JSON_NOT_BY_RULES = "json_not_by_rules", "error"
    JSON_TOO_DEEP = "json_too_deep"
    NO_JSON = "no_json", "error"
    PAGE_FOR_JSON = "page_for_json"
    PAGE_FOR_JSON_TITLED = "page_for_json_titled", "title"
    ANSWER_EMPTY = "answer_empty"
    TOO_MANY_RECORDS = "too_many_records", "records", "limit"
    NO_LIST_OF_RECORDS = "no_list_of_records"
    API_SAYS = "api_says", "text"
    LIST_LIMITED = "list_limited", "records", "limit"
    LIST_REPEATS = "list_repeats", "number"
    LIST_IN_A_CIRCLE = "list_in_a_circle"
    NO_LINK_FITS = "no_link_fits"
    NO_FEED = "no_feed"
    FEED_MALFORMED = "feed_malformed", "error"
    NO_JSON_FEED = "no_json_feed"
    SITEMAP_TOO_LONG = "sitemap_too_long", "mebibytes"
    SITEMAP_TOO_MANY_ENTRIES = "sitemap_too_many_entries", "limit"
    SITEMAP_PACKING_DAMAGED = "sitemap_packing_damaged", "error"
    SITEMAP_PACKING_BREAKS_OFF = "sitemap_packing_breaks_off"
    SITEMAP_BREAKS_OFF = "sitemap_breaks_off"
    NO_SITEMAP_BUT_PAGE = "no_sitemap_but_page"
    NO_SITEMAP_BUT_XML = "no_sitemap_but_xml", "root"
    NO_SITEMAP = "no_sitemap"
    ROBOTS_WITHOUT_SITEMAP = "robots_without_sitemap"
    OAI_PACKING_DAMAGED = "oai_packing_damaged", "error"
    OAI_TOO_LONG = "oai_too_long", "mebibytes"
    OAI_NOTHING_SENT = "oai_nothing_sent"
    OAI_ANSWERED_OTHERWISE = "oai_answered_otherwise"
    OAI_PAGE_SENT = "oai_page_sent"
    OAI_PAGE_SENT_TITLED = "oai_page_sent_titled", "title"
    OAI_SOMETHING_ELSE = "oai_something_else"
    OAI_BREAKS_OFF = "oai_breaks_off", "records"
    OAI_TOKEN_LOST = "oai_token_lost"  # noqa: S105  a resumption token is no password
    OAI_TOKEN_EXPIRED = "oai_token_expired", "until"
    OAI_BEGUN_AGAIN_OFTEN = "oai_begun_again_often", "times"
    """This one and the next two have a cause: why the list was begun again."""
    OAI_NO_FURTHER = "oai_no_further", "since"
    OAI_AGAIN_FROM_START = "oai_again_from_start"
    OAI_RECORDS_MISSING = "oai_records_missing", "missing", "announced"
    OAI_IN_A_CIRCLE = "oai_in_a_circle", "records"
    OAI_ONLY_OLD_RECORDS = "oai_only_old_records", "answers"
    OAI_ONLY_EMPTY_ANSWERS = "oai_only_empty_answers", "answers"
    OAI_ENDS_IN_THE_MIDDLE = "oai_ends_in_the_middle"
    OAI_BAD_ARGUMENT = "oai_bad_argument", "error"
    OAI_BAD_VERB = "oai_bad_verb", "error"
    OAI_UNKNOWN_TOKEN = "oai_unknown_token", "error"
    OAI_FORMAT_NOT_GIVEN = "oai_format_not_given", "prefix", "error"
    OAI_UNKNOWN_RECORD = "oai_unknown_record", "error"
    OAI_NO_FORMATS = "oai_no_formats", "error"
    OAI_NO_SETS = "oai_no_sets", "error"
    OAI_ERROR = "oai_error", "error"


CAUSED = frozenset(
    {
        FailureKind.ROBOTS_UNKNOWN,
        FailureKind.OAI_BEGUN_AGAIN_OFTEN,
        FailureKind.OAI_NO_FURTHER,
        FailureKind.OAI_AGAIN_FROM_START,
    }
)
"""Kinds that always have a cause."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something could not be done, with what is known of the case."""

    kind: FailureKind
    detail: Mapping[str, Detail] = field(default_factory=dict)
    """By the names in `kind.details`, each of them and no other."""
    cause: Failure | None = None
    """What lies behind it; given for the kinds in CAUSED, and None for all others."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "detail", cleaned_details(self.kind, self.detail))
        if (self.cause is not None) != (self.kind in CAUSED):
            raise ValueError(f"a failure of the kind {self.kind} has {'a' if self.kind in CAUSED else 'no'} cause")

    def __hash__(self) -> int:
        return hash((self.kind, tuple(self.detail.values()), self.cause))

    @classmethod
    def of(cls, kind: FailureKind, *, cause: Failure | None = None, **detail: Detail) -> Failure:
        """Return a failure with its details by name."""
        return cls(kind, detail, cause)

    @classmethod
    def told(cls, text: str) -> Failure:
        """Return a failure that is known in words only."""
        return cls(FailureKind.OTHER, {"text": text})

    def to_json(self) -> list[Any]:
        """Return `[kind, {details}]`, and the cause as a third part when there is one."""
        told: list[Any] = [self.kind.value, dict(self.detail)]
        return [*told, self.cause.to_json()] if self.cause is not None else told

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Failure:
        """Undo `to_json`. What another version stored, and this one does not know, becomes OTHER with all of it as text."""
        try:
            kind, detail, *cause = stored
            return cls(FailureKind(kind), detail, cls.from_json(cause[0]) if cause else None)
        except (ValueError, TypeError):
            return cls.told(" ".join(map(str, _leaves(stored))))


def failure_to_json(failure: Failure | None) -> list[Any] | None:
    """Return a failure as JSON; None stays None."""
    return failure.to_json() if failure is not None else None


def failure_from_json(stored: Sequence[Any] | None) -> Failure | None:
    """Undo `failure_to_json`."""
    return Failure.from_json(stored) if stored is not None else None


def _leaves(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [leaf for each in value for leaf in _leaves(each)]
    return [value]


class SkipKind(StrEnum):
    """The rule by which a link or record is left out. Stored by value, as FailureKind."""

    OTHER = "other"
    """Known in words only; they are the detail."""
    IGNORED_KIND = "kind"
    """A kind of record or file that is not wanted; the detail names it."""
    UNKNOWN_KIND = "unknown_kind"
    BUNDLE = "bundle"
    """A bundle of a repository that holds no publications; the detail names it."""
    BUNDLE_WITHOUT_NAME = "bundle_without_name"
    EMPTY_FILE = "empty_file"
    ADDRESS_DENIED = "address_denied"
    ADDRESS_MALFORMED = "address_malformed"
    NO_WEB_ADDRESS = "no_web_address"
    OTHER_SITE = "other_site"
    SITEMAP_OF_OTHER_SITE = "sitemap_of_other_site"
    SITEMAP_LEFT_OUT = "sitemap_left_out"
    NOT_DECLARED = "not_declared"
    """A PDF beside the one that the landing page declares as its own."""
    TOO_MANY_FILES = "too_many_files"
    RELATED = "related"
    FILE_OF_RELATED = "file_of_related"
    NOT_PUBLICATION = "not_publication"
    """A cover, a form, a notice."""
    ANNUAL_REPORT = "annual_report"
    TOO_LITTLE_TEXT = "too_little_text"
    NO_PUBLICATION_UNCHANGED = "no_publication_unchanged"
    ENTRY_WITHOUT_LINK = "entry_without_link"
    ENTRY_REPEATED = "entry_repeated"
    OFF_SUBJECT = "off_subject"
    """Neither title nor keywords nor abstract have a word of the source's subject (`about`)."""
    RECORD_NO_OBJECT = "record_no_object"
    RECORD_REPEATED = "record_repeated"
    RECORD_WITHOUT_FILE = "record_without_file"
    RECORD_WITHOUT_ADDRESS = "record_without_address"
    RECORD_WITHOUT_IDENTIFIER = "record_without_identifier"
    RECORD_FORMAT_UNKNOWN = "record_format_unknown"


@dataclass(frozen=True, slots=True, order=True)
class Skip:
    """The rule by which something was left out, with what it was where the rule has several sorts."""

    kind: SkipKind
    detail: str = ""
    """Of IGNORED_KIND the kind (`video`), of BUNDLE its name, of OTHER the words; empty for all others."""

    def __post_init__(self) -> None:
        if not is_clean(self.detail):
            object.__setattr__(self, "detail", clean(self.detail))


def skips_to_json(skips: Mapping[Skip, int]) -> list[list[Any]]:
    """Return counts by rule as JSON: `[[kind, detail, count], ...]`, in the order of the kinds' names."""
    return [[skip.kind.value, skip.detail, count] for skip, count in sorted(skips.items())]


def skips_from_json(stored: Iterable[Sequence[Any]]) -> dict[Skip, int]:
    """Undo `skips_to_json`. A rule that only another version knows becomes OTHER with its name as the words."""
    skips: dict[Skip, int] = {}
    for kind, detail, count in stored:
        try:
            skip = Skip(SkipKind(kind), detail)
        except ValueError:
            skip = Skip(SkipKind.OTHER, f"{kind} {detail}".strip())
        skips[skip] = skips.get(skip, 0) + count
    return skips
