"""Every error that Pushcart raises on purpose.

PushcartError                 what a person can act on: a message, and what to do next
├── BadSettings               a setting is unknown or has a value that cannot be used
├── BadSource                 a source file cannot be read; names the file and the line
├── BadInput                  a file, folder, address or metadata table given by a person cannot be used
├── BadQuery                  a search cannot be understood; `.position` says where
├── BadVocabulary             a vocabulary file contradicts itself
├── NotAuthorised             a person with a token may do this alone; `.is_wrong` says whether a token came
├── Forbidden                 what came is not what our own form sends, so that it may be another site's doing
├── TooLarge                  a request is larger than anything that is requested
├── NotFound                  there is not a document, page, source or concept of that name
├── StoreBusy                 another process holds the database for longer than we wait
├── StoreUnavailable          the database cannot be opened or is of another version
├── FileMissing               bytes that the store promises are not in the file store
├── BadBackup                 a backup cannot be made, read or restored
├── Busy                      too much is asked at this moment; `.retry_seconds` says when to come back
│   └── AsksTooOften          one asker asks more often than it may
└── EngineUnavailable         the search index does not answer, is being rebuilt or cannot be read

A foreign error is translated into one of these where its library lives; programming errors pass untouched.
"""

from __future__ import annotations

from corpus.messages import in_language


class PushcartError(Exception):
    """Something went wrong that a person can act on."""

    def __init__(self, message: str, *, try_next: str = "", for_readers: str = "") -> None:
        super().__init__(message)
        self.for_readers = for_readers
        """What a stranger who reads the site is told instead, because the message names machines, folders or settings;
        empty: the message itself."""
        self.message = message
        """What happened, and to which thing: one plain sentence."""
        self.try_next = try_next
        """What to do about it: one plain sentence, empty when there is nothing to do."""

    def __str__(self) -> str:
        return f"{self.message} {self.try_next}".strip()

    def in_language(self, lang: str) -> str:
        """Return message and advice in a language, as far as they are sentences that are translated."""
        return f"{in_language(self.message, lang)} {in_language(self.try_next, lang)}".strip()


class BadSettings(PushcartError):
    """A setting is unknown or has a value that cannot be used."""


class BadSource(PushcartError):
    """A source file cannot be read."""


class BadInput(PushcartError):
    """What a person gave (file, folder, address, metadata) cannot be used."""


class BadQuery(PushcartError):
    """A search cannot be understood."""

    def __init__(self, message: str, *, try_next: str = "", position: int | None = None, parameter: str = "q") -> None:
        super().__init__(message, try_next=try_next)
        self.position = position
        """0-based character in the text of the query; None when the fault is not in the text."""
        self.parameter = parameter
        """Which parameter of the search is at fault."""


class BadVocabulary(PushcartError):
    """A vocabulary file contradicts itself."""


class NotAuthorised(PushcartError):
    """Only a person with a token may do this."""

    def __init__(self, message: str, *, try_next: str = "", is_wrong: bool = False) -> None:
        super().__init__(message, try_next=try_next)
        self.is_wrong = is_wrong
        """True: a token came and it does not count; False: none came."""


class Forbidden(PushcartError):
    """A form that is not ours, or not of this session, asks for a change."""


class TooLarge(PushcartError):
    """A request is larger than anything that is requested."""


class NotFound(PushcartError):
    """There is not a document, page, source or concept of that name."""


class StoreBusy(PushcartError):
    """Another process holds the database for longer than we wait."""


class StoreUnavailable(PushcartError):
    """The database cannot be opened, or is of another version."""


class FileMissing(PushcartError):
    """Bytes that the store promises are not in the file store."""


class BadBackup(PushcartError):
    """A backup cannot be made, read or restored."""


class Busy(PushcartError):
    """Too much is asked at this moment, by everyone together."""

    def __init__(self, message: str, *, retry_seconds: int, try_next: str = "") -> None:
        super().__init__(message, try_next=try_next)
        self.retry_seconds = retry_seconds
        """Whole seconds after which asking again makes sense, 1 or more."""


class AsksTooOften(Busy):
    """One asker asks more often than it may."""


class EngineUnavailable(PushcartError):
    """The search index does not answer, is being rebuilt or cannot be read."""
