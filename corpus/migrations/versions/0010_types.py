"""Stored sentences become types: failures, rules of tags, rules of harvests.

What the version before could not have written stays as it is, as a reason known in words only. Documents, ids and sequence
numbers stay; nothing is tagged or indexed again. All of it is one transaction, like every migration: a process that is killed
in the middle leaves the old database. Rows are read and written in batches, so that the memory does not grow with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_BATCH = 1000

_readings = sa.table(
    "readings", sa.column("sha256"), sa.column("reason"), sa.column("page_count"), sa.column("failure", sa.JSON())
)
_files = sa.table("fetched_files", sa.column("id"), sa.column("gone_reason"), sa.column("gone_failure", sa.JSON()))
_untagged = sa.table("untagged", sa.column("document_id"), sa.column("reason"), sa.column("failure", sa.JSON()))
_runs = sa.table("runs", sa.column("id"), sa.column("report", sa.JSON()))
_tags = sa.table(
    "tags", sa.column("document_id"), sa.column("facet"), sa.column("concept"), sa.column("evidence", sa.JSON())
)

_SENTENCES: tuple[tuple[str, str], ...] = (
    ("locked", "The file is locked with a password. Ask its publisher for an open copy."),
    ("damaged", "The file cannot be opened: it is damaged or was not saved completely."),
    ("called_pdf", "The file cannot be opened: it is called a PDF, but is not one."),
    ("bytes_unreadable", "The file cannot be opened: its bytes cannot be read ({error})."),
    ("reader_crashed", "The file makes the reader crash ({error}); only this file is concerned, the rest was read."),
    ("no_bytes", "The file has no bytes."),
    ("only_blanks", "The file has nothing but blanks."),
    ("no_pages", "The file has no pages."),
    ("nothing_on_pages", "There is no text and no picture on its pages."),
    ("no_text_on_page", "There is no text on the page."),
    ("no_text_in_file", "There is no text in the file."),
    ("partly_pictures", "{pages} of its {page_total} pages have no text that could be read: probably pictures."),
    (
        "too_many_bytes",
        "The file has {mebibytes} MiB, more than the {limit} MiB that are read (PUSHCART_FILE_MEBIBYTES_MAX).",
    ),
    (
        "too_many_pages",
        "The file has {page_total} pages; only the first {limit} were read (PUSHCART_READ_PAGES_MAX).",
    ),
    ("more_pages", "The file has more pages; only the first {limit} were read (PUSHCART_READ_PAGES_MAX)."),
    ("unsupported", "The file is {name}; Pushcart reads PDF, HTML and plain text. Save it as PDF and add that."),
    ("tagging_timed_out", "Tagging took longer than {seconds} seconds and was stopped (PUSHCART_TAG_SECONDS_MAX)."),
    (
        "tagging_out_of_memory",
        "Tagging took more than {mebibytes} MiB of memory and was stopped (PUSHCART_TAG_MEMORY_MEBIBYTES_MAX).",
    ),
    ("tagger_failed", "The document makes the tagger fail ({error}); only this one is concerned."),
    ("no_longer_listed", "The publisher no longer lists it."),
    ("record_deleted", "The publisher has deleted its record."),
    ("landing_page_gone", "The page that describes it is gone."),
    ("address_too_long", "The address has more than {limit} characters."),
    ("address_malformed", "The address is malformed."),
    ("scheme_not_fetched", "Only http and https addresses are fetched, not {scheme}:."),
    ("scheme_unsupported", "Only http and https addresses are fetched."),
    ("address_with_user", "Addresses with a user name in them are not fetched."),
    ("address_without_host", "The address names no host."),
    ("private_address", "{host} is an address of a private network or of this machine."),
    ("private_name", "{host} leads to {address}, an address of a private network or of this machine."),
    ("port_of_another_protocol", "Port {port} belongs to another protocol than the web's."),
    ("refused_by_robots", "robots.txt does not let us fetch it."),
    ("robots_unknown", "Its robots.txt cannot be had, so nothing is fetched. {cause}"),
    ("not_sent", "The request was not sent."),
    ("redirect_malformed", "The address, or the one that it redirects to, is malformed."),
    ("redirects_in_a_circle", "It redirects in a circle, or too often."),
    ("compressed_bomb", "Unpacked, it is larger than is allowed: a compressed bomb, or no page."),
    ("tls_failed", "A secure connection could not be agreed ({error})."),
    ("not_http", "The server does not speak HTTP as it should."),
    ("timed_out", "The server did not answer in time."),
    ("connection_refused", "The server refuses connections."),
    ("host_not_found", "The name of the host cannot be found."),
    ("file_too_large", "It is larger than PUSHCART_FILE_MEBIBYTES_MAX allows."),
    ("page_too_large", "The page is larger than {mebibytes} MiB."),
    ("cut_off", "The answer was cut off in the middle."),
    ("connection_broke", "The connection broke."),
    ("unreachable", "The server cannot be reached."),
    ("cannot_be_unpacked", "The answer cannot be unpacked."),
    ("headers_without_end", "The headers of the answer do not end."),
    ("connection_failed", "The connection failed ({error})."),
    ("empty_file", "The server sent an empty file."),
    ("page_for_pdf", "The server sent a web page where a PDF was promised."),
    ("neither_pdf_nor_html", "The server sent {content_type}, which is neither PDF nor HTML."),
    ("own_error", "Pushcart could not work with this answer ({error})."),
    ("json_malformed", "The answer is not well formed JSON ({error})."),
    ("json_not_by_rules", "The answer cannot be read by the rules of the source file ({error})."),
    ("json_too_deep", "The answer is nested too deeply to be read."),
    ("no_json", "The answer is no JSON ({error})."),
    ("page_for_json", "The answer is a web page, and no JSON."),
    ("page_for_json_titled", "The answer is a web page ({title}), and no JSON."),
    ("answer_empty", "The answer is empty."),
    ("too_many_records", "The answer has {records} records; {limit} at most are read."),
    ("no_list_of_records", "The answer has no list of records where `records` looks for it."),
    ("api_says", "The API says: {text}"),
    (
        "list_limited",
        "The publisher has {records} records and gives out {limit} of one list at most: ask "
        "for parts of it, such as years, with several addresses in `start`.",
    ),
    ("list_repeats", "The list repeats itself: answer {number} has no new record."),
    ("list_in_a_circle", "The list repeats itself: its next answer is one that was read."),
    ("no_link_fits", "The answer has links, and none of them fits `links` of the source file."),
    ("no_feed", "This is no feed: neither RSS nor Atom nor JSON Feed."),
    ("feed_malformed", "The feed is not well formed JSON ({error})."),
    ("no_json_feed", "This is JSON, and no JSON Feed: it has no list of items."),
    ("sitemap_too_long", "The sitemap is longer than {mebibytes} MiB; it was read up to there."),
    ("sitemap_too_many_entries", "The sitemap has more than {limit} entries; it was read up to there."),
    ("sitemap_packing_damaged", "The packing of the sitemap is damaged ({error})."),
    ("sitemap_packing_breaks_off", "The packed sitemap breaks off before its end."),
    ("sitemap_breaks_off", "The sitemap breaks off before its end."),
    ("no_sitemap_but_page", "This is no sitemap, but a web page."),
    ("no_sitemap_but_xml", "This is no sitemap, but XML of another kind (<{root}>)."),
    ("no_sitemap", "This is no sitemap: neither XML nor addresses, one a line."),
    ("robots_without_sitemap", "This robots.txt names no sitemap."),
    ("oai_packing_damaged", "The answer is packed and cannot be unpacked ({error})."),
    ("oai_too_long", "The answer is longer than {mebibytes} MiB; nothing of it was read."),
    ("oai_nothing_sent", "The server sent nothing where an answer of its repository was expected."),
    ("oai_page_sent", "The server sent a web page where an answer of its repository was expected."),
    ("oai_page_sent_titled", "The server sent a web page ({title}) where an answer of its repository was expected."),
    (
        "oai_something_else",
        "The server sent something else than an OAI-PMH answer. Is `start` the base address of the repository?",
    ),
    ("oai_breaks_off", "The answer breaks off after {records} records."),
    ("oai_token_lost", "The repository no longer knows its own resumption token."),
    (
        "oai_token_expired",
        "The repository no longer knows its own resumption token, which was good until {until} UTC.",
    ),
    ("oai_begun_again_often", "{cause} The list was begun again {times} times."),
    ("oai_no_further", "{cause} Begun again from {since}, the list got no further."),
    ("oai_again_from_start", "{cause} The list was begun again from its start, and that happened again."),
    ("oai_records_missing", "{missing} of {announced} announced records did not come."),
    ("oai_in_a_circle", "The list goes in a circle: after {records} records its resumption token came again."),
    (
        "oai_only_old_records",
        "The list does not end: {answers} answers in a row brought nothing but records that had come before.",
    ),
    ("oai_only_empty_answers", "The list does not end: {answers} answers in a row brought no records."),
    ("oai_ends_in_the_middle", "In the middle of its list the repository says that there are no records."),
    (
        "oai_bad_argument",
        "The repository refuses what it was asked ({error}). Look at `sets` and `format` in [oai], and at `start`.",
    ),
    ("oai_bad_verb", "The repository does not know what it was asked ({error}). Is `start` its base address?"),
    ("oai_unknown_token", "The repository speaks of a resumption token that was never sent ({error})."),
    ("oai_format_not_given", "The repository does not give records as {prefix} ({error})."),
    ("oai_unknown_record", "The repository does not know a record that it was not asked for ({error})."),
    ("oai_no_formats", "The repository has no format for its records ({error})."),
    ("oai_no_sets", "The repository has no sets ({error})."),
    ("oai_error", "The repository answers with an error ({error})."),
    ("http_status", "The server answered {status} ({phrase})."),
    ("http_status", "The server answered {status}."),
    ("redirect_to_nowhere", "The server answered {status} ({phrase}), and names no web address to go on to."),
    ("redirect_to_nowhere", "The server answered {status}, and names no web address to go on to."),
    ("scheme_unsupported", "Only http and https addresses are fetched, not this one:."),
    (
        "server_left_alone",
        "The server answered {status} and asks to wait {minutes} minutes: it is left alone in this run.",
    ),
    ("server_left_alone", "The server answered {status} and asks to wait {hours} hours: it is left alone in this run."),
    ("server_left_alone", "The server answered {status} and asks to wait {days} days: it is left alone in this run."),
    (
        "pictures_of_pages",
        "No text could be read: its pages are pictures without text. Text recognition (OCR) would be needed.",
    ),
    (
        "pictures_of_pages",
        "No text could be read: its page is a picture without text. Text recognition (OCR) would be needed.",
    ),
    (
        "fonts_without_meaning",
        "No text could be read: its pages hold letters whose meaning the fonts do not tell."
        " Text recognition (OCR) would be needed.",
    ),
    (
        "fonts_without_meaning",
        "No text could be read: its page holds letters whose meaning the fonts do not tell."
        " Text recognition (OCR) would be needed.",
    ),
    (
        "reading_timed_out",
        "Reading took longer than {seconds} seconds and was stopped (PUSHCART_READ_SECONDS_MAX)."
        " The {pages} pages read until then are kept.",
    ),
    ("reading_timed_out", "Reading took longer than {seconds} seconds and was stopped (PUSHCART_READ_SECONDS_MAX)."),
    (
        "reading_out_of_memory",
        "Reading took more than {mebibytes} MiB of memory and was stopped (PUSHCART_READ_MEMORY_MEBIBYTES_MAX)."
        " The {pages} pages read until then are kept.",
    ),
    (
        "reading_out_of_memory",
        "Reading took more than {mebibytes} MiB of memory and was stopped (PUSHCART_READ_MEMORY_MEBIBYTES_MAX).",
    ),
)
"""Kind -> the sentence with which the version before said it. `cause` is a sentence too."""

_WHOLE = frozenset(
    {
        "announced",
        "answers",
        "limit",
        "mebibytes",
        "missing",
        "number",
        "page_total",
        "pages",
        "port",
        "records",
        "status",
    }
    | {"times"}
)
_SECONDS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86400.0}
_TOLD_BY_THE_ROW = ("pictures_of_pages", "fonts_without_meaning")
"""Kinds whose `pages` are those of the file."""
_WITHOUT_PAGES = ("reading_timed_out", "reading_out_of_memory")

_SKIPS: Mapping[str, str] = {
    "kind: unknown": "unknown_kind",
    "bundle: without a name": "bundle_without_name",
    "empty file": "empty_file",
    "address denied": "address_denied",
    "malformed address": "address_malformed",
    "no web address": "no_web_address",
    "other site": "other_site",
    "sitemap of another site": "sitemap_of_other_site",
    "sitemap left out": "sitemap_left_out",
    "not the declared PDF": "not_declared",
    "more files than one publication has": "too_many_files",
    "related publication": "related",
    "file of something related": "file_of_related",
    "cover, form or notice": "not_publication",
    "annual report of the house": "annual_report",
    "no PDF, and too little text": "too_little_text",
    "page without a publication, unchanged": "no_publication_unchanged",
    "entry without a link": "entry_without_link",
    "entry with the address of another": "entry_repeated",
    "record that is no object": "record_no_object",
    "record named twice": "record_repeated",
    "record without a file": "record_without_file",
    "record without an address": "record_without_address",
    "record without an identifier": "record_without_identifier",
    "record in a format that is not read": "record_format_unknown",
}
_RULE = re.compile(
    r"(?P<kind>term|weak term|activity|record|name|demonym|city|subdivision|survey|institution|currency|region): (?P<text>.*)",
    re.DOTALL,
)
_ZONE = re.compile(
    r"(?P<text>.*) \((?P<zone>title|abstract|keywords|heading|body|contents|references|imprint|boilerplate)\)",
    re.DOTALL,
)

_LOST = r"\d+ (?:no longer there|no longer listed|refused by robots\.txt|failed|of the lists could not be read)"
_BROUGHT = (
    r"(?:Asked for what changed since [\d-]+\. )?Brought \d+ files?"
    r"(?:: \d+ \w+(?:, \d+ \w+)*)?\."
    rf"(?: {_LOST}(?:, {_LOST})*\.)?"
)
_GOES_ON = rf" {_BROUGHT} The next run goes on\."
_LOOK = r"the site or the source file needs a look\."
_MINUTES = r"The run ended at its limit of (?P<limit>[\d.]+) minutes?\."
_AT = r"(?: It was at (?P<at>\S+)\.)? What it had fetched is kept; the next run goes on\."
_VERDICT_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"{expression}(?: (?P<notes>.+))?", re.DOTALL))
    for kind, expression in (
        ("killed_after_stop", rf"Stopped before the end; its process did not stop and was killed\.{_AT}"),
        ("killed_out_of_time", rf"{_MINUTES} Its process did not stop and was killed\.{_AT}"),
        ("killed_by_signal", rf"The harvesting process was killed by signal (?P<signal>\d+)\.{_AT}"),
        ("ended_with_code", rf"The harvesting process ended with code (?P<code>\d+)\.{_AT}"),
        ("stopped", rf"Stopped before the end\.{_GOES_ON}"),
        ("before_hours", rf"The source is asked between (?P<hours>.+?) only; nothing was asked\.{_GOES_ON}"),
        ("hours_over", rf"The hours in which the source is asked are over \((?P<hours>.+?)\)\.{_GOES_ON}"),
        ("requests_used", rf"The run ended at its limit of (?P<limit>\d+) requests\.{_GOES_ON}"),
        ("mebibytes_used", rf"The run ended at its limit of (?P<limit>\d+) MiB\.{_GOES_ON}"),
        ("minutes_used", rf"{_MINUTES}{_GOES_ON}"),
        ("no_list_read", rf"{_BROUGHT} No list could be read: {_LOOK}"),
        ("too_few", rf"{_BROUGHT} (?P<at_least>\d+) or more (?:is|are) expected: {_LOOK}"),
        ("too_many", rf"{_BROUGHT} (?P<at_most>\d+) at most are expected: the rules may let too much in\."),
        (
            "fewer_than_announced",
            rf"{_BROUGHT} The publisher announced (?P<announced>\d+) records, (?P<records>\d+) came\.",
        ),
        (
            "dropped",
            rf"{_BROUGHT} The last full run, of (?P<day>[\d-]+), brought (?P<documents>\d+): {_LOOK}"
            r" If it is right, lower `drop_share_max` in \[expect\]\.",
        ),
        ("as_expected", _BROUGHT),
    )
)
"""Kind -> how the version before said how a run ended, before what it said of single lists."""


def upgrade() -> None:
    op.add_column("readings", sa.Column("failure", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("fetched_files", sa.Column("gone_failure", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("untagged", sa.Column("failure", sa.JSON(none_as_null=True), nullable=True))
    connection = op.get_bind()
    _each(connection, _readings, ("sha256",), _of_reading, where=_readings.c.reason != "")
    gone = _files.c.gone_reason != ""
    _each(connection, _files, ("id",), lambda row: {"gone_failure": failure_of(row.gone_reason)}, where=gone)
    _each(connection, _untagged, ("document_id",), lambda row: {"failure": failure_of(row.reason)})
    _each(connection, _runs, ("id",), lambda row: {"report": report_of(row.report)})
    _each(connection, _tags, ("document_id", "facet", "concept"), _of_tag)
    op.drop_column("readings", "reason")
    op.drop_column("fetched_files", "gone_reason")
    op.drop_column("untagged", "reason")


def _each(
    connection: sa.Connection,
    table: sa.TableClause,
    key: tuple[str, ...],
    values: Callable[[sa.Row[Any]], dict[str, Any]],
    *,
    where: sa.ColumnElement[bool] | None = None,
) -> None:
    """Give rows new values, in the order of their key, so many at a time."""
    columns = [table.c[name] for name in key]
    asked = sa.select(table).order_by(*columns).limit(_BATCH)
    if where is not None:
        asked = asked.where(where)
    update = sa.update(table).where(*(column == sa.bindparam(f"its_{column.name}") for column in columns))
    found = connection.execute(asked).all()
    while found:
        changed = []
        for row in found:
            new = {f"new_{name}": value for name, value in values(row).items()}
            changed.append({f"its_{name}": getattr(row, name) for name in key} | new)
        names = [name.removeprefix("new_") for name in changed[0] if name.startswith("new_")]
        connection.execute(update.values({name: sa.bindparam(f"new_{name}") for name in names}), changed)
        last = sa.tuple_(*(sa.literal(getattr(found[-1], name)) for name in key))
        found = connection.execute(asked.where(sa.tuple_(*columns) > last)).all()


def _of_reading(row: sa.Row[Any]) -> dict[str, Any]:
    return {"failure": failure_of(row.reason, pages=row.page_count)}


def _of_tag(row: sa.Row[Any]) -> dict[str, Any]:
    return {"evidence": [[page, *said, *rule_of(rule, page=page)] for page, *said, rule in row.evidence]}


def report_of(report: dict[str, Any]) -> dict[str, Any]:
    """Return the report of a run with its failures and rules as types."""
    failures = [[each["url"], failure_of(each["reason"]), each.get("referrer", "")] for each in report["failures"]]
    skips = [[*skip_of(words), count] for words, count in report.get("skipped_by", {}).items()]
    verdict, notes = verdict_of(report.get("words", ""))
    kept = {name: value for name, value in report.items() if name != "words"}
    return kept | {"failures": failures, "skipped_by": skips, "verdict": verdict, "notes": notes}


def verdict_of(words: str) -> tuple[list[Any], list[list[Any]]]:
    """Return the verdict of a run, and what there is to say of its lists; counts make the rest of the words again."""
    for kind, pattern in _VERDICT_PATTERNS:
        if found := pattern.fullmatch(words):
            detail = {name: _number(text) for name, text in found.groupdict(default="").items() if name != "notes"}
            notes = found["notes"]
            return [kind, detail], [["other", {"text": notes}, None, ""]] if notes else []
    return ["other", {"text": words}], []


def _number(text: str) -> Any:
    if re.fullmatch(r"\d+", text):
        return int(text)
    return float(text) if re.fullmatch(r"\d+\.\d+", text) else text


def skip_of(words: str) -> list[str]:
    """Return kind and detail of the rule by which something was left out."""
    if words in _SKIPS:
        return [_SKIPS[words], ""]
    kind, colon, detail = words.partition(": ")
    return [kind, detail] if colon and kind in ("kind", "bundle") else ["other", words]


def rule_of(words: str, *, page: int) -> list[str]:
    """Return kind, text and zone of the rule by which a tag was given; only a place on no page names its zone."""
    found = _RULE.fullmatch(words)
    if found is None:
        return ["other", words, ""]
    kind, text = found["kind"].replace(" ", "_"), found["text"]
    zoned = _ZONE.fullmatch(text) if page == 0 and kind != "record" else None
    return [kind, zoned["text"], zoned["zone"]] if zoned else [kind, text, ""]


def failure_of(sentence: str, *, pages: int = 0) -> list[Any]:
    """Return a failure as the record store keeps it; `pages` are those of the file that it is about."""
    kind, given, cause = _read(sentence)
    detail = dict(given)
    if kind in _TOLD_BY_THE_ROW:
        detail["pages"] = pages
    return [kind, detail, failure_of(cause)] if cause else [kind, detail]


@lru_cache(maxsize=10_000)
def _read(sentence: str) -> tuple[str, tuple[tuple[str, Any], ...], str]:
    """Return kind, details and cause of a sentence."""
    for kind, pattern in _patterns():
        if found := pattern.fullmatch(sentence):
            detail = {name: value for name, text in found.groupdict().items() for name, value in _detail(name, text)}
            cause = detail.pop("cause", "")
            if kind in _WITHOUT_PAGES:
                detail.setdefault("pages", 0)
            return kind, tuple(detail.items()), cause
    return "other", (("text", sentence),), ""


def _detail(name: str, text: str) -> tuple[tuple[str, Any], ...]:
    if name == "phrase":
        return ()
    if name in _SECONDS:
        return (("seconds", float(text.replace(",", "")) * _SECONDS[name]),)
    if name in _WHOLE:
        return ((name, int(text.replace(",", ""))),)
    return ((name, text.strip("'\"") if name == "title" else text),)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    # What has the most words of its own first: "not {scheme}:." would take "not this one:." too.
    ordered = sorted(_SENTENCES, key=lambda each: -len(re.sub(r"\{\w+\}", "", each[1])))
    return tuple((kind, re.compile(_expression(sentence), re.DOTALL)) for kind, sentence in ordered)


def _expression(sentence: str) -> str:
    parts = re.split(r"\{(\w+)\}", sentence)
    return "".join(_group(part) if place % 2 else re.escape(part) for place, part in enumerate(parts))


def _group(name: str) -> str:
    what = r"\d[\d,.e+]*" if name in _SECONDS else r"\d[\d,]*" if name in _WHOLE else ".+"
    return f"(?P<{name}>{what})"
