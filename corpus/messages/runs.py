"""How a harvest ended, in words: what it brought, why it ended so, and what a librarian should know of its lists."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.messages.catalogue import Message, gettext, message, ngettext
from corpus.messages.failures import failure_in_words
from corpus.run_reasons import PAUSES, Note, NoteKind, Verdict, VerdictKind
from corpus.runs import HarvestRun

_NEXT_GOES_ON = message("The next run goes on.")
_KEPT = message("What it had fetched is kept; the next run goes on.")
_VERDICTS: Mapping[VerdictKind, Message] = {
    VerdictKind.STOPPED: message("Stopped before the end."),
    VerdictKind.BEFORE_HOURS: message("The source is asked between {hours} only; nothing was asked."),
    VerdictKind.HOURS_OVER: message("The hours in which the source is asked are over ({hours})."),
    VerdictKind.REQUESTS_USED: message("The run ended at its limit of {limit} requests."),
    VerdictKind.MEBIBYTES_USED: message("The run ended at its limit of {limit} MiB."),
    VerdictKind.NO_LIST_READ: message("No list could be read: the site or the source file needs a look."),
    VerdictKind.TOO_MANY: message("{at_most} at most are expected: the rules may let too much in."),
    VerdictKind.FEWER_THAN_ANNOUNCED: message("The publisher announced {announced} records, {records} came."),
    VerdictKind.DROPPED: message(
        "The last full run, of {day}, brought {documents}: the site or the source file needs a look."
        " If it is right, lower `drop_share_max` in [expect]."
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
    NoteKind.SITEMAPS_TOO_DEEP: message("Sitemaps name each other over more than {limit} levels; the rest is left."),
    NoteKind.SITEMAPS_TOO_MANY: message("There are more than {limit} sitemaps (maps_max)."),
    NoteKind.LISTING_GOES_ON: message("The listing goes on after {pages} pages (pages_max)."),
    NoteKind.FEED_GOES_ON: message("The feed goes on after {pages} pages (pages_max)."),
    NoteKind.LIST_GOES_ON: message("The list goes on after {answers} answers (pages_max)."),
    NoteKind.NO_WEB_PAGE: message("This is no web page, and was expected to be a listing."),
    NoteKind.NO_LINK_FITS: message("No link of this listing fits the rules."),
    NoteKind.FEED_MALFORMED: message("The feed is not well formed ({error}); {entries} entries could be read."),
    NoteKind.FEED_EMPTY: message("The feed has no entries."),
    NoteKind.FEED_ENDED: message("The publisher says that this feed has ended (expired)."),
    NoteKind.SITEMAP_MALFORMED: message(
        "The sitemap is not well formed ({error}); {addresses} addresses could be read."
    ),
    NoteKind.VALUES_UNREADABLE: message("{records} records have a value that cannot be read, `{name}`: {error}."),
    NoteKind.OAI_MALFORMED: message("The answer is not well formed ({error})."),
    NoteKind.OAI_UNKNOWN: message("It did not say what it is: {cause}"),
    NoteKind.OAI_FORMATS_UNKNOWN: message("It did not say which formats it has: {cause}"),
    NoteKind.OAI_OTHER_FORMAT: message("The repository does not give {wanted}; {given} is asked for instead."),
    NoteKind.OAI_DELETIONS_NOT_KEPT: message(
        "The repository does not tell for good which records it deletes; a full run finds out."
    ),
    NoteKind.OAI_BEGUN_AGAIN: message("{cause} The list was begun again from {since}."),
    NoteKind.OAI_BEGUN_AGAIN_FROM_START: message("{cause} The list was begun again from its start."),
    NoteKind.OAI_NO_SETS: message("The repository has no sets, so {set} was not asked for, but all it has."),
    NoteKind.OAI_DAYS_ONLY: message("The repository understands days only."),
    NoteKind.OAI_EMPTY: message("There are no records in the repository."),
    NoteKind.OAI_SET_EMPTY: message("There are no records in the set {set}."),
}


def run_in_words(run: HarvestRun, *, lang: str = "en") -> str:
    """Return how a run ended and why, and what there is to say of its lists, in a few plain sentences."""
    verdict = run.verdict
    said = verdict_in_words(verdict, lang=lang)
    brought = _brought(run, lang=lang)
    if verdict.kind is VerdictKind.OTHER:
        parts = [said]
    elif verdict.kind is VerdictKind.STOPPED or verdict.kind in PAUSES:
        parts = [said, brought, gettext(_NEXT_GOES_ON, lang=lang)]
    elif verdict.kind in _WITHOUT_REPORT:
        at = verdict.detail["at"]
        parts = [said, gettext("It was at {at}.", lang=lang, at=at) if at else "", gettext(_KEPT, lang=lang)]
    else:
        parts = [brought, said]
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
                "{count} or more is expected: the site or the source file needs a look.",
                "{count} or more are expected: the site or the source file needs a look.",
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
        return gettext("The run ended at its limit of one minute.", lang=lang)
    return gettext("The run ended at its limit of {limit:g} minutes.", lang=lang, limit=limit)


def _brought(run: HarvestRun, *, lang: str) -> str:
    kinds = _listed(
        (run.new, ngettext("{count} new", "{count} new", run.new, lang=lang)),
        (run.changed, ngettext("{count} changed", "{count} changed", run.changed, lang=lang)),
        (run.unchanged, ngettext("{count} unchanged", "{count} unchanged", run.unchanged, lang=lang)),
    )
    if kinds:
        brought = ngettext(
            "Brought {count} file: {kinds}.", "Brought {count} files: {kinds}.", run.documents, lang=lang, kinds=kinds
        )
    else:
        brought = ngettext("Brought {count} file.", "Brought {count} files.", run.documents, lang=lang)
    if run.since is not None:
        since = gettext("Asked for what changed since {day}.", lang=lang, day=f"{run.since:%Y-%m-%d}")
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
