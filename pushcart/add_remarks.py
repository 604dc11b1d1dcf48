"""What a person should know of the files and tables that they added; pushcart.remark_messages puts it into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Self

from pushcart.plain_files import PathKind


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


class Oddity(Enum):
    """What exactly a remark says; each is of one kind, and names its details."""

    kind: RemarkKind
    details: tuple[str, ...]

    def __new__(cls, kind: RemarkKind, name: str, *details: str) -> Self:
        made = object.__new__(cls)
        made._value_ = name
        made.kind = kind
        made.details = details
        return made

    LINK = RemarkKind.LINK, "link"
    NOT_OPENED = RemarkKind.NO_FILE, "not_opened", "what"
    NO_LONGER_FILE = RemarkKind.NO_FILE, "no_longer_file", "what"
    EMPTY = RemarkKind.EMPTY, "empty"
    VANISHED = RemarkKind.VANISHED, "vanished"
    FILE_UNREADABLE = RemarkKind.UNREADABLE, "file_unreadable", "error"
    FOLDER_UNREADABLE = RemarkKind.UNREADABLE, "folder_unreadable", "error"
    BAD_TABLE = RemarkKind.BAD_TABLE, "bad_table", "fault", "way_out"
    """Both as the error has them that told of it."""
    SECOND_TABLE = RemarkKind.SECOND_TABLE, "second_table", "used"
    UNKNOWN_FIELD = RemarkKind.UNKNOWN_FIELD, "unknown_field", "place", "field", "fields"
    ROW_WITHOUT_FILE = RemarkKind.BAD_ROW, "row_without_file", "place"
    ROW_NO_OBJECT = RemarkKind.BAD_ROW, "row_no_object", "place"
    ROW_TOO_LONG = RemarkKind.BAD_ROW, "row_too_long", "place", "values", "columns"
    ROW_UNREADABLE = RemarkKind.BAD_ROW, "row_unreadable", "place", "error"
    QUOTE_OPEN = RemarkKind.BAD_ROW, "quote_open"
    VALUE_NO_TEXT = RemarkKind.BAD_VALUE, "value_no_text", "place", "field"
    """Neither a text nor a list of texts."""
    VALUE_EMPTY = RemarkKind.BAD_VALUE, "value_empty", "place", "field"
    """Nothing but characters that no text has."""
    VALUE_TOO_LONG = RemarkKind.BAD_VALUE, "value_too_long", "place", "field", "characters", "limit"
    VALUE_NO_ADDRESS = RemarkKind.BAD_VALUE, "value_no_address", "place", "field", "value"
    VALUE_NO_DATE = RemarkKind.BAD_VALUE, "value_no_date", "place", "field", "value"
    CLEANED = RemarkKind.CLEANED, "cleaned", "place", "field"
    ROW_REPEATED = RemarkKind.REPEATED, "row_repeated", "place", "name", "before"
    KEY_REPEATED = RemarkKind.REPEATED, "key_repeated", "key"
    UNMATCHED = RemarkKind.UNMATCHED, "unmatched", "place", "name"
    UNMATCHED_LIKE = RemarkKind.UNMATCHED, "unmatched_like", "place", "name", "like"
    UNMATCHED_FOLDER = RemarkKind.UNMATCHED, "unmatched_folder", "place", "name"


class RowKind(StrEnum):
    """How the rows of a file with metadata are counted."""

    LINE = "line"
    ENTRY = "entry"
    WHOLE = "whole"
    """The whole file is one object."""


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A row of a file with metadata."""

    kind: RowKind
    number: int = 0
    """1-based; 0 for the whole."""


RemarkDetail = str | int | RowPlace | PathKind


@dataclass(frozen=True, slots=True)
class AddRemark:
    """One thing that was left out, or that a person should look at."""

    oddity: Oddity
    path: str
    """As it is shown to a person: see pushcart.plain_files.shown."""
    detail: Mapping[str, RemarkDetail] = field(default_factory=dict)
    """By the names in `oddity.details`."""

    def __post_init__(self) -> None:
        if set(self.detail) != set(self.oddity.details):
            raise ValueError(f"a remark {self.oddity.value} has {self.oddity.details}, got {sorted(self.detail)}")

    @classmethod
    def of(cls, oddity: Oddity, path: str, **detail: RemarkDetail) -> AddRemark:
        """Return a remark with its details by name."""
        return cls(oddity, path, detail)

    @property
    def kind(self) -> RemarkKind:
        """Return what it is about."""
        return self.oddity.kind

    @property
    def is_failure(self) -> bool:
        """Return whether something was not read that should have been: `pushcart add` ends with exit code 1."""
        return self.kind in _FAILURES
