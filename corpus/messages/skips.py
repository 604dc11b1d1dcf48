"""Rules by which a harvest leaves something out, in words."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.messages.catalogue import Message, gettext, message
from corpus.reasons import Skip, SkipKind

MESSAGES: Mapping[SkipKind, Message] = {
    SkipKind.OTHER: Message("{detail}"),
    SkipKind.IGNORED_KIND: message("kind: {detail}"),
    SkipKind.UNKNOWN_KIND: message("kind: unknown"),
    SkipKind.BUNDLE: message("bundle: {detail}"),
    SkipKind.BUNDLE_WITHOUT_NAME: message("bundle: without a name"),
    SkipKind.EMPTY_FILE: message("empty file"),
    SkipKind.ADDRESS_DENIED: message("address denied"),
    SkipKind.ADDRESS_MALFORMED: message("malformed address"),
    SkipKind.NO_WEB_ADDRESS: message("not a web address"),
    SkipKind.OTHER_SITE: message("other site"),
    SkipKind.SITEMAP_OF_OTHER_SITE: message("sitemap of another site"),
    SkipKind.SITEMAP_LEFT_OUT: message("sitemap excluded"),
    SkipKind.NOT_DECLARED: message("not the declared PDF"),
    SkipKind.TOO_MANY_FILES: message("too many files for one publication"),
    SkipKind.RELATED: message("related publication"),
    SkipKind.FILE_OF_RELATED: message("file of something related"),
    SkipKind.NOT_PUBLICATION: message("cover, form or notice"),
    SkipKind.ANNUAL_REPORT: message("annual report of the publisher"),
    SkipKind.TOO_LITTLE_TEXT: message("no PDF, and too little text"),
    SkipKind.NO_PUBLICATION_UNCHANGED: message("page without a publication, unchanged"),
    SkipKind.ENTRY_WITHOUT_LINK: message("entry without a link"),
    SkipKind.ENTRY_REPEATED: message("entry with the address of another entry"),
    SkipKind.OFF_SUBJECT: message("not about the subject of the source"),
    SkipKind.RECORD_NO_OBJECT: message("record that is not an object"),
    SkipKind.RECORD_REPEATED: message("record listed twice"),
    SkipKind.RECORD_WITHOUT_FILE: message("record without a file"),
    SkipKind.RECORD_WITHOUT_ADDRESS: message("record without an address"),
    SkipKind.RECORD_WITHOUT_IDENTIFIER: message("record without an identifier"),
    SkipKind.RECORD_FORMAT_UNKNOWN: message("record in a format that is not read"),
}


def skip_in_words(skip: Skip, *, lang: str = "en") -> str:
    """Return a rule in a few words: `kind: video`, `address denied`."""
    if skip.kind is SkipKind.OTHER:
        return skip.detail
    return gettext(MESSAGES[skip.kind], lang=lang, detail=skip.detail)


def skips_in_words(skips: Mapping[Skip, int], *, lang: str = "en") -> dict[str, int]:
    """Return counts by the words of their rules, in the order of the rules' names."""
    words: dict[str, int] = {}
    for skip, count in sorted(skips.items()):
        named = skip_in_words(skip, lang=lang)
        words[named] = words.get(named, 0) + count
    return dict(sorted(words.items()))
