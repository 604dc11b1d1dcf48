"""Remarks of `pushcart add` in words: each a line of its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.messages import Message, gettext, message, ngettext
from corpus.messages.formats import grouped
from pushcart.add_remarks import AddRemark, Oddity, RemarkDetail, RemarkKind, RowKind, RowPlace
from pushcart.plain_files import PathKind, kind_in_words

LINES_MAX = 20
"""Most remarks of one kind that are printed; `--json` gives them all."""


@dataclass(frozen=True, slots=True)
class RemarkWords:
    """What a remark says, and what to do."""

    message: str
    """A sentence without the path: `line 3: unknown field 'titel'.`"""
    try_next: str
    """Empty: nothing."""


_MESSAGES: Mapping[Oddity, tuple[Message, Message]] = {
    Oddity.LINK: (
        message("It is a symbolic link, and is not followed."),
        message("To add its target, name the target itself."),
    ),
    Oddity.NOT_OPENED: (message("It is {what}, and is not opened."), Message("")),
    Oddity.NO_LONGER_FILE: (message("It is now {what}, and is not opened."), Message("")),
    Oddity.EMPTY: (message("The file is empty."), Message("")),
    Oddity.VANISHED: (message("It disappeared while files were being read."), message("Add it again.")),
    Oddity.FILE_UNREADABLE: (
        message("It cannot be read: {error}."),
        message("Check that you have permission to read it."),
    ),
    Oddity.FOLDER_UNREADABLE: (
        message("The folder cannot be read: {error}."),
        message("Check that you have permission to read it."),
    ),
    Oddity.BAD_TABLE: (message("its metadata is not used: {fault}"), Message("{way_out}")),
    Oddity.SECOND_TABLE: (
        message("It is not used, because {used} is in the same folder."),
        message("Keep one of them."),
    ),
    Oddity.UNKNOWN_FIELD: (
        message("{place}: unknown field {field!r}; it is ignored."),
        message("Use file, {fields}."),
    ),
    Oddity.ROW_WITHOUT_FILE: (
        message("{place} does not say which file it describes."),
        message("Give each row the name of its file as `file`."),
    ),
    Oddity.ROW_NO_OBJECT: (message("{place} is not a JSON object; it is ignored."), Message("")),
    Oddity.ROW_TOO_LONG: (
        message(
            "{place} has {values} values but the first line has {columns} columns; the extra values are ignored. "
            "Put quotation marks around a value that contains the separator."
        ),
        Message(""),
    ),
    Oddity.ROW_UNREADABLE: (message("{place} cannot be read ({error}); it is ignored."), Message("")),
    Oddity.QUOTE_OPEN: (
        message("A quotation mark is never closed, so the rows after it are read as one value."),
        Message(""),
    ),
    Oddity.VALUE_NO_TEXT: (
        message("{place}: `{field}` is neither a text nor a list of texts; it is ignored."),
        Message(""),
    ),
    Oddity.VALUE_EMPTY: (message("{place}: `{field}` contains no text; it is ignored."), Message("")),
    Oddity.VALUE_TOO_LONG: (
        message("{place}: `{field}` has {characters:,} characters; the limit is {limit:,}. It is ignored."),
        Message(""),
    ),
    Oddity.VALUE_NO_ADDRESS: (
        message("{place}: `{field}` is {value!r}, which is not a web address (http:// or https://); it is ignored."),
        Message(""),
    ),
    Oddity.VALUE_NO_DATE: (
        message("{place}: `{field}` is {value!r}, which is not a date (2019, 2019-05 or 2019-05-03); it is ignored."),
        Message(""),
    ),
    Oddity.CLEANED: (
        message("{place}: `{field}` contained invalid characters; they were removed."),
        Message(""),
    ),
    Oddity.ROW_REPEATED: (
        message("{place} describes {name}, and so does {before}; the later one is used."),
        Message(""),
    ),
    Oddity.KEY_REPEATED: (
        message("the key {key!r} appears twice in one object; the later one is used."),
        Message(""),
    ),
    Oddity.UNMATCHED: (
        message("{place} describes {name}, but there is no such file."),
        message("Check the spelling."),
    ),
    Oddity.UNMATCHED_LIKE: (
        message("{place} describes {name}, but there is no such file."),
        message("Did you mean {like}?"),
    ),
    Oddity.UNMATCHED_FOLDER: (
        message("{place} describes {name}, but there is no such file."),
        message("Put a table in the folder of that file, and give the file name without a folder."),
    ),
}
_PLACES: Mapping[RowKind, Message] = {
    RowKind.LINE: message("line {number}"),
    RowKind.ENTRY: message("entry {number}"),
    RowKind.WHOLE: message("it"),
}


def remark_in_words(remark: AddRemark, *, lang: str = "en") -> RemarkWords:
    """Return what a remark says, and what to do."""
    text, way_out = _MESSAGES[remark.oddity]
    data = {name: _written(value, lang=lang) for name, value in remark.detail.items()}
    return RemarkWords(gettext(text, lang=lang, **data), gettext(way_out, lang=lang, **data))


def remark_body(remark: AddRemark) -> dict[str, str]:
    """Return a remark as `--json` prints it."""
    words = remark_in_words(remark)
    return {
        "kind": remark.kind.value,
        "oddity": remark.oddity.value,
        "path": remark.path,
        "message": words.message,
        "try_next": words.try_next,
    }


def left_out_in_words(remarks: Iterable[AddRemark], *, lang: str = "en") -> str:
    """Return how many files and folders were left out, by kind: `600 symbolic links, 1 file that was gone`; empty: none."""
    count = Counter(remark.kind for remark in remarks)
    links, others = count[RemarkKind.LINK], count[RemarkKind.NO_FILE]
    gone, closed = count[RemarkKind.VANISHED], count[RemarkKind.UNREADABLE]
    text = (
        (links, ngettext("{count} symbolic link", "{count} symbolic links", links, lang=lang)),
        (others, ngettext("{count} pipe, socket or device", "{count} pipes, sockets or devices", others, lang=lang)),
        (gone, ngettext("{count} file that disappeared", "{count} files that disappeared", gone, lang=lang)),
        (
            closed,
            ngettext(
                "{count} file or folder that cannot be read",
                "{count} files or folders that cannot be read",
                closed,
                lang=lang,
            ),
        ),
    )
    return ", ".join(words for number, words in text if number)


def lines_of(remarks: Sequence[AddRemark]) -> Iterator[str]:
    """Yield the lines of a report, a remark each, by kind; of many of one kind the first ones, and how many more there are."""
    for kind in RemarkKind:
        own = [remark for remark in remarks if remark.kind is kind]
        for remark in own[:LINES_MAX]:
            words = remark_in_words(remark)
            yield f"{remark.path}: {words.message} {words.try_next}".rstrip()
        if len(own) > LINES_MAX:
            yield gettext(
                "... and {count} more of this kind ({kind}); --json lists them all.",
                count=grouped(len(own) - LINES_MAX),
                kind=kind.value,
            )


def _written(value: RemarkDetail, *, lang: str) -> object:
    if isinstance(value, RowPlace):
        return gettext(_PLACES[value.kind], lang=lang, number=value.number)
    return kind_in_words(value, lang=lang) if isinstance(value, PathKind) else value
