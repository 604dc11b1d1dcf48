"""How a harvest ended, in words: what it brought, why it ended so, and what a librarian should know of its lists."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.messages.catalogue import Message, gettext, message, ngettext
from corpus.messages.failures import failure_in_words
from corpus.run_reasons import PAUSES, Note, NoteKind, Verdict, VerdictKind
from corpus.runs import HarvestRun

_NEXT_GOES_ON = message("The next run continues.")
_KEPT = message("Fetched files are kept; the next run continues.")
_VERDICTS: Mapping[VerdictKind, Message] = {
    VerdictKind.STOPPED: message("Stopped before the end."),
    VerdictKind.BEFORE_HOURS: message("The source may be harvested between {hours} only; nothing was requested."),
    VerdictKind.HOURS_OVER: message("The hours in which the source may be harvested are over ({hours})."),
    VerdictKind.REQUESTS_USED: message("The run reached its limit of {limit} requests."),
    VerdictKind.MEBIBYTES_USED: message("The run reached its limit of {limit} MiB."),
    VerdictKind.NO_LIST_READ: message("No list could be read. Check the site and the source file."),
    VerdictKind.TOO_MANY: message("At most {at_most} are expected. The rules may match too much."),
    VerdictKind.FEWER_THAN_ANNOUNCED: message("The publisher announced {announced} records; {records} were received."),
    VerdictKind.DROPPED: message(
        "The last full run, of {day}, found {documents}. Check the site and the source file. If the number "
        "is right, lower `drop_share_max` in [expect]."
    ),
    VerdictKind.KILLED_AFTER_STOP: message("Stopped before the end; its process did not stop and was killed."),
    VerdictKind.KILLED_OUT_OF_TIME: message("Its process did not stop and was killed."),
    VerdictKind.KILLED_BY_SIGNAL: message("The harvesting process was killed by signal {signal}."),
    VerdictKind.ENDED_WITH_CODE: message("The harvesting process ended with code {code}."),
}
_WITHOUT_REPORT = frozenset(
    {
        VerdictKind.KILLED_AFTER_STOP,
        VerdictKind.KILLED_OUT_OF_TIME,
        VerdictKind.KILLED_BY_SIGNAL,
        VerdictKind.ENDED_WITH_CODE,
    }
)
NOTES: Mapping[NoteKind, Message] = {
    NoteKind.OTHER: Message("{text}"),
    NoteKind.SITEMAPS_TOO_DEEP: message(
        "Sitemaps refer to each other over more than {limit} levels; deeper ones are ignored."
    ),
    NoteKind.SITEMAPS_TOO_MANY: message("There are more than {limit} sitemaps (maps_max)."),
    NoteKind.LISTING_GOES_ON: message("The listing has more than {pages} pages; the rest was not read (pages_max)."),
    NoteKind.FEED_GOES_ON: message("The feed has more than {pages} pages; the rest was not read (pages_max)."),
    NoteKind.LIST_GOES_ON: message("The list has more than {answers} answers; the rest was not read (pages_max)."),
    NoteKind.NO_WEB_PAGE: message("A listing was expected, but this is not a web page."),
    NoteKind.NO_LINK_FITS: message("No link of this listing matches the rules."),
    NoteKind.FEED_MALFORMED: message("The feed is not well formed ({error}); {entries} entries could be read."),
    NoteKind.FEED_EMPTY: message("The feed has no entries."),
    NoteKind.FEED_ENDED: message("The publisher says that this feed has ended (expired)."),
    NoteKind.SITEMAP_MALFORMED: message(
        "The sitemap is not well formed ({error}); {addresses} addresses could be read."
    ),
    NoteKind.VALUES_UNREADABLE: message("{records} records have a value that cannot be read, `{name}`: {error}."),
    NoteKind.OAI_MALFORMED: message("The answer is not well formed ({error})."),
    NoteKind.OAI_UNKNOWN: message("It did not identify itself: {cause}"),
    NoteKind.OAI_FORMATS_UNKNOWN: message("It did not list its formats: {cause}"),
    NoteKind.OAI_OTHER_FORMAT: message("The repository does not offer {wanted}; {given} is used instead."),
    NoteKind.OAI_DELETIONS_NOT_KEPT: message(
        "The repository does not keep track of deleted records; a full run finds them."
    ),
    NoteKind.OAI_BEGUN_AGAIN: message("{cause} The list was restarted from {since}."),
    NoteKind.OAI_BEGUN_AGAIN_FROM_START: message("{cause} The list was restarted from its beginning."),
    NoteKind.OAI_NO_SETS: message("The repository has no sets, so all its records were requested instead of {set}."),
    NoteKind.OAI_DAYS_ONLY: message("The repository accepts dates only, not times."),
    NoteKind.OAI_EMPTY: message("There are no records in the repository."),
    NoteKind.OAI_SET_EMPTY: message("There are no records in the set {set}."),
}


def run_in_words(run: HarvestRun, *, lang: str = "en") -> str:
    """Return how a run ended and why, and what there is to say of its lists, in a few plain sentences."""
    verdict = run.verdict
    text = verdict_in_words(verdict, lang=lang)
    brought = _brought(run, lang=lang)
    if verdict.kind is VerdictKind.OTHER:
        parts = [text]
    elif verdict.kind is VerdictKind.STOPPED or verdict.kind in PAUSES:
        parts = [text, brought, gettext(_NEXT_GOES_ON, lang=lang)]
    elif verdict.kind in _WITHOUT_REPORT:
        at = verdict.detail["at"]
        parts = [text, gettext("It had reached {at}.", lang=lang, at=at) if at else "", gettext(_KEPT, lang=lang)]
    else:
        parts = [brought, text]
    return " ".join(filter(None, (*parts, *(note_in_words(note, lang=lang) for note in run.notes))))


def verdict_in_words(verdict: Verdict, *, lang: str = "en") -> str:
    """Return why a run ended in its state; empty where what it brought says enough."""
    detail = verdict.detail
    match verdict.kind:
        case VerdictKind.OTHER:
            return str(detail["text"])
        case VerdictKind.AS_EXPECTED:
            return ""
        case VerdictKind.TOO_FEW:
            return ngettext(
                "{count} or more is expected. Check the site and the source file.",
                "{count} or more are expected. Check the site and the source file.",
                int(detail["at_least"]),
                lang=lang,
            )
        case VerdictKind.MINUTES_USED:
            return _minutes(float(detail["limit"]), lang=lang)
        case VerdictKind.KILLED_OUT_OF_TIME:
            words = gettext(_VERDICTS[verdict.kind], lang=lang)
            return f"{_minutes(float(detail['limit']), lang=lang)} {words}"
    return gettext(_VERDICTS[verdict.kind], lang=lang, **detail)


def note_in_words(note: Note, *, lang: str = "en") -> str:
    """Return a note as a sentence, behind the address that it is about."""
    data: dict[str, object] = dict(note.detail)
    if note.cause is not None:
        data["cause"] = failure_in_words(note.cause, lang=lang)
    words = gettext(NOTES[note.kind], lang=lang, **data)
    return f"{note.at}: {words}" if note.at else words


def _minutes(limit: float, *, lang: str) -> str:
    if limit == 1:
        return gettext("The run reached its limit of one minute.", lang=lang)
    return gettext("The run reached its limit of {limit:g} minutes.", lang=lang, limit=limit)


def _brought(run: HarvestRun, *, lang: str) -> str:
    kinds = _listed(
        (run.new, ngettext("{count} new", "{count} new", run.new, lang=lang)),
        (run.changed, ngettext("{count} changed", "{count} changed", run.changed, lang=lang)),
        (run.unchanged, ngettext("{count} unchanged", "{count} unchanged", run.unchanged, lang=lang)),
    )
    if kinds:
        brought = ngettext(
            "Found {count} file: {kinds}.", "Found {count} files: {kinds}.", run.documents, lang=lang, kinds=kinds
        )
    else:
        brought = ngettext("Found {count} file.", "Found {count} files.", run.documents, lang=lang)
    if run.since is not None:
        since = gettext("Only changes since {day} were requested.", lang=lang, day=f"{run.since:%Y-%m-%d}")
        brought = f"{since} {brought}"
    lost = _lost(run, lang=lang)
    return f"{brought} {lost}." if lost else brought


def _lost(run: HarvestRun, *, lang: str) -> str:
    gone, unlisted, lists = run.gone, run.unlisted, run.pages_failed
    return _listed(
        (gone, ngettext("{count} no longer there", "{count} no longer there", gone, lang=lang)),
        (unlisted, ngettext("{count} no longer listed", "{count} no longer listed", unlisted, lang=lang)),
        (
            run.refused,
            ngettext("{count} refused by robots.txt", "{count} refused by robots.txt", run.refused, lang=lang),
        ),
        (run.failed, ngettext("{count} failed", "{count} failed", run.failed, lang=lang)),
        (
            lists,
            ngettext(
                "{count} of the lists could not be read", "{count} of the lists could not be read", lists, lang=lang
            ),
        ),
    )


def _listed(*amounts: tuple[int, str]) -> str:
    """Return `3 new, 1 changed`, without what there is none of."""
    return ", ".join(words for number, words in amounts if number)
