"""Failures in words: what happened, and where someone can do something, what."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from corpus.messages.catalogue import Message, gettext, message
from corpus.messages.sentence import Sentence, in_language
from corpus.reasons import Failure, FailureKind

_OF_READING: Mapping[FailureKind, Message] = {
    FailureKind.LOCKED: message("The file is locked with a password. Ask its publisher for an open copy."),
    FailureKind.DAMAGED: message("The file cannot be opened: it is damaged or was not saved completely."),
    FailureKind.CALLED_PDF: message("The file cannot be opened: it is called a PDF, but is not one."),
    FailureKind.BYTES_UNREADABLE: message("The file cannot be opened: its bytes cannot be read ({error})."),
    FailureKind.READER_CRASHED: message("The reader crashed on this file ({error}); other files are not affected."),
    FailureKind.NO_BYTES: message("The file is empty (0 bytes)."),
    FailureKind.ONLY_BLANKS: message("The file contains only white space."),
    FailureKind.NO_PAGES: message("The file has no pages."),
    FailureKind.NOTHING_ON_PAGES: message("There is no text and no picture on its pages."),
    FailureKind.NO_TEXT_ON_PAGE: message("There is no text on the page."),
    FailureKind.NO_TEXT_IN_FILE: message("There is no text in the file."),
    FailureKind.PICTURES_OF_PAGES: message(
        "No text could be read: the file contains only images of pages ({pages:,}). Text recognition (OCR) "
        "would be needed."
    ),
    FailureKind.FONTS_WITHOUT_MEANING: message(
        "No text could be read: the fonts of the file do not say which letters its pages ({pages:,}) show. "
        "Text recognition (OCR) would be needed."
    ),
    FailureKind.PARTLY_PICTURES: message(
        "No text could be read on {pages:,} of its {page_total:,} pages; they are probably images."
    ),
    FailureKind.TOO_MANY_BYTES: message(
        "The file has {mebibytes:,.0f} MiB; the limit is {limit} MiB (PUSHCART_FILE_MEBIBYTES_MAX)."
    ),
    FailureKind.TOO_MANY_PAGES: message(
        "The file has {page_total:,} pages; only the first {limit:,} were read (PUSHCART_READ_PAGES_MAX)."
    ),
    FailureKind.MORE_PAGES: message(
        "The file has more pages; only the first {limit:,} were read (PUSHCART_READ_PAGES_MAX)."
    ),
    FailureKind.READING_TIMED_OUT: message(
        "Reading took longer than {seconds:g} seconds and was stopped (PUSHCART_READ_SECONDS_MAX)."
    ),
    FailureKind.READING_OUT_OF_MEMORY: message(
        "Reading took more than {mebibytes:,} MiB of memory and was stopped (PUSHCART_READ_MEMORY_MEBIBYTES_MAX)."
    ),
    FailureKind.UNSUPPORTED: message(
        "The file is {name}; Pushcart reads PDF, HTML and plain text. Save it as PDF and add that."
    ),
    FailureKind.TAGGING_TIMED_OUT: message(
        "Tagging took longer than {seconds:g} seconds and was stopped (PUSHCART_TAG_SECONDS_MAX)."
    ),
    FailureKind.TAGGING_OUT_OF_MEMORY: message(
        "Tagging took more than {mebibytes:,} MiB of memory and was stopped (PUSHCART_TAG_MEMORY_MEBIBYTES_MAX)."
    ),
    FailureKind.TAGGER_FAILED: message(
        "The tagger failed on this document ({error}); other documents are not affected."
    ),
}
_KEPT = message("The {pages:,} pages read until then are kept.")

_OF_PUBLISHERS: Mapping[FailureKind, Message] = {
    FailureKind.NO_LONGER_LISTED: message("The publisher no longer lists it."),
    FailureKind.RECORD_DELETED: message("The publisher has deleted its record."),
    FailureKind.LANDING_PAGE_GONE: message("The page that describes it is gone."),
}

_OF_ADDRESSES: Mapping[FailureKind, Message] = {
    FailureKind.ADDRESS_TOO_LONG: message("The address has more than {limit} characters."),
    FailureKind.ADDRESS_MALFORMED: message("The address is malformed."),
    FailureKind.SCHEME_NOT_FETCHED: message("Only http and https addresses are fetched, not {scheme}:."),
    FailureKind.SCHEME_UNSUPPORTED: message("Only http and https addresses are fetched."),
    FailureKind.ADDRESS_WITH_USER: message("Addresses with a user name in them are not fetched."),
    FailureKind.ADDRESS_WITHOUT_HOST: message("The address names no host."),
    FailureKind.PRIVATE_ADDRESS: message("{host} is an address of a private network or of this machine."),
    FailureKind.PRIVATE_NAME: message("{host} leads to {address}, an address of a private network or of this machine."),
    FailureKind.PORT_OF_ANOTHER_PROTOCOL: message("Port {port} belongs to a protocol other than HTTP."),
    FailureKind.REFUSED_BY_ROBOTS: message("robots.txt does not allow fetching it."),
    FailureKind.ROBOTS_UNKNOWN: message("Its robots.txt could not be fetched, so nothing else is fetched. {cause}"),
    FailureKind.SERVER_LEFT_ALONE: message(
        "The server answered {status} and asks to wait {time}; it is not contacted again in this run."
    ),
    FailureKind.RUN_PAUSED: message("The run paused or was stopped before it was sent."),
    FailureKind.NOT_SENT: message("The request was not sent."),
}

_OF_REQUESTS: Mapping[FailureKind, Message] = {
    FailureKind.HTTP_STATUS: message("The server answered {status}."),
    FailureKind.REDIRECT_TO_NOWHERE: message("The server answered {status} without a web address to redirect to."),
    FailureKind.REDIRECT_MALFORMED: message("The address, or the one that it redirects to, is malformed."),
    FailureKind.REDIRECTS_IN_A_CIRCLE: message("It redirects in a circle, or too often."),
    FailureKind.COMPRESSED_BOMB: message("Decompressed, it is larger than allowed; it may be a decompression bomb."),
    FailureKind.TLS_FAILED: message("A secure connection could not be established ({error})."),
    FailureKind.NOT_HTTP: message("The server does not follow the HTTP protocol."),
    FailureKind.TIMED_OUT: message("The server did not answer in time."),
    FailureKind.CONNECTION_REFUSED: message("The server refuses connections."),
    FailureKind.HOST_NOT_FOUND: message("The host name cannot be resolved."),
    FailureKind.FILE_TOO_LARGE: message("It is larger than PUSHCART_FILE_MEBIBYTES_MAX allows."),
    FailureKind.PAGE_TOO_LARGE: message("The page is larger than {mebibytes} MiB."),
    FailureKind.CUT_OFF: message("The answer was cut off in the middle."),
    FailureKind.CONNECTION_BROKE: message("The connection was lost."),
    FailureKind.UNREACHABLE: message("The server cannot be reached."),
    FailureKind.CANNOT_BE_UNPACKED: message("The answer cannot be decompressed."),
    FailureKind.HEADERS_WITHOUT_END: message("The headers of the answer never end."),
    FailureKind.CONNECTION_FAILED: message("The connection failed ({error})."),
    FailureKind.EMPTY_FILE: message("The server sent an empty file."),
    FailureKind.PAGE_FOR_PDF: message("The server sent a web page where a PDF was promised."),
    FailureKind.BOT_CHECK: message("The site sent a check for robots ({name}) instead: programs are not let in here."),
    FailureKind.NEITHER_PDF_NOR_HTML: message("The server sent {content_type}, which is neither PDF nor HTML."),
    FailureKind.OWN_ERROR: message("Pushcart could not process this answer ({error})."),
}

_OF_LISTS: Mapping[FailureKind, Message] = {
    FailureKind.JSON_MALFORMED: message("The answer is not well formed JSON ({error})."),
    FailureKind.JSON_NOT_BY_RULES: message("The answer cannot be read with the rules of the source file ({error})."),
    FailureKind.JSON_TOO_DEEP: message("The answer is nested too deeply to be read."),
    FailureKind.NO_JSON: message("The answer is not JSON ({error})."),
    FailureKind.PAGE_FOR_JSON: message("The answer is a web page, not JSON."),
    FailureKind.PAGE_FOR_JSON_TITLED: message("The answer is a web page ({title!r}), not JSON."),
    FailureKind.ANSWER_EMPTY: message("The answer is empty."),
    FailureKind.TOO_MANY_RECORDS: message("The answer has {records} records; {limit} at most are read."),
    FailureKind.NO_LIST_OF_RECORDS: message("The answer has no list of records at the place that `records` names."),
    FailureKind.API_SAYS: message("The API says: {text}"),
    FailureKind.LIST_LIMITED: message(
        "The publisher has {records} records and returns at most {limit} of one list. Ask for parts of it, "
        "such as years, with several addresses in `start`."
    ),
    FailureKind.LIST_REPEATS: message("The list repeats itself: answer {number} has no new record."),
    FailureKind.LIST_IN_A_CIRCLE: message("The list repeats itself: its next answer is one that was read."),
    FailureKind.NO_LINK_FITS: message("The answer has links, but none of them matches `links` in the source file."),
    FailureKind.NO_FEED: message("This is not a feed: it is neither RSS nor Atom nor JSON Feed."),
    FailureKind.FEED_MALFORMED: message("The feed is not well formed JSON ({error})."),
    FailureKind.NO_JSON_FEED: message("This is JSON but not a JSON Feed: it has no list of items."),
    FailureKind.SITEMAP_TOO_LONG: message("The sitemap is longer than {mebibytes} MiB; it was read up to there."),
    FailureKind.SITEMAP_TOO_MANY_ENTRIES: message(
        "The sitemap has more than {limit:,} entries; it was read up to there."
    ),
    FailureKind.SITEMAP_PACKING_DAMAGED: message("The compressed sitemap is damaged ({error})."),
    FailureKind.SITEMAP_PACKING_BREAKS_OFF: message("The compressed sitemap is cut off before its end."),
    FailureKind.SITEMAP_BREAKS_OFF: message("The sitemap is cut off before its end."),
    FailureKind.NO_SITEMAP_BUT_PAGE: message("This is not a sitemap but a web page."),
    FailureKind.NO_SITEMAP_BUT_XML: message("This is not a sitemap but another kind of XML (<{root}>)."),
    FailureKind.NO_SITEMAP: message("This is not a sitemap: it is neither XML nor a list of addresses, one per line."),
    FailureKind.ROBOTS_WITHOUT_SITEMAP: message("This robots.txt names no sitemap."),
}

_OF_REPOSITORIES: Mapping[FailureKind, Message] = {
    FailureKind.OAI_PACKING_DAMAGED: message("The answer is compressed and cannot be decompressed ({error})."),
    FailureKind.OAI_TOO_LONG: message("The answer is longer than {mebibytes} MiB; nothing of it was read."),
    FailureKind.OAI_NOTHING_SENT: message("The server sent nothing where an answer of its repository was expected."),
    FailureKind.OAI_ANSWERED_OTHERWISE: message("It answered something else."),
    FailureKind.OAI_PAGE_SENT: message("The server sent a web page where an answer of its repository was expected."),
    FailureKind.OAI_PAGE_SENT_TITLED: message(
        "The server sent a web page ({title}) where an answer of its repository was expected."
    ),
    FailureKind.OAI_SOMETHING_ELSE: message(
        "The answer of the server is not OAI-PMH. Is `start` the base address of the repository?"
    ),
    FailureKind.OAI_BREAKS_OFF: message("The answer breaks off after {records} records."),
    FailureKind.OAI_TOKEN_LOST: message("The repository no longer accepts its own resumption token."),
    FailureKind.OAI_TOKEN_EXPIRED: message(
        "The repository no longer accepts its own resumption token, which was valid until {until} UTC."
    ),
    FailureKind.OAI_BEGUN_AGAIN_OFTEN: message("{cause} The list was restarted {times} times."),
    FailureKind.OAI_NO_FURTHER: message("{cause} Restarting the list from {since} did not help."),
    FailureKind.OAI_AGAIN_FROM_START: message(
        "{cause} The list was restarted from its beginning, and the same happened again."
    ),
    FailureKind.OAI_RECORDS_MISSING: message("{missing} of {announced} announced records were not delivered."),
    FailureKind.OAI_IN_A_CIRCLE: message(
        "The list goes in a circle: after {records} records its resumption token came again."
    ),
    FailureKind.OAI_ONLY_OLD_RECORDS: message(
        "The list does not end: {answers} answers in a row brought nothing but records that had come before."
    ),
    FailureKind.OAI_ONLY_EMPTY_ANSWERS: message(
        "The list does not end: {answers} answers in a row brought no records."
    ),
    FailureKind.OAI_ENDS_IN_THE_MIDDLE: message(
        "In the middle of its list the repository says that there are no records."
    ),
    FailureKind.OAI_BAD_ARGUMENT: message(
        "The repository refuses the request ({error}). Check `sets` and `format` in [oai], and `start`."
    ),
    FailureKind.OAI_BAD_VERB: message(
        "The repository does not understand the request ({error}). Is `start` its base address?"
    ),
    FailureKind.OAI_UNKNOWN_TOKEN: message(
        "The repository reports a bad resumption token, although none was sent ({error})."
    ),
    FailureKind.OAI_FORMAT_NOT_GIVEN: message("The repository does not give records as {prefix} ({error})."),
    FailureKind.OAI_UNKNOWN_RECORD: message(
        "The repository reports an unknown record, although none was requested ({error})."
    ),
    FailureKind.OAI_NO_FORMATS: message("The repository has no format for its records ({error})."),
    FailureKind.OAI_NO_SETS: message("The repository has no sets ({error})."),
    FailureKind.OAI_ERROR: message("The repository answers with an error ({error})."),
}

MESSAGES: Mapping[FailureKind, Message] = {
    FailureKind.OTHER: Message("{text}"),
    **_OF_READING,
    **_OF_PUBLISHERS,
    **_OF_ADDRESSES,
    **_OF_REQUESTS,
    **_OF_LISTS,
    **_OF_REPOSITORIES,
}
"""One message a kind; its placeholders are the details of the kind, and `cause` where it has one. Of HTTP_STATUS,
REDIRECT_TO_NOWHERE and SERVER_LEFT_ALONE some are made of the details: see `_data`."""

_MINUTES, _HOURS, _DAYS = message("{number:.0f} minutes"), message("{number:.0f} hours"), message("{number:.0f} days")


def failure_sentence(failure: Failure) -> str:
    """Return a failure as a sentence that is said in a language later; without how many pages were kept."""
    if failure.kind is FailureKind.OTHER:
        return str(failure.detail["text"])
    return Sentence(MESSAGES[failure.kind], "", _data(failure))


def failure_in_words(failure: Failure, *, lang: str = "en") -> str:
    """Return one or two sentences on a failure; what it tells of the case is in them as it was given."""
    words = in_language(failure_sentence(failure), lang)
    if failure.kind in (FailureKind.READING_TIMED_OUT, FailureKind.READING_OUT_OF_MEMORY) and failure.detail["pages"]:
        return f"{words} {gettext(_KEPT, lang=lang, pages=failure.detail['pages'])}"
    return words


def _data(failure: Failure) -> dict[str, object]:
    data: dict[str, object] = dict(failure.detail)
    match failure.kind:
        case FailureKind.HTTP_STATUS | FailureKind.REDIRECT_TO_NOWHERE:
            data["status"] = _with_phrase(int(failure.detail["status"]))
        case FailureKind.SERVER_LEFT_ALONE:
            data["time"] = _time_sentence(float(failure.detail["seconds"]))
    if failure.cause is not None:
        data["cause"] = failure_sentence(failure.cause)
    return data


def _with_phrase(status: int) -> str:
    """Return `404 (not found)`: the protocol's own words, which are English everywhere."""
    try:
        return f"{status} ({HTTPStatus(status).phrase.lower()})"
    except ValueError:
        return str(status)


def _time_sentence(seconds: float) -> Sentence:
    if seconds < 2 * 3600:
        return Sentence(_MINUTES, "", {"number": seconds / 60})
    if seconds < 3 * 86400:
        return Sentence(_HOURS, "", {"number": seconds / 3600})
    return Sentence(_DAYS, "", {"number": seconds / 86400})
