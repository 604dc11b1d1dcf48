"""What a person should know of the files and tables that they added: each a line in the report of `pushcart add`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.messages import gettext, ngettext
from corpus.messages.formats import grouped

LINES_MAX = 20
"""Most remarks of one kind that are printed; `--json` gives them all."""


class RemarkKind(StrEnum):
    """What a remark is about. The first seven are of files, the others of their metadata."""

    LINK = "link"
    """A symbolic link below a folder; it is not followed."""
    NO_FILE = "no_file"
    """A pipe, a socket or a device; it is not opened."""
    EMPTY = "empty"
    """A file of no bytes; it is added, and nothing can be read of it."""
    VANISHED = "vanished"
    """It was there when the folder was listed, and no longer when it was read."""
    UNREADABLE = "unreadable"
    """A file or folder that cannot be read."""
    BAD_TABLE = "bad_table"
    """A table, or the metadata of one file, that cannot be read at all."""
    SECOND_TABLE = "second_table"
    """Of two tables of one folder, the one that is not used."""
    UNKNOWN_FIELD = "unknown_field"
    BAD_ROW = "bad_row"
    """A row that cannot be read, or does not say of which file it speaks."""
    BAD_VALUE = "bad_value"
    """A value that is left out: no address, no date, no text, too long."""
    CLEANED = "cleaned"
    """A value from which characters were taken that no text has."""
    REPEATED = "repeated"
    """Two rows of one file that differ; the later one counts."""
    UNMATCHED = "unmatched"
    """A row of a file that is not there."""


_FAILURES = frozenset({RemarkKind.VANISHED, RemarkKind.UNREADABLE, RemarkKind.BAD_TABLE})


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was left out, or that a person should look at."""

    kind: RemarkKind
    path: str
    """As it is shown to a person: see pushcart.plain_files.shown."""
    message: str
    """A sentence without the path: `line 3: nobody knows a field 'titel'.`"""
    try_next: str = ""

    @property
    def is_failure(self) -> bool:
        """Return whether something was not read that should have been: `pushcart add` ends with exit code 1."""
        return self.kind in _FAILURES


def left_out_in_words(remarks: Iterable[Remark]) -> str:
    """Return how many files and folders were left out, by kind: `600 symbolic links, 1 file that was gone`; empty: none."""
    count = Counter(remark.kind for remark in remarks)
    links, others = count[RemarkKind.LINK], count[RemarkKind.NO_FILE]
    gone, closed = count[RemarkKind.VANISHED], count[RemarkKind.UNREADABLE]
    said = (
        (links, ngettext("{count} symbolic link", "{count} symbolic links", links)),
        (others, ngettext("{count} pipe, socket or device", "{count} pipes, sockets or devices", others)),
        (gone, ngettext("{count} file that was gone", "{count} files that were gone", gone)),
        (
            closed,
            ngettext(
                "{count} file or folder that cannot be read", "{count} files or folders that cannot be read", closed
            ),
        ),
    )
    return ", ".join(words for number, words in said if number)


def lines_of(remarks: Sequence[Remark]) -> Iterator[str]:
    """Yield the lines of a report, a remark each, by kind; of many of one kind the first ones, and how many more there are."""
    for kind in RemarkKind:
        own = [remark for remark in remarks if remark.kind is kind]
        for remark in own[:LINES_MAX]:
            yield f"{remark.path}: {remark.message} {remark.try_next}".rstrip()
        if len(own) > LINES_MAX:
            yield gettext(
                "... and {count} more of this kind ({kind}); --json lists them all.",
                count=grouped(len(own) - LINES_MAX),
                kind=kind.value,
            )
